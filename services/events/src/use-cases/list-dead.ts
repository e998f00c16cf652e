// Dead letters of a type, newest first, without those that were replayed.
import type { StoredRecord } from '@rondo/event-log'
import { toIso } from '@rondo/time'
import type { DeadRow } from '../contract.ts'
import { readRecords } from '../landing/read-records.ts'
import type { Room } from '../room.ts'
import { listReplayed } from '../store/dead-store.ts'
import { getDead } from './get-flow.ts'
import { parseCursor, toCursor } from './read-events.ts'

/** Reasons are tallied over this many of the newest. */
const TALLIED = 5_000
const SHOWN_CHARACTERS = 4_096

export type ListDead = { type: string; after?: string | undefined; limit?: number | undefined }

export async function listDead(room: Room, { type, after, limit = 100 }: ListDead): Promise<{ rows: DeadRow[]; reasons: { reason: string; count: number }[]; next: string }> {
  const dead = getDead(room, type)
  const newest = await readDead(room, type, Math.max(0, dead.end - TALLIED), dead.end)
  const reasons = new Map<string, number>()
  for (const { headers } of newest) reasons.set(headers?.['g'] ?? 'unknown', (reasons.get(headers?.['g'] ?? 'unknown') ?? 0) + 1)
  let to = after === undefined ? dead.end : Math.max(0, parseCursor(after) - 1)
  const rows: DeadRow[] = []
  while (to > 0 && rows.length < limit) {
    const from = Math.max(0, to - Math.max(limit, 500))
    const page = to === dead.end && from >= dead.end - TALLIED ? newest.filter((record) => record.offset >= from) : await readDead(room, type, from, to)
    for (const record of page.reverse()) if (rows.length < limit) rows.push(toDeadRow(record))
    to = from
  }
  return { rows, reasons: [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count), next: rows.at(-1)?.cursor ?? toCursor(to + 1) }
}

/** Of offsets [from, to), those that are still dead. */
export async function readDead(room: Room, type: string, from: number, to: number): Promise<StoredRecord[]> {
  const dead = getDead(room, type)
  if (!dead.exists || to <= from) return []
  const replayed = dead.replayed === 0 ? new Set<number>() : await listReplayed(room.deps.relational, type, from, to)
  return (await readRecords(room, dead.topic, from, to)).filter((record) => !replayed.has(record.offset))
}

function toDeadRow({ value, headers = {}, timestampMs, offset }: StoredRecord): DeadRow {
  return {
    id: headers['i'] ?? null,
    type: headers['t'] ?? 'unknown',
    reason: headers['r'] ?? '',
    receivedAt: toIso(timestampMs),
    raw: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8').slice(0, SHOWN_CHARACTERS),
    cursor: toCursor(offset + 1),
  }
}
