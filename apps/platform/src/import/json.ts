// Our own events, one JSON object a line, as `rondo events read` prints them or a client wrote them.
import { basename } from 'node:path'
import type { WireEvent } from '@rondo/events/contract'
import type { ImportFormat } from './format.ts'
import { countLines, readLines } from './read-lines.ts'

export const json: ImportFormat = {
  name: 'json',
  expects: 'a file with one event of our own wire format a line: {"id","type","version","occurredAt","userId","properties"}',
  userPrefix: '',
  countLines,
  async *read(path) {
    for await (const { line, text } of readLines(path)) {
      if (text.trim() === '') continue
      const at = { file: basename(path), line }
      const event = parse(text)
      if (event === undefined) yield { ...at, problem: `"${text.slice(0, 80)}" is not a JSON object with "id" and "type".` }
      else yield { ...at, event }
    }
  },
}

/** The collector judges the rest; here only what is needed to send it. `rondo events read` writes null where there was nothing. */
function parse(text: string): WireEvent | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('id' in value) || !('type' in value)) return undefined
    return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)) as WireEvent
  } catch {
    return undefined
  }
}
