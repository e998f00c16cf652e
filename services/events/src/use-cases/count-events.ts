// Where the accepted events are, from durable facts: accepted = delivered + duplicate + dead + in flight.
import { HOUR_MS, startOfHour } from '@rondo/time'
import type { CountRow } from '../contract.ts'
import { UNKNOWN_TYPE } from '../domain/read-wire-event.ts'
import { HOUSE, type DeadFlow, type Flow, type Room } from '../room.ts'
import { listHours, sumTallies } from '../store/bucket-store.ts'
import { listReplayed } from '../store/dead-store.ts'
import { PARTITION, eventsTopic } from '../topics.ts'
import { getDead } from './get-flow.ts'

/** Whole hours of receipt, [fromMs, toMs); both undefined: all of time. */
export type CountRange = { type?: string | undefined; fromMs?: number | undefined; toMs?: number | undefined }

export async function countEvents(room: Room, range: CountRange): Promise<CountRow[]> {
  if (range.type !== undefined) getDead(room, range.type)
  const names = range.type !== undefined ? [range.type] : [...[...room.flows.keys()].sort(), UNKNOWN_TYPE]
  const rows = range.fromMs === undefined && range.toMs === undefined ? await countAll(room, names) : await countRange(room, names, startOfHour(range.fromMs ?? 0), startOfHour((range.toMs ?? room.floorMs + HOUR_MS) + HOUR_MS - 1))
  return rows.filter((row) => row.type !== UNKNOWN_TYPE || row.accepted > 0 || range.type === UNKNOWN_TYPE)
}

async function countAll(room: Room, names: string[]): Promise<CountRow[]> {
  const folded = await sumTallies(room.deps.relational)
  return names.map((type) => {
    const flow = room.flows.get(type)
    const dead = flow?.dead ?? room.unknown
    return toRow(type, flow?.landedRows ?? 0, (folded.get(type)?.duplicates ?? 0) + countTail(room, type, -Infinity, Infinity), dead.end - dead.replayed, flow === undefined ? 0 : flow.end - flow.landed)
  })
}

async function countRange(room: Room, names: string[], fromMs: number, toMs: number): Promise<CountRow[]> {
  const hoursOf = Map.groupBy(await listHours(room.deps.relational, fromMs, toMs), (hour) => hour.type)
  return Promise.all(
    names.map(async (type) => {
      const flow = room.flows.get(type)
      const own = hoursOf.get(type) ?? []
      const delivered = own.reduce((sum, hour) => sum + hour.rows, 0)
      const duplicates = own.reduce((sum, hour) => sum + hour.duplicates, 0) + countTail(room, type, fromMs, toMs)
      return toRow(type, delivered, duplicates, await countDead(room, type, flow?.dead ?? room.unknown, fromMs, toMs), flow === undefined ? 0 : await countInFlight(room, flow, fromMs, toMs))
    }),
  )
}

function toRow(type: string, delivered: number, duplicate: number, dead: number, inFlight: number): CountRow {
  return { type, accepted: delivered + duplicate + dead + inFlight, delivered, duplicate, dead, inFlight }
}

/** Duplicates of receipts that are not folded yet. */
function countTail(room: Room, type: string, fromMs: number, toMs: number): number {
  let sum = 0
  for (const [key, tally] of room.tail) {
    const cut = key.lastIndexOf('|')
    const startMs = Number(key.slice(cut + 1))
    if (key.slice(0, cut) === type && startMs >= fromMs && startMs < toMs) sum += tally.duplicates
  }
  return sum
}

/** Durable events of these hours that are in no bucket yet. */
export async function countInFlight(room: Room, flow: Flow, fromMs: number, toMs: number): Promise<number> {
  if (flow.end <= flow.landed || flow.firstUnlandedMs >= toMs || flow.lastEventMs < fromMs) return 0
  const topic = eventsTopic(flow.type.name)
  const find = (timestampMs: number): Promise<number> => room.deps.eventLog.findOffset({ topic, partition: PARTITION, timestampMs }, HOUSE)
  const from = fromMs <= flow.firstUnlandedMs ? flow.landed : await find(fromMs)
  const to = toMs > flow.lastEventMs ? flow.end : await find(toMs)
  return Math.max(0, to - Math.max(from, flow.landed))
}

async function countDead(room: Room, type: string, dead: DeadFlow, fromMs: number, toMs: number): Promise<number> {
  if (!dead.exists) return 0
  const find = (timestampMs: number): Promise<number> => room.deps.eventLog.findOffset({ topic: dead.topic, partition: PARTITION, timestampMs }, HOUSE)
  const [from, to] = await Promise.all([find(fromMs), find(toMs)])
  const replayed = dead.replayed === 0 ? 0 : (await listReplayed(room.deps.relational, type, from, to)).size
  return to - from - replayed
}
