// How good a model is stands with it, also when the first tries to find out fail.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openKeyValue } from '@rondo/key-value'
import { createManualClock } from '@rondo/time'
import { buildInteractions } from '../src/domain/interactions.ts'
import type { Parts } from '../src/parts.ts'
import { measureModels } from '../src/use-cases/measure-models.ts'
import { ctx } from './open-house.ts'
import { FakeEvents, openParts } from './open-parts.ts'

/** Fails so often before it takes figures. */
async function openFailing(failures: number): Promise<{ parts: Parts; taken: [string, string[]][]; tries(): number }> {
  const clock = createManualClock(0)
  const opened = await openParts(await openKeyValue('memory:', { namespace: 'recommendations', clock }), new FakeEvents().peer, clock)
  const taken: [string, string[]][] = []
  let tries = 0
  const setMetrics: Parts['models']['setMetrics'] = async (version, metrics) => {
    tries += 1
    if (tries <= failures) throw new Error('the database is away')
    taken.push([version, Object.keys(metrics)])
  }
  return { parts: { ...opened, models: { ...opened.models, setMetrics } }, taken, tries: () => tries }
}

/** 100 listeners of 25 tracks each, in two tastes. */
const { matrix } = buildInteractions(Array.from({ length: 2_500 }, (_, i) => ({ userId: `u${Math.floor(i / 25)}`, trackId: `t${(Math.floor(i / 25) % 2) * 40 + (((i % 25) * 3 + Math.floor(i / 50)) % 40)}`, score: 1 + (i % 3) })))

test('RE22 a model whose measuring failed is measured at the next round; newer ones go first, and older are forgotten', async () => {
  const { parts, taken } = await openFailing(2)
  parts.unmeasured.push({ version: 'one', matrix })
  await assert.rejects(measureModels(parts, ctx), /the database is away/)
  await assert.rejects(measureModels(parts, ctx), /the database is away/)
  assert.equal(await measureModels(parts, ctx), 1)
  assert.deepEqual([taken, await measureModels(parts, ctx)], [[['one', ['recall@20', 'ndcg@20']]], 0])

  const again = await openFailing(1)
  again.parts.unmeasured.push({ version: 'one', matrix })
  const failing = measureModels(again.parts, ctx)
  again.parts.unmeasured.push({ version: 'two', matrix })
  await assert.rejects(failing)
  assert.equal(await measureModels(again.parts, ctx), 1)
  assert.deepEqual([again.taken.map(([version]) => version), again.parts.unmeasured], [['two'], []])
})

test('RE22 a model that cannot be measured is given up after five tries', async () => {
  const { parts, tries } = await openFailing(Infinity)
  parts.unmeasured.push({ version: 'one', matrix })
  for (let round = 0; round < 5; round += 1) await assert.rejects(measureModels(parts, ctx))
  assert.deepEqual([await measureModels(parts, ctx), tries()], [0, 5])
})
