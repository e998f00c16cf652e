// Trained models: a row of facts each, and the factors as an object.
import type { Ctx } from '@rondo/context'
import type { Objects } from '@rondo/objects'
import type { Relational } from '@rondo/relational'
import type { ModelRow } from '../contract.ts'
import { toIso } from '@rondo/time'

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
}

export type RecommendationsDb = { models: ModelTable }

/** What answers need: item factors and their Gram matrix, by item name; what lists need besides: user factors, by user name. */
export type Factors = {
  users: string[]
  items: string[]
  dimensions: number
  alpha0: number
  regularization: number
  nu: number
  meanConfidence: number
  /** Per item: listeners with a positive score. */
  listenersOf: number[]
  userFactors: Float32Array
  itemFactors: Float32Array
  itemGram: Float32Array
}

export type ModelStore = {
  findNewest(): Promise<ModelTable | undefined>
  /** The final model that this week's lists come from. */
  findFor(week: string): Promise<ModelTable | undefined>
  list(): Promise<ModelRow[]>
  put(row: ModelTable, factors: Factors, ctx: Ctx): Promise<void>
  setLists(version: string, lists: number): Promise<void>
  loadFactors(version: string, ctx: Ctx): Promise<Factors>
}

export function createModelStore(relational: Relational<RecommendationsDb>, objects: Objects): ModelStore {
  const { db } = relational
  return {
    findNewest: () => db.selectFrom('models').selectAll().orderBy('trained_ms', 'desc').orderBy('version', 'desc').limit(1).executeTakeFirst(),
    findFor: (week) => db.selectFrom('models').selectAll().where('week', '=', week).where('provisional', '=', 0).orderBy('trained_ms', 'desc').limit(1).executeTakeFirst(),
    async list() {
      const rows = await db.selectFrom('models').selectAll().orderBy('trained_ms', 'desc').orderBy('version', 'desc').limit(200).execute()
      return rows.map(toRow)
    },
    async put(row, factors, ctx) {
      await objects.put(toKey(row.version), encodeFactors(factors), {}, ctx)
      await db.insertInto('models').values(row).onConflict((conflict) => conflict.column('version').doUpdateSet(row)).execute()
    },
    async setLists(version, lists) {
      await db.updateTable('models').set({ lists }).where('version', '=', version).execute()
    },
    loadFactors: async (version, ctx) => decodeFactors(await objects.get(toKey(version), {}, ctx)),
  }
}

function toKey(version: string): string {
  return `models/discover-weekly/${version}.factors`
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

// header length (u32 LE) | header JSON | padding to 4 | userFactors | itemFactors | itemGram, all f32 LE
function encodeFactors({ userFactors, itemFactors, itemGram, ...header }: Factors): Uint8Array {
  const text = Buffer.from(JSON.stringify({ ...header, lengths: [userFactors.length, itemFactors.length, itemGram.length] }))
  const start = Math.ceil((4 + text.length) / 4) * 4
  const bytes = Buffer.alloc(start + 4 * (userFactors.length + itemFactors.length + itemGram.length))
  bytes.writeUInt32LE(text.length, 0)
  text.copy(bytes, 4)
  let at = start
  for (const part of [userFactors, itemFactors, itemGram]) {
    Buffer.from(part.buffer, part.byteOffset, part.byteLength).copy(bytes, at)
    at += part.byteLength
  }
  return bytes
}

function decodeFactors(bytes: Uint8Array): Factors {
  const buffer = Buffer.from(bytes)
  const length = buffer.readUInt32LE(0)
  const { lengths, ...header } = JSON.parse(buffer.subarray(4, 4 + length).toString('utf8')) as Omit<Factors, 'userFactors' | 'itemFactors' | 'itemGram'> & { lengths: [number, number, number] }
  let at = Math.ceil((4 + length) / 4) * 4
  const next = (count: number): Float32Array => {
    const part = new Float32Array(count)
    Buffer.from(part.buffer).set(buffer.subarray(at, at + 4 * count))
    at += 4 * count
    return part
  }
  return { ...header, userFactors: next(lengths[0]), itemFactors: next(lengths[1]), itemGram: next(lengths[2]) }
}
