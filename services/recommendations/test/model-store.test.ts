// Models across a restart: the same bits, and only the objects that are still needed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openObjects } from '@rondo/objects'
import { openTestDatabase } from '@rondo/relational/testing'
import { createTempFolder } from '@rondo/testing'
import { migrations } from '../migrations/index.ts'
import { decodeFactors, encodeFactors, type Factors } from '../src/store/factors-codec.ts'
import { createModelStore, type ModelTable, type RecommendationsDb } from '../src/store/model-store.ts'
import { createLiveModel, rankItems } from '../src/use-cases/live-model.ts'
import { ctx } from './open-house.ts'

const factors: Factors = {
  users: ['ö', 'u2'], items: ['a', 'b', '漢'], dimensions: 2, alpha0: 0.01, regularization: 0.03, nu: 1, listenersOf: [2, 0, 1],
  userFactors: Float32Array.of(1, 0, 0, 1), itemFactors: Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, -0.6), itemGram: Float32Array.of(1, 2, 3, 4),
}

function toRow(version: string, dataMs: number, over: Partial<ModelTable> = {}): ModelTable {
  return { version, name: 'discover-weekly', week: '2026-09-21', trained_ms: dataMs, data_ms: dataMs, train_ms: 1, users: 2, items: 3, interactions: 4, dimensions: 2, provisional: 1, lists: 0, metrics: '{"recall@20":0.25}', listed_ms: null, ...over }
}

test('RE28 factors become bytes and the same factors again, whatever the names', () => {
  assert.deepEqual(decodeFactors(encodeFactors(factors)), factors)
  const shifted = Buffer.concat([Buffer.of(1), encodeFactors(factors)]).subarray(1)
  assert.deepEqual(decodeFactors(shifted), factors)
})

test('RE28 the model that learned from the latest data is the newest; four keep their factors; all survive a restart', async () => {
  await using folder = await createTempFolder()
  const objects = await openObjects(`file:${folder.join('objects')}`)
  const open = async () => {
    const relational = await openTestDatabase<RecommendationsDb>(folder.path, 'recommendations')
    await relational.migrate(migrations, ctx)
    return { relational, models: createModelStore(relational, objects) }
  }
  const first = await open()
  for (let i = 1; i <= 6; i += 1) await first.models.put(toRow(`m${i}`, i * 10), factors, ctx)
  await first.models.put(toRow('final', 5, { provisional: 0, trained_ms: 1_000 }), factors, ctx)
  await first.models.setLists('final', 12, 1_001)
  await first.relational.close()
  const { relational, models } = await open()
  assert.equal((await models.findNewest())?.version, 'm6')
  assert.deepEqual({ ...(await models.findFor('2026-09-21')) }, toRow('final', 5, { provisional: 0, trained_ms: 1_000, lists: 12, listed_ms: 1_001 }))
  assert.equal(await models.countProvisional('2026-09-21'), 6)
  assert.deepEqual((await objects.list('models/', {}, ctx)).map(({ key }) => key.split('/').at(-1)), ['final.factors', 'm3.factors', 'm4.factors', 'm5.factors', 'm6.factors'])
  assert.deepEqual(await models.loadFactors('m6', ctx), factors)
  assert.deepEqual((await models.list()).map(({ version, metrics }) => [version, metrics])[0], ['final', { 'recall@20': 0.25 }])
  await relational.close()
})

test('RE31 ranking asks for any number of items, also beyond what the index answers at once', async () => {
  const items = Array.from({ length: 5_000 }, (_, i) => `t${i}`)
  const large = { ...factors, items, listenersOf: items.map(() => 1), itemFactors: Float32Array.from({ length: 10_000 }, (_, i) => Math.sin(i)) }
  const model = await createLiveModel(toRow('m', 1), large)
  const query = Float32Array.of(1, 0.5)
  const all = rankItems(model, query, 100_000)
  assert.equal(all.length, 5_000)
  assert.deepEqual(all.slice(0, 100).map(({ index }) => index), rankItems(model, query, 100).map(({ index }) => index))
})
