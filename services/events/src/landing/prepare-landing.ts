// What one type has to land now: reads its records, cuts them by hour, and makes the files, changing nothing yet.
import { createHash } from 'node:crypto'
import type { StoredRecord } from '@rondo/event-log'
import { HOUR_MS, startOfHour, toIsoHour } from '@rondo/time'
import type { Flow, Room } from '../room.ts'
import type { Bucket, BucketFile } from '../store/bucket-store.ts'
import { PARTITION, eventsTopic } from '../topics.ts'
import { packRecords } from './packed-events.ts'
import { readRecords } from './read-records.ts'

const MAX_ROWS_A_ROUND = 50_000
/** A bucket of several files up to this size, and up to `landBytes`, becomes one file when it closes. */
const MERGE_ROWS = 200_000

export type NewObject = { key: string; bytes: Uint8Array }

export type FlowLanding = {
  flow: Flow
  nextOffset: number
  rows: number
  buckets: Bucket[]
  objects: NewObject[]
  /** Keys of files that a merge replaced. */
  replaced: string[]
}

export async function prepareLanding(room: Room, flow: Flow, open: Bucket[], nowMs: number, watermarkMs: number): Promise<FlowLanding> {
  const { end } = flow
  const topic = eventsTopic(flow.type.name)
  const records = await readRecords(room, topic, flow.landed, Math.min(end, flow.landed + MAX_ROWS_A_ROUND), room.landBytes)
  const nextOffset = (records.at(-1)?.offset ?? flow.landed - 1) + 1
  const [left] = nextOffset < end ? await readRecords(room, topic, nextOffset, nextOffset + 1) : []
  const landing: FlowLanding = { flow, nextOffset, rows: records.length, buckets: [], objects: [], replaced: [] }
  const groups = cutByHour(records)
  const known = new Map(open.map((bucket) => [bucket.startMs, bucket]))
  const hours = [...new Set([...known.keys(), ...groups.keys()])].flatMap((startMs): Hour[] => {
    const closing = startMs + HOUR_MS <= watermarkMs && (left === undefined || left.timestampMs >= startMs + HOUR_MS)
    const group = groups.get(startMs) ?? []
    return group.length === 0 && !closing ? [] : [{ startMs, bucket: known.get(startMs), group, closing, nowMs }]
  })
  landing.buckets = await Promise.all(hours.map((hour) => prepareBucket(room, landing, hour)))
  return landing
}

type Hour = { startMs: number; bucket: Bucket | undefined; group: StoredRecord[]; closing: boolean; nowMs: number }

async function prepareBucket(room: Room, landing: FlowLanding, { startMs, bucket, group, closing, nowMs }: Hour): Promise<Bucket> {
  const { type } = landing.flow
  let files = bucket?.files ?? []
  const rows = (bucket?.rows ?? 0) + group.length
  const merges = closing && files.length + (group.length > 0 ? 1 : 0) > 1 && rows <= MERGE_ROWS
  const first = files[0]
  const last = files.at(-1)
  if (merges && first !== undefined && last !== undefined) {
    const earlier = await readRecords(room, eventsTopic(type.name), first.from, last.to, room.landBytes - sumBytes(group))
    // Fewer when the log keeps them no longer, or when they are too large to be merged.
    if (earlier.length === last.to - first.from) {
      landing.replaced.push(...files.map((file) => file.key))
      files = [await makeFile(room, landing, startMs, [...earlier, ...group])]
    } else if (group.length > 0) files = [...files, await makeFile(room, landing, startMs, group)]
  } else if (group.length > 0) files = [...files, await makeFile(room, landing, startMs, group)]
  return {
    type: type.name,
    hour: toIsoHour(startMs),
    startMs,
    state: closing ? 'closed' : 'open',
    rows,
    late: files.reduce((sum, file) => sum + file.late, 0),
    version: computeVersion(files),
    files,
    lagMs: Math.max(bucket?.lagMs ?? 0, group[0] === undefined ? 0 : nowMs - group[0].timestampMs),
    closedAtMs: closing ? nowMs : null,
  }
}

async function makeFile(room: Room, landing: FlowLanding, startMs: number, records: StoredRecord[]): Promise<BucketFile> {
  const { type } = landing.flow
  const { bytes, ...facts } = await room.buckets.write(type.columns, startMs, packRecords(records))
  const from = (records[0] as StoredRecord).offset
  const to = (records.at(-1) as StoredRecord).offset + 1
  // A folder a day: a folder an hour would cost three disk syncs a type and hour.
  const [day, hour] = toIsoHour(startMs).split('T')
  const key = `events/${type.name}/day=${day}/hour=${hour}-${PARTITION}-${from}-${to}.parquet`
  landing.objects.push({ key, bytes })
  return { key, ...facts, from, to, sizeBytes: bytes.byteLength }
}

function cutByHour(records: StoredRecord[]): Map<number, StoredRecord[]> {
  const groups = new Map<number, StoredRecord[]>()
  let group: StoredRecord[] = []
  let endMs = -Infinity
  for (const record of records) {
    if (record.timestampMs >= endMs) {
      const startMs = startOfHour(record.timestampMs)
      endMs = startMs + HOUR_MS
      group = []
      groups.set(startMs, group)
    }
    group.push(record)
  }
  return groups
}

function sumBytes(records: StoredRecord[]): number {
  return records.reduce((sum, { value }) => sum + value.byteLength, 0)
}

function computeVersion(files: BucketFile[]): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file.sha256)
  return hash.digest('hex').slice(0, 16)
}
