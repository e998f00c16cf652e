// Attributes as people type them: `plan=premium age=24 beta=true`, with quotes around what holds blanks.

export type Parsed = { values: Record<string, string | number | boolean> } | { problem: string }

export function parseAttributes(text: string): Parsed {
  const values: Record<string, string | number | boolean> = {}
  for (const part of text.match(/(?:[^\s"]|"[^"]*")+/g) ?? []) {
    const at = part.indexOf('=')
    if (at <= 0) return { problem: `“${part}” is no pair: write name=value.` }
    values[part.slice(0, at)] = parseValue(part.slice(at + 1))
  }
  return { values }
}

function parseValue(text: string): string | number | boolean {
  if (/^".*"$/.test(text)) return text.slice(1, -1)
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}
