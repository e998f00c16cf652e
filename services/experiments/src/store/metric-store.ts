// The metrics catalog in the database.
import type { Kysely } from 'kysely'
import type { MetricDefinition } from '../contract.ts'
import type { ExperimentsDatabase } from './tables.ts'

type Db = Kysely<ExperimentsDatabase>

export type StoredMetric = { definition: MetricDefinition; updatedAtMs: number }

export async function listMetrics(db: Db): Promise<StoredMetric[]> {
  const rows = await db.selectFrom('metrics').selectAll().orderBy('name').execute()
  return rows.map((row) => ({ definition: JSON.parse(row.definition) as MetricDefinition, updatedAtMs: Number(row.updated_at) }))
}

export async function saveMetric(db: Db, metric: MetricDefinition, nowMs: number): Promise<void> {
  const values = { definition: JSON.stringify(metric), updated_at: nowMs }
  await db.insertInto('metrics').values({ name: metric.name, ...values }).onConflict((conflict) => conflict.column('name').doUpdateSet(values)).execute()
}
