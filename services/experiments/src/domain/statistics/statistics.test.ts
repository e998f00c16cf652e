// Numbers against closed forms, published tables and a naive simulation.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import { adjustP, type AdjustMethod } from './adjust-p.ts'
import cases from './cases.json' with { type: 'json' }
import { computeDifference, computeRelativeDifference } from './difference.ts'
import { computeErrorBudget } from './error-budget.ts'
import { computeChiSquareTail } from './incomplete-gamma.ts'
import { computeNormalCdf, computeNormalQuantile, computeNormalTail, computeNormalTailQuantile } from './normal.ts'
import { computeMinimumEffect, computePower, computeSampleSize } from './power.ts'
import { testSampleRatio } from './sample-ratio.ts'
import { computeSequentialBounds } from './sequential-bounds.ts'
import type { Spending } from './spending.ts'
import { computeStudentTail, computeStudentTailQuantile } from './student-t.ts'

const near = (actual: number, expected: number, relative: number, where = ''): void => {
  assert.ok(Math.abs(actual - expected) <= relative * Math.max(1e-300, Math.abs(expected)), `${where} ${actual} instead of ${expected}`)
}

test('EX41 the normal distribution: quantiles of tables, and there and back to 1e-13', () => {
  for (const { p, z } of cases.normalTailQuantile) assert.ok(Math.abs(computeNormalTailQuantile(p) - z) < 1e-13 * Math.max(1, z))
  for (let z = -37.05; z <= 8; z += 0.37) near(computeNormalQuantile(computeNormalCdf(z)), z, z > 0 ? 1e-13 / computeNormalTail(z) : 1e-12)
  near(computeNormalTail(10), 7.619853024160527e-24, 1e-13)
})

test('EX41 chi-square with two and four degrees of freedom, Student with one and two: closed forms', () => {
  for (const x of [0.001, 0.5, 3, 12, 90, 400]) {
    near(computeChiSquareTail(x, 2), Math.exp(-x / 2), 1e-12, `chi2 ${x}`)
    near(computeChiSquareTail(x, 4), Math.exp(-x / 2) * (1 + x / 2), 1e-12, `chi4 ${x}`)
    near(computeChiSquareTail(x, 1), 2 * computeNormalTail(Math.sqrt(x)), 1e-11, `chi1 ${x}`)
  }
  for (const t of [0.1, 1, 4, 25]) {
    near(computeStudentTail(t, 1), Math.atan(1 / t) / Math.PI, 1e-12, `t1 ${t}`)
    near(computeStudentTail(t, 2), 0.5 - t / (2 * Math.sqrt(2 + t * t)), 1e-10, `t2 ${t}`)
    near(computeStudentTailQuantile(computeStudentTail(t, 7.3), 7.3), t, 1e-11, `back ${t}`)
  }
})

test('EX42 sequential bounds: one look is the plain test, tables of two and five', () => {
  for (const { fractions, alpha, sides, spending, upperZ } of cases.bounds) {
    const bounds = computeSequentialBounds({ informationFractions: fractions, alpha, sides: sides as 1 | 2, spending: spending as Spending })
    for (const [k, z] of upperZ.entries()) assert.ok(Math.abs((bounds.upperZ[k] ?? 0) - z) < 5e-4, `${JSON.stringify(spending)} look ${k + 1}: ${bounds.upperZ[k]} instead of ${z}`)
    near(bounds.cumulativeAlpha.at(-1) ?? 0, alpha, 1e-12)
  }
  assert.throws(() => computeSequentialBounds({ informationFractions: [0.5, 0.5], alpha: 0.05, sides: 2, spending: { kind: 'obf' } }), RangeError)
})

test('EX42 sequential bounds: random walks without effect cross as often as was spent, looking every day', () => {
  const looks = 14
  const walks = 40_000
  const random = createRandom(42)
  for (const sides of [1, 2] as const) {
    const { upperZ } = computeSequentialBounds({ informationFractions: Array.from({ length: looks }, (_, i) => (i + 1) / looks), alpha: 0.05, sides, spending: { kind: 'obf' } })
    let crossed = 0
    for (let walk = 0; walk < walks; walk += 1) {
      let sum = 0
      for (let k = 1; k <= looks; k += 1) {
        sum += random.normal()
        const z = sum / Math.sqrt(k)
        if ((sides === 2 ? Math.abs(z) : z) < (upperZ[k - 1] ?? 0)) continue
        crossed += 1
        break
      }
    }
    // Four standard errors of the simulation.
    assert.ok(Math.abs(crossed / walks - 0.05) < 4 * Math.sqrt((0.05 * 0.95) / walks), `${sides}: ${crossed / walks}`)
  }
})

test('EX43 differences: moments give what a pass over the values gives', () => {
  const random = createRandom(3)
  const values = [0, 1].map((arm) => Array.from({ length: 500 }, () => 5 + arm + 2 * random.normal()))
  const [control, treatment] = values.map((list) => ({ n: list.length, sum: list.reduce((a, b) => a + b, 0), sumSquares: list.reduce((a, b) => a + b * b, 0) }))
  assert.ok(control !== undefined && treatment !== undefined)
  const [mc, mt] = values.map((list) => list.reduce((a, b) => a + b, 0) / list.length) as [number, number]
  const [vc, vt] = values.map((list, i) => list.reduce((sum, y) => sum + (y - ([mc, mt][i] ?? 0)) ** 2, 0) / (list.length - 1)) as [number, number]
  const absolute = computeDifference({ type: 'mean', control, treatment })
  near(absolute?.estimate ?? 0, mt - mc, 1e-10)
  near(absolute?.se ?? 0, Math.sqrt(vc / 500 + vt / 500), 1e-10)
  const relative = computeRelativeDifference({ type: 'mean', control, treatment })
  near(relative?.se ?? 0, Math.sqrt(vt / (500 * mc ** 2) + (vc * mt ** 2) / (500 * mc ** 4)), 1e-10)
})

test('EX43 what cannot be estimated is undefined: one unit, no spread, control at zero', () => {
  const flat = { n: 10, sum: 10, sumSquares: 10 }
  assert.equal(computeDifference({ type: 'mean', control: flat, treatment: flat }), undefined)
  assert.equal(computeDifference({ type: 'mean', control: { n: 1, sum: 1, sumSquares: 1 }, treatment: { n: 9, sum: 4, sumSquares: 4 } }), undefined)
  assert.equal(computeRelativeDifference({ type: 'proportion', control: { n: 10, sum: 0 }, treatment: { n: 10, sum: 3 } }), undefined)
})

test('EX44 sample ratio, power, size and corrections', () => {
  near(testSampleRatio([60, 40], [1, 1], 0.001)?.chiSquare ?? 0, 4, 1e-14)
  assert.equal(testSampleRatio([0, 0], [1, 1], 0.001), undefined)
  const question = { alpha: 0.05, sides: 2 as const, variance: 25, controlUnits: 39245, treatmentUnits: 39245 }
  near(computePower(question, 0.1), 0.8, 1e-4)
  near(computePower(question, computeMinimumEffect(question, 0.9)), 0.9, 1e-12)
  assert.equal(computeSampleSize({ alpha: 0.05, sides: 2, power: 0.8, variance: 25, effect: 0.1, treatmentToControl: 1 }).totalUnits, 78490)
  for (const { input, expect } of cases.errorBudget) for (const [name, value] of Object.entries(expect)) near(computeErrorBudget(input)[name as keyof typeof expect], value, 1e-12, name)
  for (const { method, p, expect } of cases.adjustP) for (const [i, value] of adjustP(p, method as AdjustMethod).entries()) near(value, expect[i] ?? 0, 1e-12, method)
})

test('EX60 constants have no spread, whatever their sums were rounded to; a true one is kept to a ten-millionth of the mean', () => {
  for (const value of [0.1, 1 / 3, 1e15 + 0.3, -7.77]) {
    const constant = { n: 1000, sum: 1000 * value, sumSquares: 1000 * value * value }
    assert.equal(computeDifference({ type: 'mean', control: constant, treatment: constant }), undefined, String(value))
  }
  const values = Array.from({ length: 1000 }, (_, i) => 1e6 + (i % 2))
  const moments = { n: 1000, sum: values.reduce((a, b) => a + b, 0), sumSquares: values.reduce((a, b) => a + b * b, 0) }
  near(computeDifference({ type: 'mean', control: moments, treatment: moments })?.se ?? 0, Math.sqrt((2 * 250) / 999 / 1000), 1e-3)
})
