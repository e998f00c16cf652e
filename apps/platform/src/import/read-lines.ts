// Lines of a text file with their numbers; Windows line ends and byte order marks do not count, and empty lines are none.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { errors } from '../errors.ts'

export type Line = { line: number; text: string }

export async function* readLines(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): AsyncIterable<Line> {
  const found = await stat(path).catch((cause: unknown) => {
    throw errors.unreadable({ file: path, reason: cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause) }, cause)
  })
  if (found.isDirectory()) throw errors.unreadable({ file: path, reason: 'it is a folder' })
  let line = 0
  for await (const text of createInterface({ input: createReadStream(path, { encoding }), crlfDelay: Infinity })) {
    line += 1
    const plain = line === 1 ? text.replace(/^\uFEFF/, '') : text
    if (plain.trim() !== '') yield { line, text: plain }
  }
}

/** As many as `readLines` gives. */
export async function countLines(path: string): Promise<number> {
  let count = 0
  for await (const _ of readLines(path, 'latin1')) count += 1
  return count
}
