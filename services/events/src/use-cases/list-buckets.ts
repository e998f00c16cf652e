// Hourly buckets of a type, and up to where its hours are closed.
import { toIso } from '@rondo/time'
import type { BucketRow } from '../contract.ts'
import { findClosedUntil } from '../landing/landing-schedule.ts'
import { watermark, type Room } from '../room.ts'
import { listBuckets as findBuckets } from '../store/bucket-store.ts'
import { getFlow } from './get-flow.ts'

export async function listBuckets(room: Room, type: string, fromMs: number, toMs: number): Promise<{ rows: BucketRow[]; closedUntil: string }> {
  const flow = getFlow(room, type)
  // Before the rows are read: what closes meanwhile is then told next time, never a closed hour whose rows are missing.
  const closedUntilMs = findClosedUntil(flow, watermark(room))
  const buckets = await findBuckets(room.deps.relational, type, fromMs, toMs)
  return {
    rows: buckets.map((bucket) => ({
      hour: bucket.hour,
      state: bucket.state,
      rows: bucket.rows,
      late: bucket.late,
      version: bucket.version,
      files: bucket.files.map((file) => file.key),
      ...(bucket.files.some((file) => file.sealed !== undefined) ? { sealed: true } : {}),
      closedAt: bucket.closedAtMs === null ? null : toIso(bucket.closedAtMs),
    })),
    closedUntil: toIso(Math.max(0, closedUntilMs)),
  }
}
