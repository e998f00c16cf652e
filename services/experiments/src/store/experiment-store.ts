// Experiments and their looks in the database.
import type { Kysely } from 'kysely'
import type { ExperimentDefinition, LearningClass, Verdict } from '../contract.ts'
import type { ComputedLook } from '../domain/readout/compute-look.ts'
import type { Sample } from '../domain/readout/sample.ts'
import type { ExperimentsDatabase, ExperimentTable, LookTable } from './tables.ts'

type Db = Kysely<ExperimentsDatabase>

export type ExperimentState = 'draft' | 'running' | 'stopped'
export type StoredExperiment = {
  definition: ExperimentDefinition
  state: ExperimentState
  createdAtMs: number
  startedAtMs: number | null
  stoppedAtMs: number | null
  /** What stopped it: "plan", "bound", "guardrail", or the person's name. */
  stoppedBy: string | null
  note: string | null
  shipped: string | null
  shippedInForce: boolean
  shippedAtMs: number | null
  verdict: Verdict | null
  learningClass: LearningClass | null
}
/** Everything a look was computed from and to: a readout is reproduced from it. */
export type StoredLook = { experiment: string; day: string; look: number; takenAtMs: number; sample: Sample; computed: ComputedLook }

export async function listExperiments(db: Db): Promise<StoredExperiment[]> {
  return (await db.selectFrom('experiments').selectAll().orderBy('created_at', 'desc').orderBy('id').execute()).map(toExperiment)
}

export async function findExperiment(db: Db, id: string): Promise<StoredExperiment | undefined> {
  const row = await db.selectFrom('experiments').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : toExperiment(row)
}

export async function saveExperiment(db: Db, experiment: StoredExperiment): Promise<void> {
  const values = {
    definition: JSON.stringify(experiment.definition),
    flag: experiment.definition.flag,
    state: experiment.state,
    created_at: experiment.createdAtMs,
    started_at: experiment.startedAtMs,
    stopped_at: experiment.stoppedAtMs,
    stopped_by: experiment.stoppedBy,
    note: experiment.note,
    shipped: experiment.shipped,
    shipped_in_force: experiment.shippedInForce ? 1 : 0,
    shipped_at: experiment.shippedAtMs,
    verdict: experiment.verdict === null ? null : JSON.stringify(experiment.verdict),
    learning_class: experiment.learningClass,
  }
  await db.insertInto('experiments').values({ id: experiment.definition.id, ...values }).onConflict((conflict) => conflict.column('id').doUpdateSet(values)).execute()
}

/** Oldest first. */
export async function listLooks(db: Db, experiment: string): Promise<StoredLook[]> {
  return (await db.selectFrom('looks').selectAll().where('experiment', '=', experiment).orderBy('look').execute()).map(toLook)
}

export async function findLastLook(db: Db, experiment: string): Promise<StoredLook | undefined> {
  const row = await db.selectFrom('looks').selectAll().where('experiment', '=', experiment).orderBy('look', 'desc').limit(1).executeTakeFirst()
  return row === undefined ? undefined : toLook(row)
}

export async function addLook(db: Db, look: StoredLook): Promise<void> {
  const content = JSON.stringify({ sample: look.sample, computed: look.computed })
  await db
    .insertInto('looks')
    .values({ experiment: look.experiment, day: look.day, look: look.look, taken_at: look.takenAtMs, content })
    .onConflict((conflict) => conflict.columns(['experiment', 'day']).doNothing())
    .execute()
}

function toExperiment(row: ExperimentTable): StoredExperiment {
  const instant = (value: number | null): number | null => (value === null ? null : Number(value))
  return {
    definition: JSON.parse(row.definition) as ExperimentDefinition,
    state: row.state as ExperimentState,
    createdAtMs: Number(row.created_at),
    startedAtMs: instant(row.started_at),
    stoppedAtMs: instant(row.stopped_at),
    stoppedBy: row.stopped_by,
    note: row.note,
    shipped: row.shipped,
    shippedInForce: Number(row.shipped_in_force) === 1,
    shippedAtMs: instant(row.shipped_at),
    verdict: row.verdict === null ? null : (JSON.parse(row.verdict) as Verdict),
    learningClass: row.learning_class as LearningClass | null,
  }
}

function toLook(row: LookTable): StoredLook {
  const { sample, computed } = JSON.parse(row.content) as Pick<StoredLook, 'sample' | 'computed'>
  return { experiment: row.experiment, day: row.day, look: Number(row.look), takenAtMs: Number(row.taken_at), sample, computed }
}
