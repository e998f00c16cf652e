// Accounts of closed hours in the database.
import type { Relational } from '@rondo/relational'
import type { Kysely, Selectable } from 'kysely'
import type { EventsDb } from './tables.ts'

/** Of one type and hour, which begins at `startMs`. */
export type Report = {
  type: string
  startMs: number
  delivered: number
  duplicate: number
  dead: number
  inFlight: number
  landed: number
  late: number
  version: string
  closedAtMs: number
}

/** What landing knows of an hour that closes; duplicates and dead letters are in `hour_tallies`. */
export type ClosedHour = Omit<Report, 'duplicate' | 'dead'>

/** Within the transaction that closes the hours, when their tallies are all folded. A restated hour gets a new account. */
export async function insertReports(tx: Kysely<EventsDb>, hours: ClosedHour[]): Promise<void> {
  for (let at = 0; at < hours.length; at += 500) {
    const some = hours.slice(at, at + 500)
    const starts = [...new Set(some.map(({ startMs }) => startMs))]
    const tallies = await tx.selectFrom('hour_tallies').selectAll().where('start_ms', 'in', starts).execute()
    const byHour = new Map(tallies.map((row) => [`${row.type}|${Number(row.start_ms)}`, row]))
    const values = some.map((hour): EventsDb['hour_reports'] => {
      const tally = byHour.get(`${hour.type}|${hour.startMs}`)
      const { type, startMs, delivered, inFlight, landed, late, version, closedAtMs } = hour
      return { type, start_ms: startMs, delivered, duplicate: Number(tally?.duplicates ?? 0), dead: Number(tally?.dead ?? 0), in_flight: inFlight, landed, late, version, closed_at: closedAtMs }
    })
    await tx
      .insertInto('hour_reports')
      .values(values)
      .onConflict((conflict) =>
        conflict.columns(['start_ms', 'type']).doUpdateSet((e) => ({
          delivered: e.ref('excluded.delivered'),
          duplicate: e.ref('excluded.duplicate'),
          dead: e.ref('excluded.dead'),
          in_flight: e.ref('excluded.in_flight'),
          landed: e.ref('excluded.landed'),
          late: e.ref('excluded.late'),
          version: e.ref('excluded.version'),
          closed_at: e.ref('excluded.closed_at'),
        })),
      )
      .execute()
  }
}

/** Hours [fromMs, toMs) in which nothing was delivered, but something was a duplicate or dead. */
export async function insertEmptyReports(tx: Kysely<EventsDb>, fromMs: number, toMs: number, nowMs: number): Promise<void> {
  const rows = await tx
    .selectFrom('hour_tallies')
    .leftJoin('hour_reports', (join) => join.onRef('hour_reports.type', '=', 'hour_tallies.type').onRef('hour_reports.start_ms', '=', 'hour_tallies.start_ms'))
    .leftJoin('buckets', (join) => join.onRef('buckets.type', '=', 'hour_tallies.type').onRef('buckets.start_ms', '=', 'hour_tallies.start_ms'))
    .select(['hour_tallies.type', 'hour_tallies.start_ms'])
    .where('hour_tallies.start_ms', '>=', fromMs)
    .where('hour_tallies.start_ms', '<', toMs)
    .where('hour_reports.type', 'is', null)
    .where('buckets.type', 'is', null)
    .execute()
  await insertReports(tx, rows.map((row) => ({ type: row.type, startMs: Number(row.start_ms), delivered: 0, inFlight: 0, landed: 0, late: 0, version: '', closedAtMs: nowMs })))
}

/** Newest hour first, types by name within it; those behind `after`. */
export async function listReports(relational: Relational<EventsDb>, range: { type?: string | undefined; fromMs: number; toMs: number }, after: { startMs: number; type: string } | undefined, limit: number): Promise<Report[]> {
  let query = relational.db.selectFrom('hour_reports').selectAll().where('start_ms', '>=', range.fromMs).where('start_ms', '<', range.toMs)
  if (range.type !== undefined) query = query.where('type', '=', range.type)
  if (after !== undefined) query = query.where((e) => e.or([e('start_ms', '<', after.startMs), e.and([e('start_ms', '=', after.startMs), e('type', '>', after.type)])]))
  return (await query.orderBy('start_ms', 'desc').orderBy('type').limit(limit).execute()).map(toReport)
}

function toReport(row: Selectable<EventsDb['hour_reports']>): Report {
  return {
    type: row.type,
    startMs: Number(row.start_ms),
    delivered: Number(row.delivered),
    duplicate: Number(row.duplicate),
    dead: Number(row.dead),
    inFlight: Number(row.in_flight),
    landed: Number(row.landed),
    late: Number(row.late),
    version: row.version,
    closedAtMs: Number(row.closed_at),
  }
}
