// Axes of effects: range, groups, digits, labels that stand apart.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axisDigits, axisEnd, effectsEnd, groupEnds, moveApart } from './effect-axis.ts'

const row = (estimate: number | null, half: number, margin?: number) => ({ estimate, lower: estimate === null ? null : estimate - half, upper: estimate === null ? null : estimate + half, margin })

test('UI30 every estimate and margin is inside the axis, whatever stands beside it', () => {
  const tight = row(0.001, 0.004, 0.01)
  for (const large of [0.03, 0.4, 1.15, 7, 25]) {
    const end = effectsEnd([tight, tight, tight, row(large, large / 10)])
    assert.ok(end >= large, `${end} holds ${large}`)
  }
  assert.equal(effectsEnd([row(null, 0)]), 0.005)
  assert.equal(effectsEnd([]), 0.005)
  assert.ok(effectsEnd([row(0.01, 9), row(0.01, 0.02)]) < 0.2, 'one interval that knows nothing flattens nobody')
})

test('UI31 groups share an axis unless the widest would press another to a point', () => {
  const success = { rows: [row(1.15, 0.2)] }
  const guardrail = { rows: [row(0.002, 0.005, 0.01)] }
  assert.deepEqual(groupEnds([success, guardrail]), [1.5, 0.02])
  assert.deepEqual(groupEnds([{ rows: [row(0.03, 0.01)] }, guardrail]), [0.04, 0.04])
})

test('UI32 labels of an axis have the digits that tell them apart', () => {
  assert.deepEqual([0.02, 0.03, 0.15, 0.005, 3].map(axisDigits), [0, 1, 1, 2, 0])
  assert.equal(axisEnd(0.021), 0.03)
})

test('UI33 labels at bounds close together stand apart', () => {
  assert.deepEqual(moveApart(100, 104, 30), [87, 117])
  assert.deepEqual(moveApart(20, 180, 30), [20, 180])
})
