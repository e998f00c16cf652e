// Where a command speaks: data to standard output, everything else to standard error, colour and progress only for people.
import { createInterface } from 'node:readline/promises'
import { AppError } from '@rondo/errors'
import { toTable } from './table.ts'

export type Terminal = {
  json: boolean
  /** Whether `progress` is seen. */
  live: boolean
  /** Data. */
  out(text: string): void
  /** Words about the work. */
  say(text: string): void
  /** A line that is overwritten by the next; nothing when standard error is no terminal. */
  progress(text: string): void
  /** Data as a table, cut to the width of a terminal and whole elsewhere, or `{"rows": […]}` with --json. */
  rows(rows: Record<string, unknown>[], columns?: string[]): void
  object(value: Record<string, unknown>, text: () => string): void
  /** Somebody sits at both ends. */
  canAsk: boolean
  /** A line typed by a person. */
  ask(question: string): Promise<string>
  fail(error: AppError): void
  dim(text: string): string
  bold(text: string): string
}

export function createTerminal(json: boolean, stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream, stdin: NodeJS.ReadStream): Terminal {
  const colour = stderr.isTTY === true && process.env['NO_COLOR'] === undefined
  let open = false
  const clear = (): void => {
    if (open) stderr.write('\r\u001b[2K')
    open = false
  }
  return {
    json,
    live: stderr.isTTY === true,
    out: (text) => void stdout.write(`${text}\n`),
    say(text) {
      clear()
      stderr.write(`${text}\n`)
    },
    progress(text) {
      if (stderr.isTTY !== true) return
      clear()
      stderr.write(text.slice(0, (stderr.columns || 80) - 1))
      open = true
    },
    rows(rows, columns) {
      clear()
      if (json) stdout.write(`${JSON.stringify({ rows })}\n`)
      else stdout.write(rows.length === 0 ? 'nothing\n' : toTable(rows, columns ?? Object.keys(rows[0] ?? {}), stdout.isTTY === true ? stdout.columns || 80 : undefined))
    },
    object(value, text) {
      clear()
      stdout.write(json ? `${JSON.stringify(value)}\n` : `${text()}\n`)
    },
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    async ask(question) {
      clear()
      const lines = createInterface({ input: stdin, output: stderr })
      try {
        return await lines.question(question)
      } finally {
        lines.close()
      }
    },
    fail(error) {
      clear()
      if (json) stderr.write(`${JSON.stringify({ code: error.code, message: error.message, details: error.details, help: error.help })}\n`)
      else stderr.write(`${error.message}${error.help === undefined ? '' : `\n  ${error.help}`}\n${colour ? `\u001b[2m  (${error.code})\u001b[0m` : `  (${error.code})`}\n`)
    },
    dim: (text) => (colour ? `\u001b[2m${text}\u001b[0m` : text),
    bold: (text) => (colour ? `\u001b[1m${text}\u001b[0m` : text),
  }
}

/** Exit code of an error: 2 for wrong use, 1 for all else. */
export function toExitCode(error: AppError): number {
  return error.code === 'USAGE' ? 2 : 1
}
