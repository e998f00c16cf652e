// Whatever a reader of a row looks at, it says the same.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import type { ExperimentDefinition, MetricDefinition } from '../../contract.ts'
import { computeDifference } from '../statistics/difference.ts'
import { computeRelativeInterval } from '../statistics/fieller.ts'
import type { Moments } from '../statistics/moments.ts'
import { computeMetrics } from './compute-metrics.ts'
import { createBoundsFinder } from './plan-bounds.ts'

const findBounds = createBoundsFinder()
const toMoments = (values: readonly number[]): Moments => ({ n: values.length, sum: values.reduce((a, b) => a + b, 0), sumSquares: values.reduce((a, b) => a + b * b, 0) })
const toDefinition = (days: number): ExperimentDefinition => ({ id: 'x', owner: 'x', hypothesis: '', flag: 'f', control: 'a', treatments: ['b'], share: 1, success: ['m'], guardrails: [{ metric: 'g', margin: 0.1 }], watched: ['w'], days })

function computeRows(control: readonly number[], treatment: readonly number[], { type = 'mean', better = 'higher', days = 1, look = 1 }: { type?: 'mean' | 'proportion'; better?: 'higher' | 'lower'; days?: number; look?: number } = {}) {
  const metrics = new Map(['m', 'g', 'w'].map((name): [string, MetricDefinition] => [name, { name, owner: 'x', description: '', type, endpoint: 'e', unit: 'u', column: 'c', better }]))
  const arms = [{ variant: 'a', values: control }, { variant: 'b', values: treatment }].map(({ variant, values }) => ({ variant, units: values.length, moments: { m: toMoments(values), g: toMoments(values), w: toMoments(values) } }))
  return computeMetrics(toDefinition(days), metrics, { arms, inSeveralVariants: 0 }, look, findBounds)
}

test('EX58 for random samples p, both intervals and the reading agree, in every role', () => {
  const random = createRandom(58)
  let clear = 0
  let open = 0
  for (let run = 0; run < 20_000; run += 1) {
    const days = 1 + Math.floor(random.next() * 5)
    const look = 1 + Math.floor(random.next() * days)
    const type = random.next() < 0.3 ? 'proportion' : 'mean'
    const better = random.next() < 0.5 ? 'higher' : 'lower'
    const centre = (random.next() < 0.3 ? -1 : 1) * 10 ** (random.next() * 6 - 3)
    const spread = Math.abs(centre) * 10 ** (random.next() * 3 - 2)
    const draw = (mean: number): number[] => Array.from({ length: 2 + Math.floor(random.next() * 40) }, () => (type === 'proportion' ? (random.next() < mean ? 1 : 0) : mean + spread * random.normal()))
    const rate = random.next()
    const rows = computeRows(type === 'proportion' ? draw(rate) : draw(centre), type === 'proportion' ? draw(random.next()) : draw(centre + 2 * spread * random.normal()), { type, better, days, look })
    for (const row of rows) {
      if (row.absolute === null || row.p === null) continue
      const where = JSON.stringify(row)
      const isClear = row.p < row.alpha
      assert.equal(row.absolute.lower > 0 || row.absolute.upper < 0, isClear, where)
      if (row.relative !== null) {
        assert.equal(Math.sign(row.relative.estimate), Math.sign(row.absolute.estimate), where)
        assert.equal(Math.abs(row.relative.estimate) > row.boundZ * row.relative.se, isClear, where)
      }
      if (row.relative?.lower !== null && row.relative?.upper !== null && row.relative !== null) {
        assert.equal(row.relative.lower > 0 || row.relative.upper < 0, isClear, where)
        assert.ok(row.relative.lower <= row.relative.estimate && row.relative.estimate <= row.relative.upper, where)
        if (isClear) assert.equal(row.relative.lower > 0, row.absolute.lower > 0, where)
      } else open += 1
      const isGood = row.absolute.estimate > 0 === (row.better === 'higher')
      const readings = !isClear ? ['no change seen', 'not yet clear', ...(row.role === 'guardrail' ? ['within margin'] : [])] : !isGood ? ['worse', 'past margin'] : row.role === 'guardrail' ? ['within margin'] : ['better']
      assert.ok(readings.includes(row.status), where)
      if (isClear) clear += 1
    }
  }
  assert.ok(clear > 5000 && open > 100, `${clear} clear, ${open} open`)
})

test('EX58 what the delta method called "no change seen" beside p < alpha is one reading', () => {
  const [row] = computeRows([0, 1, 0, 2, 1, 0], [3, 8, 0, 2, 9, 4])
  assert.ok(row?.p !== null && row !== undefined && row.p < row.alpha && row.absolute !== null && row.absolute.lower > 0, JSON.stringify(row))
  assert.equal(row.status, 'better')
  assert.ok(row.relative !== null && (row.relative.lower === null || row.relative.lower > 0), JSON.stringify(row))
})

test('EX58 the relative interval is the set of changes that its contrast does not refuse', () => {
  const random = createRandom(5)
  for (const mean of [20, -20]) {
    const control = toMoments(Array.from({ length: 30 }, () => mean + 10 * random.normal()))
    const treatment = toMoments(Array.from({ length: 40 }, () => mean + 4 + 10 * random.normal()))
    const found = computeRelativeInterval({ type: 'mean', control, treatment }, 2)
    assert.ok(found !== undefined && found.lower !== null && found.upper !== null)
    const size = Math.abs(control.sum / control.n)
    const variance = ({ n, sum, sumSquares = 0 }: Moments): number => (sumSquares - (sum * sum) / n) / (n - 1) / n
    // The contrast μt − μc − δ|μc| in standard errors, at each end of the interval.
    for (const delta of [found.lower, found.upper]) {
      const contrast = treatment.sum / treatment.n - control.sum / control.n - delta * size
      const se = Math.sqrt(variance(treatment) + (1 + delta * Math.sign(mean)) ** 2 * variance(control))
      assert.ok(Math.abs(Math.abs(contrast / se) - 2) < 1e-9, `${delta}: ${contrast / se}`)
    }
    const absolute = computeDifference({ type: 'mean', control, treatment })
    assert.ok(Math.abs(found.estimate / found.se - (absolute?.estimate ?? 0) / (absolute?.se ?? 1)) < 1e-9)
  }
})
