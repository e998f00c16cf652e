// The lines of a queue file: what was added, what is done. Whole lines count; a torn one is skipped.
//
//   file   ← line*
//   line   ← JSON "\n"
//   JSON   ← {"sequence": N} | {"add": event} | {"done": [id, …]}
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isEvent } from '../is-event.ts'
import type { WireEvent } from '../types.ts'

export type QueueFile = { sequence: number; unsent: Map<string, WireEvent> }

type Line = { sequence?: number; add?: WireEvent; done?: string[] }

export function readQueueFile(path: string): QueueFile {
  const file: QueueFile = { sequence: 0, unsent: new Map() }
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    const { sequence, add, done } = readLine(text)
    file.sequence = Math.max(file.sequence, sequence ?? add?.context?.client?.sequence ?? 0)
    if (add !== undefined) file.unsent.set(add.id, add)
    for (const id of done ?? []) file.unsent.delete(id)
  }
  return file
}

/** A file that holds only what still waits; it is there whole or not at all. Returns its size, bytes. */
export function writeQueueFile(path: string, { sequence, unsent }: QueueFile): number {
  const text = [{ sequence }, ...[...unsent.values()].map((add) => ({ add }))].map(writeLine).join('')
  const fd = openSync(`${path}.tmp`, 'w')
  try {
    writeFileSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(`${path}.tmp`, path)
  return Buffer.byteLength(text)
}

export const writeLine = (line: Line): string => `${JSON.stringify(line)}\n`

/** Of what is no such line, nothing. */
function readLine(text: string): Line {
  try {
    const { sequence, add, done } = JSON.parse(text) as Line
    return { ...(Number.isSafeInteger(sequence) && { sequence }), ...(isEvent(add) && { add }), ...(Array.isArray(done) && { done }) }
  } catch {
    return {}
  }
}
