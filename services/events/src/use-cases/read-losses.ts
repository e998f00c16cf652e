// What clients numbered and never arrived, by hour.
import { toIsoHour } from '@rondo/time'
import { parseHour } from '../parse-hour.ts'
import type { Room } from '../room.ts'
import { listLosses } from '../store/loss-store.ts'

export type LossOfHour = { hour: string; clients: number; numbered: number; lost: number; isWhole: boolean }

export async function readLosses(room: Room, from: string | undefined, to: string | undefined): Promise<LossOfHour[]> {
  const found = await listLosses(room.deps.relational, from === undefined ? 0 : parseHour(from, 'from'), to === undefined ? Number.MAX_SAFE_INTEGER : parseHour(to, 'to'))
  return found.map(({ startMs, ...loss }) => ({ hour: toIsoHour(startMs), ...loss }))
}
