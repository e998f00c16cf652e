// Our own events, one JSON object a line, as `rondo events read` prints them or a client wrote them.
import { basename } from 'node:path'
import { WireEvent } from '@rondo/events/contract'
import { Compile } from 'typebox/compile'
import type { ImportFormat } from './format.ts'
import { countLines, readLines } from './read-lines.ts'

export const json: ImportFormat = {
  name: 'json',
  expects: 'a file with one event of our own wire format a line: {"id","type","version","occurredAt","userId","properties"}',
  userPrefix: '',
  countLines,
  async *read(path) {
    for await (const { line, text } of readLines(path)) yield { file: basename(path), line, ...parse(text) }
  },
}

const wire = Compile(WireEvent)

/** What the envelope needs to be sent at all; the collector judges the rest. `rondo events read` writes null where there was nothing. */
function parse(text: string): { event: WireEvent } | { problem: string } {
  const value = parseJson(text)
  const event = Object.fromEntries(Object.entries(value ?? {}).filter(([, field]) => field !== null))
  if (typeof value !== 'object' || !('id' in event) || !('type' in event)) return { problem: `"${text.slice(0, 80)}" is not a JSON object with "id" and "type".` }
  if (wire.Check(event)) return { event }
  const [first] = wire.Errors(event)
  const field = first?.instancePath.slice(1) ?? ''
  return { problem: `"${field}" is ${JSON.stringify(event[field])?.slice(0, 80)}: it ${first?.message ?? 'cannot be read'}.` }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
