// Buckets, landing positions and hourly tallies in the database.
import { createHash } from 'node:crypto'
import type { Ctx } from '@rondo/context'
import type { Relational } from '@rondo/relational'
import type { Kysely, Selectable } from 'kysely'
import { insertLosses, type Loss } from './loss-store.ts'
import { insertEmptyReports, insertReports, type ClosedHour } from './report-store.ts'
import type { EventsDb } from './tables.ts'

export type BucketFile = {
  key: string
  rows: number
  late: number
  /** Rows with something sealed; absent when there are none. */
  sealed?: number
  /** Log offsets [from, to). */
  from: number
  to: number
  minOccurredMs: number
  maxOccurredMs: number
  sha256: string
  sizeBytes: number
  /** Smallest and largest id, by code units. */
  minId?: string
  maxId?: string
}

/** Types share the files below; see write-packed-file.ts. */
export const PACKED_FOLDER = 'events/packed/'

export function isPacked({ key }: { key: string }): boolean {
  return key.startsWith(PACKED_FOLDER)
}

export type Bucket = {
  type: string
  hour: string
  startMs: number
  state: 'open' | 'closed'
  rows: number
  late: number
  /** Of the content that landed: it stays when retention takes the files. */
  version: string
  files: BucketFile[]
  lagMs: number
  closedAtMs: number | null
}

/** Changes exactly when the bytes do. */
export function computeVersion(files: BucketFile[]): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file.sha256)
  return hash.digest('hex').slice(0, 16)
}

export type LandingCommit = {
  positions: { type: string; nextOffset: number }[]
  buckets: Bucket[]
  /** Tallies to add, by `type|startMs`. */
  tallies: Map<string, { duplicates: number; dead: number }>
  receiptsFolded: number
  garbage: { key: string; deleteAfterMs: number }[]
  /** Hours that close with this. */
  closed: ClosedHour[]
  /** Hours [fromMs, toMs) that have ended for every type: those without a bucket get their account too. */
  ended: { fromMs: number; toMs: number; nowMs: number; losses: Loss[] } | undefined
}

/** Files, positions and tallies change together or not at all: this is what makes a landing happen once. */
export async function commitLanding(relational: Relational<EventsDb>, commit: LandingCommit, ctx: Ctx): Promise<void> {
  await relational.transaction(async (tx) => {
    if (commit.positions.length > 0) {
      await tx
        .insertInto('landing')
        .values(commit.positions.map(({ type, nextOffset }) => ({ type, next_offset: nextOffset })))
        .onConflict((conflict) => conflict.column('type').doUpdateSet((e) => ({ next_offset: e.ref('excluded.next_offset') })))
        .execute()
    }
    // In runs, because engines limit the parameters of one statement.
    for (let at = 0; at < commit.buckets.length; at += 500) {
      await tx
        .insertInto('buckets')
        .values(commit.buckets.slice(at, at + 500).map(toRow))
        .onConflict((conflict) =>
          conflict.columns(['type', 'start_ms']).doUpdateSet((e) => ({
            state: e.ref('excluded.state'),
            rows: e.ref('excluded.rows'),
            late: e.ref('excluded.late'),
            version: e.ref('excluded.version'),
            files: e.ref('excluded.files'),
            lag_ms: e.ref('excluded.lag_ms'),
            closed_at: e.ref('excluded.closed_at'),
          })),
        )
        .execute()
    }
    if (commit.tallies.size > 0) {
      await tx
        .insertInto('hour_tallies')
        .values([...commit.tallies].map(([key, tally]) => ({ type: key.slice(0, key.lastIndexOf('|')), start_ms: Number(key.slice(key.lastIndexOf('|') + 1)), ...tally })))
        .onConflict((conflict) =>
          conflict.columns(['type', 'start_ms']).doUpdateSet((e) => ({
            duplicates: e('hour_tallies.duplicates', '+', e.ref('excluded.duplicates')),
            dead: e('hour_tallies.dead', '+', e.ref('excluded.dead')),
          })),
        )
        .execute()
    }
    if (commit.tallies.size > 0 || commit.receiptsFolded > 0) {
      await tx
        .insertInto('progress')
        .values({ name: 'receipts', value: commit.receiptsFolded })
        .onConflict((conflict) => conflict.column('name').doUpdateSet((e) => ({ value: e.ref('excluded.value') })))
        .execute()
    }
    await insertGarbage(tx, commit.garbage)
    await insertReports(tx, commit.closed)
    if (commit.ended !== undefined) {
      await insertLosses(tx, commit.ended.losses)
      await insertEmptyReports(tx, commit.ended.fromMs, commit.ended.toMs, commit.ended.nowMs)
      await tx.insertInto('progress').values({ name: 'reported', value: commit.ended.toMs }).onConflict((conflict) => conflict.column('name').doUpdateSet((e) => ({ value: e.ref('excluded.value') }))).execute()
    }
  }, ctx)
}

async function insertGarbage(tx: Kysely<EventsDb>, garbage: LandingCommit['garbage']): Promise<void> {
  if (garbage.length === 0) return
  await tx
    .insertInto('garbage')
    .values([...new Map(garbage.map(({ key, deleteAfterMs }) => [key, { object_key: key, delete_after: deleteAfterMs }])).values()])
    .onConflict((conflict) => conflict.column('object_key').doNothing())
    .execute()
}

/** Closed hours of a type that begin no later than `lastMs` and still have files, oldest first. */
export async function listClosedWithFiles(relational: Relational<EventsDb>, type: string, lastMs: number, limit: number): Promise<Bucket[]> {
  const query = relational.db.selectFrom('buckets').selectAll().where('type', '=', type).where('start_ms', '<=', lastMs).where('state', '=', 'closed').where('files', '!=', '[]')
  return (await query.orderBy('start_ms').limit(limit).execute()).map(toBucket)
}

/** Of buckets of one type. Their rows, counts and versions stay. */
export async function dropFiles(relational: Relational<EventsDb>, buckets: Bucket[], deleteAfterMs: number, ctx: Ctx): Promise<void> {
  await relational.transaction(async (tx) => {
    for (const { type, startMs, files } of buckets) {
      await insertGarbage(tx, files.map(({ key }) => ({ key, deleteAfterMs })))
      await tx.updateTable('buckets').set({ files: '[]' }).where('type', '=', type).where('start_ms', '=', startMs).execute()
    }
  }, ctx)
}

export async function listOpenBuckets(relational: Relational<EventsDb>): Promise<Bucket[]> {
  const rows = await relational.db.selectFrom('buckets').selectAll().where('state', '=', 'open').execute()
  return rows.map(toBucket)
}

/** Hours that begin in [fromMs, toMs), in order; of one type or of all. */
export async function listBuckets(relational: Relational<EventsDb>, type: string | undefined, fromMs: number, toMs: number): Promise<Bucket[]> {
  let query = relational.db.selectFrom('buckets').selectAll().where('start_ms', '>=', fromMs).where('start_ms', '<', toMs)
  if (type !== undefined) query = query.where('type', '=', type)
  return (await query.orderBy('start_ms').orderBy('type').execute()).map(toBucket)
}

/** Rows in all buckets, by type. */
export async function sumRows(relational: Relational<EventsDb>): Promise<Map<string, number>> {
  const rows = await relational.db.selectFrom('buckets').select((e) => ['type', e.fn.sum<number>('rows').as('rows')]).groupBy('type').execute()
  return new Map(rows.map((row) => [row.type, Number(row.rows)]))
}

/** Epoch ms of the beginning of the last closed hour of any type; undefined before the first. */
export async function findLastClosed(relational: Relational<EventsDb>): Promise<number | undefined> {
  const row = await relational.db.selectFrom('buckets').select((e) => e.fn.max('start_ms').as('last')).where('state', '=', 'closed').executeTakeFirst()
  return row === undefined || row.last === null ? undefined : Number(row.last)
}

export async function listPositions(relational: Relational<EventsDb>): Promise<Map<string, number>> {
  const rows = await relational.db.selectFrom('landing').selectAll().execute()
  return new Map(rows.map((row) => [row.type, Number(row.next_offset)]))
}

export async function findProgress(relational: Relational<EventsDb>, name: string): Promise<number> {
  const row = await relational.db.selectFrom('progress').select('value').where('name', '=', name).executeTakeFirst()
  return Number(row?.value ?? 0)
}

/** Folded duplicates and dead letters of all time, by type. */
export async function sumTallies(relational: Relational<EventsDb>): Promise<Map<string, { duplicates: number; dead: number }>> {
  const rows = await relational.db
    .selectFrom('hour_tallies')
    .select((e) => ['type', e.fn.sum<number>('duplicates').as('duplicates'), e.fn.sum<number>('dead').as('dead')])
    .groupBy('type')
    .execute()
  return new Map(rows.map((row) => [row.type, { duplicates: Number(row.duplicates), dead: Number(row.dead) }]))
}

export async function listGarbage(relational: Relational<EventsDb>, nowMs: number): Promise<string[]> {
  const rows = await relational.db.selectFrom('garbage').select('object_key').where('delete_after', '<=', nowMs).limit(500).execute()
  return rows.map((row) => row.object_key)
}

/** Of files of one hour that begins at `startMs`: those that some bucket still has. */
export async function findInUse(relational: Relational<EventsDb>, startMs: number, keys: string[]): Promise<Set<string>> {
  const rows = await relational.db.selectFrom('buckets').select('files').where('start_ms', '=', startMs).execute()
  return new Set(keys.filter((key) => rows.some(({ files }) => files.includes(`"${key}"`))))
}

export async function forgetGarbage(relational: Relational<EventsDb>, keys: string[]): Promise<void> {
  await relational.db.deleteFrom('garbage').where('object_key', 'in', keys).execute()
}

export type HourRow = { type: string; startMs: number; rows: number; duplicates: number; dead: number; lagMs: number | null }

/** Landed rows and tallies by type and hour, hours that begin in [fromMs, toMs). */
export async function listHours(relational: Relational<EventsDb>, fromMs: number, toMs: number): Promise<HourRow[]> {
  const landed = await relational.db.selectFrom('buckets').select(['type', 'start_ms', 'rows', 'lag_ms']).where('start_ms', '>=', fromMs).where('start_ms', '<', toMs).execute()
  const tallied = await relational.db.selectFrom('hour_tallies').selectAll().where('start_ms', '>=', fromMs).where('start_ms', '<', toMs).execute()
  const hours = new Map<string, HourRow>()
  const at = (type: string, startMs: number): HourRow => {
    const key = `${type}|${startMs}`
    const known = hours.get(key) ?? { type, startMs, rows: 0, duplicates: 0, dead: 0, lagMs: null }
    hours.set(key, known)
    return known
  }
  for (const row of landed) {
    const hour = at(row.type, Number(row.start_ms))
    hour.rows = Number(row.rows)
    hour.lagMs = Number(row.lag_ms)
  }
  for (const row of tallied) {
    const hour = at(row.type, Number(row.start_ms))
    hour.duplicates = Number(row.duplicates)
    hour.dead = Number(row.dead)
  }
  return [...hours.values()].sort((a, b) => a.startMs - b.startMs)
}

function toRow(bucket: Bucket): EventsDb['buckets'] {
  const { type, hour, startMs, state, rows, late, version, files, lagMs, closedAtMs } = bucket
  return { type, hour, start_ms: startMs, state, rows, late, version, files: JSON.stringify(files), lag_ms: lagMs, closed_at: closedAtMs }
}

function toBucket(row: Selectable<EventsDb['buckets']>): Bucket {
  return {
    type: row.type,
    hour: row.hour,
    startMs: Number(row.start_ms),
    state: row.state,
    rows: Number(row.rows),
    late: Number(row.late),
    version: row.version,
    files: JSON.parse(row.files) as BucketFile[],
    lagMs: Number(row.lag_ms),
    closedAtMs: row.closed_at === null ? null : Number(row.closed_at),
  }
}
