// What a checker of ours reports: a place, what is wrong there, and what to do.

export type Violation = { file: string; line: number; column: number; rule: string; message: string }

export function formatViolation(violation: Violation): string {
  return `${violation.file}:${violation.line}:${violation.column}  ${violation.message}  [${violation.rule}]`
}
