// What one type has to land now: reads its records, cuts them by hour, and decides which files they become, changing nothing yet.
import type { StoredRecord } from '@rondo/event-log'
import { HOUR_MS, startOfHour } from '@rondo/time'
import type { Flow, Room } from '../room.ts'
import { isPacked, type Bucket, type BucketFile } from '../store/bucket-store.ts'
import { eventsTopic } from '../topics.ts'
import { readRecords } from './read-records.ts'

const MAX_ROWS_A_ROUND = 50_000
/** A bucket of several files up to this size, and up to `landBytes`, becomes one file when it closes. */
const MERGE_ROWS = 200_000

/** At most so many rows of a type and hour go into a file that types share. */
export const PACKED_ROWS = 2_000

/** What one hour of one type becomes: `kept` files stay, `records` become one more. */
export type Draft = {
  startMs: number
  before: Bucket | undefined
  closing: boolean
  rows: number
  kept: BucketFile[]
  records: StoredRecord[]
  /** Those from this one on are in no file yet. */
  fresh: number
  /** Keys of files whose rows are in `records`. */
  replaced: string[]
  /** `records` are written only if they can share a file; else this file stays. */
  otherwise?: BucketFile
  lagMs: number
}

export type FlowLanding = { flow: Flow; nextOffset: number; rows: number; drafts: Draft[] }

/** `mayPack`: so many types land now that the small ones may share files. */
export async function prepareLanding(room: Room, flow: Flow, open: Bucket[], nowMs: number, watermarkMs: number, mayPack: boolean): Promise<FlowLanding> {
  const { end } = flow
  const topic = eventsTopic(flow.type.name)
  const records = await readRecords(room, topic, flow.landed, Math.min(end, flow.landed + MAX_ROWS_A_ROUND), room.landBytes)
  const nextOffset = (records.at(-1)?.offset ?? flow.landed - 1) + 1
  const [left] = nextOffset < end ? await readRecords(room, topic, nextOffset, nextOffset + 1) : []
  const groups = cutByHour(records)
  const known = new Map(open.map((bucket) => [bucket.startMs, bucket]))
  const hours = [...new Set([...known.keys(), ...groups.keys()])].flatMap((startMs): Hour[] => {
    const closing = startMs + HOUR_MS <= watermarkMs && (left === undefined || left.timestampMs >= startMs + HOUR_MS)
    const group = groups.get(startMs) ?? []
    return group.length === 0 && !closing ? [] : [{ startMs, bucket: known.get(startMs), group, closing, nowMs }]
  })
  return { flow, nextOffset, rows: records.length, drafts: await Promise.all(hours.map((hour) => prepareHour(room, topic, hour, mayPack))) }
}

type Hour = { startMs: number; bucket: Bucket | undefined; group: StoredRecord[]; closing: boolean; nowMs: number }

async function prepareHour(room: Room, topic: string, { startMs, bucket, group, closing, nowMs }: Hour, mayPack: boolean): Promise<Draft> {
  const files = bucket?.files ?? []
  const rows = (bucket?.rows ?? 0) + group.length
  const draft: Draft = { startMs, before: bucket, closing, rows, kept: files, records: group, fresh: 0, replaced: [], lagMs: Math.max(bucket?.lagMs ?? 0, group[0] === undefined ? 0 : nowMs - group[0].timestampMs) }
  const [first] = files
  const last = files.at(-1)
  if (!closing || first === undefined || last === undefined) return draft
  const merges = files.length + (group.length > 0 ? 1 : 0) > 1 && rows <= MERGE_ROWS
  const repacks = mayPack && group.length === 0 && files.length === 1 && rows <= PACKED_ROWS && !isPacked(first)
  if (!merges && !repacks) return draft
  const earlier = await readRecords(room, topic, first.from, last.to, room.landBytes - sumBytes(group))
  // Fewer when the log keeps them no longer, or when they are too large to be merged.
  if (earlier.length !== last.to - first.from) return draft
  return { ...draft, kept: [], records: [...earlier, ...group], fresh: earlier.length, replaced: files.map((file) => file.key), ...(repacks ? { otherwise: first } : {}) }
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
