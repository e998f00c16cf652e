// What was learned, in words and by time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayLearned, toPeriods } from './learning-model.ts'

const at = (stoppedAt: string, learningClass: 'win' | 'regression found' | 'inconclusive' = 'win') => ({ stoppedAt: `${stoppedAt}T10:00:00Z`, learningClass })
const total = (stopped: number, learned: number) => ({ stopped, learned, won: 0, learningRate: null, winRate: null })

test('EXW10 the sentence counts what can be acted on, and what was kept away', () => {
  assert.equal(sayLearned({ total: total(5, 3), classes: [{ learningClass: 'regression found', experiments: 1 }] }), 'Of 5 experiments that stopped, 3 told us something we can act on; 1 kept a regression away from listeners.')
  assert.equal(sayLearned({ total: total(1, 0), classes: [] }), 'One experiment stopped, and it told us nothing we can act on.')
  assert.equal(sayLearned({ total: total(2, 0), classes: [] }), 'Of 2 experiments that stopped, none told us something we can act on.')
})

test('EXW11 the span of time chooses weeks, months or quarters; the last eight are kept', () => {
  const weeks = toPeriods([at('2026-09-21'), at('2026-09-27', 'inconclusive'), at('2026-09-14')])
  assert.deepEqual([weeks.kind, weeks.periods.map((one) => [one.label, one.stopped, one.learned])], ['week', [['14 Sep', 1, 1], ['21 Sep', 2, 1]]])
  assert.deepEqual(toPeriods([at('2026-06-01'), at('2026-09-01')]).periods.map((one) => one.label), ['Jun 26', 'Sep 26'])
  const many = toPeriods(Array.from({ length: 40 }, (_, index) => at(`${2020 + Math.floor(index / 4)}-${String(1 + (index % 4) * 3).padStart(2, '0')}-05`)))
  assert.deepEqual([many.kind, many.periods.length, many.periods.at(-1)?.label], ['quarter', 8, 'Q4 29'])
  assert.deepEqual(toPeriods([]).periods, [])
})
