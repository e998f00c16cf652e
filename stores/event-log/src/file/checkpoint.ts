// What was known of segments at some time, so that the next opening reads only what came after. Losing it costs time, nothing else.
import { crc32 } from 'node:zlib'
import { writeFileDurably, type FileSystem } from '@rondo/files'
import type { SegmentFacts } from './segment.ts'

/** By file name of the segment. */
export type Checkpoint = Map<string, SegmentFacts>

type Row = [name: string, salt: number, durableBytes: number, end: number, firstTimestampMs: number | null, maxTimestampMs: number | null]

const FORMAT = 1

/** Empty when there is none, or none that can be read. */
export async function readCheckpoint(fileSystem: FileSystem, path: string): Promise<Checkpoint> {
  if (!(await fileSystem.find(path))) return new Map()
  const file = await fileSystem.open(path, 'r')
  try {
    const bytes = Buffer.alloc(await file.size())
    await file.read(bytes, 0)
    return parse(bytes.toString())
  } finally {
    await file.close()
  }
}

export async function writeCheckpoint(fileSystem: FileSystem, path: string, checkpoint: Checkpoint): Promise<void> {
  const rows = Array.from(checkpoint, ([name, facts]): Row => [name, facts.salt, facts.durableBytes, facts.end, facts.firstTimestampMs ?? null, Number.isFinite(facts.maxTimestampMs) ? facts.maxTimestampMs : null])
  const json = JSON.stringify({ format: FORMAT, rows })
  await writeFileDurably(fileSystem, path, Buffer.from(`${crc32(json).toString(16).padStart(8, '0')} ${json}`))
}

function parse(text: string): Checkpoint {
  const json = text.slice(9)
  if (text.slice(0, 8) !== crc32(json).toString(16).padStart(8, '0')) return new Map()
  const { format, rows } = JSON.parse(json) as { format: number; rows: Row[] }
  if (format !== FORMAT) return new Map()
  return new Map(
    rows.map(([name, salt, durableBytes, end, firstTimestampMs, maxTimestampMs]) => [name, { salt, durableBytes, end, firstTimestampMs: firstTimestampMs ?? undefined, maxTimestampMs: maxTimestampMs ?? -Infinity }]),
  )
}
