// Sums over many hours of many types, made where the rows lie: a house of 1,800 types has 345,000 hours a week.
import type { Relational } from '@rondo/relational'
import { sql } from 'kysely'
import type { EventsDb } from './tables.ts'

export type HourRow = { type: string; startMs: number; rows: number; isClosed: boolean }

/** Of hours with rows that begin in [fromMs, toMs). */
export async function listHourRows(relational: Relational<EventsDb>, fromMs: number, toMs: number): Promise<HourRow[]> {
  const rows = await relational.db.selectFrom('buckets').select(['type', 'start_ms', 'rows', 'state']).where('start_ms', '>=', fromMs).where('start_ms', '<', toMs).execute()
  return rows.map((row) => ({ type: row.type, startMs: Number(row.start_ms), rows: Number(row.rows), isClosed: row.state === 'closed' }))
}

/** Rows of open buckets. */
export async function listOpenRows(relational: Relational<EventsDb>): Promise<{ type: string; startMs: number; rows: number }[]> {
  const rows = await relational.db.selectFrom('buckets').select(['type', 'start_ms', 'rows']).where('state', '=', 'open').execute()
  return rows.map((row) => ({ type: row.type, startMs: Number(row.start_ms), rows: Number(row.rows) }))
}

export type HourSum = { startMs: number; rows: number; duplicates: number; dead: number; lagMs: number | null }

/** All types together, or one, by hour, hours that begin in [fromMs, toMs); hours with nothing are absent. */
export async function sumByHour(relational: Relational<EventsDb>, type: string | undefined, fromMs: number, toMs: number): Promise<HourSum[]> {
  let landed = relational.db.selectFrom('buckets').select((e) => ['start_ms', e.fn.sum('rows').as('rows'), e.fn.max('lag_ms').as('lag')]).where('start_ms', '>=', fromMs).where('start_ms', '<', toMs)
  let tallied = relational.db.selectFrom('hour_tallies').select((e) => ['start_ms', e.fn.sum('duplicates').as('duplicates'), e.fn.sum('dead').as('dead')]).where('start_ms', '>=', fromMs).where('start_ms', '<', toMs)
  if (type !== undefined) {
    landed = landed.where('type', '=', type)
    tallied = tallied.where('type', '=', type)
  }
  const hours = new Map<number, HourSum>()
  for (const row of await landed.groupBy('start_ms').execute()) hours.set(Number(row.start_ms), { startMs: Number(row.start_ms), rows: Number(row.rows), duplicates: 0, dead: 0, lagMs: Number(row.lag) })
  for (const row of await tallied.groupBy('start_ms').execute()) {
    const startMs = Number(row.start_ms)
    hours.set(startMs, { ...(hours.get(startMs) ?? { startMs, rows: 0, lagMs: null }), duplicates: Number(row.duplicates), dead: Number(row.dead) })
  }
  return [...hours.values()]
}

/** By type, over hours that begin in [fromMs, toMs). */
export async function sumTalliesOf(relational: Relational<EventsDb>, fromMs: number, toMs: number): Promise<Map<string, { duplicates: number; dead: number; firstDeadMs: number | null }>> {
  const rows = await relational.db
    .selectFrom('hour_tallies')
    .select((e) => ['type', e.fn.sum('duplicates').as('duplicates'), e.fn.sum('dead').as('dead'), sql<number | null>`min(case when dead > 0 then start_ms end)`.as('first')])
    .where('start_ms', '>=', fromMs)
    .where('start_ms', '<', toMs)
    .groupBy('type')
    .execute()
  return new Map(rows.map((row) => [row.type, { duplicates: Number(row.duplicates), dead: Number(row.dead), firstDeadMs: row.first === null ? null : Number(row.first) }]))
}

export type AccountSum = { hours: number; delivered: number; landed: number; inFlight: number; /** Closed hours whose account does not add up, and by how many in all, whatever the sign. */ wrongHours: number; wrong: number }

/** Kept accounts by type, hours that begin in [fromMs, toMs). */
export async function sumReports(relational: Relational<EventsDb>, fromMs: number, toMs: number): Promise<Map<string, AccountSum>> {
  const difference = sql<number>`delivered - landed - in_flight`
  const rows = await relational.db
    .selectFrom('hour_reports')
    .select((e) => ['type', e.fn.countAll().as('hours'), e.fn.sum('delivered').as('delivered'), e.fn.sum('landed').as('landed'), e.fn.sum('in_flight').as('flight'), sql<number>`sum(abs(${difference}))`.as('wrong'), sql<number>`sum(case when ${difference} <> 0 then 1 else 0 end)`.as('wrongHours')])
    .where('start_ms', '>=', fromMs)
    .where('start_ms', '<', toMs)
    .groupBy('type')
    .execute()
  return new Map(rows.map((row) => [row.type, { hours: Number(row.hours), delivered: Number(row.delivered), landed: Number(row.landed), inFlight: Number(row.flight), wrongHours: Number(row.wrongHours), wrong: Number(row.wrong) }]))
}
