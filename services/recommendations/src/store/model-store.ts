// Trained models: a row of facts each, and the factors of the newest as objects.
import type { Ctx } from '@rondo/context'
import type { Objects } from '@rondo/objects'
import type { Relational } from '@rondo/relational'
import { toIso } from '@rondo/time'
import type { ModelRow } from '../contract.ts'
import { decodeFactors, encodeFactors, type Factors } from './factors-codec.ts'

export type ModelTable = {
  version: string
  name: string
  week: string
  trained_ms: number
  data_ms: number
  train_ms: number
  users: number
  items: number
  interactions: number
  dimensions: number
  provisional: number
  lists: number
  metrics: string
  /** When all of its week's lists stood; null while some may be missing. */
  listed_ms: number | null
}

export type RecommendationsDb = { models: ModelTable }

export type ModelStore = {
  /** The one that learned from the latest data. */
  findNewest(): Promise<ModelTable | undefined>
  /** The final model that this week's lists come from. */
  findFor(week: string): Promise<ModelTable | undefined>
  list(): Promise<ModelRow[]>
  countProvisional(week: string): Promise<number>
  put(row: ModelTable, factors: Factors, ctx: Ctx): Promise<void>
  setLists(version: string, lists: number, listedMs: number): Promise<void>
  setMetrics(version: string, metrics: Record<string, number>): Promise<void>
  loadFactors(version: string, ctx: Ctx): Promise<Factors>
}

const ROWS_SHOWN = 200
/** Factors of older models are removed; what is known of them stays. */
const KEPT_FACTORS = 4
const FOLDER = 'models/discover-weekly/'

export function createModelStore(relational: Relational<RecommendationsDb>, objects: Objects): ModelStore {
  const { db } = relational
  const newestFirst = () => db.selectFrom('models').orderBy('data_ms', 'desc').orderBy('trained_ms', 'desc').orderBy('version', 'desc')
  return {
    findNewest: () => newestFirst().selectAll().limit(1).executeTakeFirst(),
    findFor: (week) => newestFirst().selectAll().where('week', '=', week).where('provisional', '=', 0).limit(1).executeTakeFirst(),
    async list() {
      const rows = await db.selectFrom('models').selectAll().orderBy('trained_ms', 'desc').orderBy('version', 'desc').limit(ROWS_SHOWN).execute()
      return rows.map(toRow)
    },
    async countProvisional(week) {
      const { count } = await db.selectFrom('models').select((query) => query.fn.countAll().as('count')).where('week', '=', week).where('provisional', '=', 1).executeTakeFirstOrThrow()
      return Number(count)
    },
    async put(row, factors, ctx) {
      await objects.put(toKey(row.version), encodeFactors(factors), {}, ctx)
      await db.insertInto('models').values(row).onConflict((conflict) => conflict.column('version').doUpdateSet(row)).execute()
      const kept = new Set((await newestFirst().select('version').limit(KEPT_FACTORS).execute()).map(({ version }) => toKey(version)).concat(toKey(row.version)))
      for (const { key } of await objects.list(FOLDER, {}, ctx)) if (!kept.has(key)) await objects.delete(key, ctx)
    },
    async setLists(version, lists, listedMs) {
      await db.updateTable('models').set({ lists, listed_ms: listedMs }).where('version', '=', version).execute()
    },
    async setMetrics(version, metrics) {
      await db.updateTable('models').set({ metrics: JSON.stringify(metrics) }).where('version', '=', version).execute()
    },
    loadFactors: async (version, ctx) => decodeFactors(await objects.get(toKey(version), {}, ctx)),
  }
}

function toKey(version: string): string {
  return `${FOLDER}${version}.factors`
}

function toRow(row: ModelTable): ModelRow {
  return {
    version: row.version,
    name: row.name,
    week: row.week,
    trainedAt: toIso(row.trained_ms),
    trainMs: row.train_ms,
    users: row.users,
    items: row.items,
    interactions: row.interactions,
    dimensions: row.dimensions,
    provisional: row.provisional === 1,
    lists: row.lists,
    metrics: JSON.parse(row.metrics) as Record<string, number>,
  }
}
