// Flags and segments in the database.
import type { Kysely } from 'kysely'
import type { FlagDefinition, SegmentDefinition } from '../contract.ts'
import type { RuleState } from '../domain/flags/compile-flag.ts'
import type { ExperimentsDatabase, FlagTable } from './tables.ts'

type Db = Kysely<ExperimentsDatabase>

export type StoredFlag = { key: string; version: number; definition: FlagDefinition; rules: RuleState[]; archivedAtMs: number | null; createdAtMs: number; updatedAtMs: number }

export async function listFlags(db: Db): Promise<StoredFlag[]> {
  return (await db.selectFrom('flags').selectAll().orderBy('key').execute()).map(toFlag)
}

export async function findFlag(db: Db, key: string): Promise<StoredFlag | undefined> {
  const row = await db.selectFrom('flags').selectAll().where('key', '=', key).executeTakeFirst()
  return row === undefined ? undefined : toFlag(row)
}

export async function saveFlag(db: Db, flag: StoredFlag): Promise<void> {
  const values = {
    version: flag.version,
    definition: JSON.stringify(flag.definition),
    rules: JSON.stringify(flag.rules),
    archived_at: flag.archivedAtMs,
    created_at: flag.createdAtMs,
    updated_at: flag.updatedAtMs,
  }
  await db.insertInto('flags').values({ key: flag.key, ...values }).onConflict((conflict) => conflict.column('key').doUpdateSet(values)).execute()
}

export async function listSegments(db: Db): Promise<SegmentDefinition[]> {
  const rows = await db.selectFrom('segments').select('definition').orderBy('name').execute()
  return rows.map((row) => JSON.parse(row.definition) as SegmentDefinition)
}

export async function saveSegment(db: Db, segment: SegmentDefinition, nowMs: number): Promise<void> {
  const values = { definition: JSON.stringify(segment), updated_at: nowMs }
  await db.insertInto('segments').values({ name: segment.name, ...values }).onConflict((conflict) => conflict.column('name').doUpdateSet(values)).execute()
}

function toFlag(row: FlagTable): StoredFlag {
  return {
    key: row.key,
    version: Number(row.version),
    definition: JSON.parse(row.definition) as FlagDefinition,
    rules: JSON.parse(row.rules) as RuleState[],
    archivedAtMs: row.archived_at === null ? null : Number(row.archived_at),
    createdAtMs: Number(row.created_at),
    updatedAtMs: Number(row.updated_at),
  }
}
