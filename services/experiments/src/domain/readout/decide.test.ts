// The decision rule on made-up experiments: how often it is wrong, and what it says.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, type Random } from '@rondo/random'
import type { ExperimentDefinition, MetricDefinition } from '../../contract.ts'
import { classify } from './classify.ts'
import { computeLook, type ComputedLook } from './compute-look.ts'
import { createBoundsFinder } from './plan-bounds.ts'
import type { Sample } from './sample.ts'
import { wordP } from './wording.ts'

const findBounds = createBoundsFinder()
const metric = (name: string, better: 'higher' | 'lower' = 'higher'): MetricDefinition => ({ name, owner: 'x', description: '', type: 'mean', endpoint: 'e', unit: 'u', column: 'c', better })
const metrics = new Map([metric('saves'), metric('minutes-listened'), metric('skips', 'lower')].map((one) => [one.name, one]))
const definition: ExperimentDefinition = { id: 'x', owner: 'x', hypothesis: '', flag: 'f', control: 'a', treatments: ['b'], share: 1, success: ['saves'], guardrails: [{ metric: 'minutes-listened', margin: 0.1 }], days: 10 }

/** Arms whose means after a look have the sampling error of `unitsADay` new units a day, drawn day by day. */
function simulate(random: Random, effects: Record<string, number>, days: number, unitsADay = 200, plan = definition): ComputedLook[] {
  const sums = new Map<string, number>()
  const looks: ComputedLook[] = []
  for (let day = 1; day <= days; day += 1) {
    const n = day * unitsADay
    const arms: Sample['arms'] = ['a', 'b'].map((variant) => {
      const moments: Sample['arms'][number]['moments'] = {}
      for (const name of metrics.keys()) {
        const mean = 10 * (1 + (variant === 'b' ? (effects[name] ?? 0) : 0))
        const key = `${variant}/${name}`
        const sum = (sums.get(key) ?? 0) + unitsADay * mean + Math.sqrt(unitsADay) * 3 * random.normal()
        sums.set(key, sum)
        moments[name] = { n, sum, sumSquares: (n - 1) * 9 + (sum * sum) / n }
      }
      return { variant, units: n, moments }
    })
    looks.push(computeLook(plan, metrics, { arms, inSeveralVariants: 0 }, day, findBounds))
  }
  return looks
}

test('EX50 without an effect, over all daily looks, a win or a regression is as rare as alpha says', () => {
  const random = createRandom(11)
  const runs = 1500
  const plan = { ...definition, guardrails: [] }
  let wins = 0
  let regressions = 0
  for (let run = 0; run < runs; run += 1) {
    const looks = simulate(random, {}, 10, 200, plan)
    if (looks.some((look) => look.metrics[0]?.status === 'better')) wins += 1
    if (looks.some((look) => look.metrics[0]?.status === 'worse')) regressions += 1
  }
  const tolerance = 4 * Math.sqrt((0.025 * 0.975) / runs)
  assert.ok(Math.abs(wins / runs - 0.025) < tolerance, `wins ${wins / runs}`)
  assert.ok(Math.abs(regressions / runs - 0.025) < tolerance, `regressions ${regressions / runs}`)
})

test('EX51 a planted gain ships, a planted loss does not, and both are found with their sign', () => {
  const random = createRandom(12)
  const gain = simulate(random, { saves: 0.06 }, 10).at(-1)
  assert.deepEqual([gain?.verdict.decision, gain?.verdict.sentence], ['ship', 'Ship it.'])
  const loss = simulate(random, { saves: 0.06, 'minutes-listened': -0.06 }, 10).at(-1)
  assert.deepEqual([loss?.verdict.decision, loss?.verdict.sentence], ['do-not-ship', 'Do not ship: minutes listened fell.'])
  const far = simulate(random, { 'minutes-listened': -0.3 }, 10).at(-1)
  assert.equal(far?.verdict.sentence, 'Do not ship: minutes listened fell past the margin.')
  const skips = simulate(random, { skips: 0.1 }, 10, 200, { ...definition, success: ['skips'] }).at(-1)
  assert.equal(skips?.verdict.sentence, 'Do not ship: skips rose.')
})

test('EX52 a win waits for a whole week', () => {
  const early = simulate(createRandom(13), { saves: 0.2 }, 3).at(-1)
  assert.deepEqual([early?.verdict.decision, early?.verdict.sentence], ['not-yet', 'Not yet: it looks better, and 4 more days make a whole week.'])
})

test('EX53 not yet says how many days give the power, or that the plan is too short', () => {
  const flat = { saves: 0, 'minutes-listened': 0 }
  const wait = simulate(createRandom(14), flat, 2).at(-1)
  assert.match(wait?.verdict.sentence ?? '', /^Not yet: \d+ more days? gives? 80 % power\.$/)
  const short = simulate(createRandom(14), flat, 2, 10).at(-1)
  assert.match(short?.verdict.sentence ?? '', /^Not yet: 8 days left, but 80 % power for 5 % would take \d+ days in all\.$/)
})

test('EX54 classes: each has its case', () => {
  const random = createRandom(15)
  const classOf = (look: ComputedLook | undefined) => (look === undefined ? undefined : classify(look.verdict, { definition, ...look }))
  assert.equal(classOf(simulate(random, { saves: 0.06 }, 10).at(-1)), 'win')
  assert.equal(classOf(simulate(random, { 'minutes-listened': -0.3 }, 10).at(-1)), 'regression found')
  assert.equal(classOf(simulate(random, {}, 10, 2000).at(-1)), 'neutral and powered')
  assert.equal(classOf(simulate(random, {}, 10, 5).at(-1)), 'inconclusive')
  assert.equal(classify({ decision: 'invalid', sentence: '', variant: null, reasons: [] }, undefined), 'invalid')
})

test('EX61 reasons name a metric once, whatever the number of treatments, and p in plain digits', () => {
  const moments = (n: number, mean: number) => ({ n, sum: n * mean, sumSquares: (n - 1) * 9 + n * mean * mean })
  const plan = { ...definition, treatments: ['b', 'c'] }
  const arms = [['a', 900], ['b', 300], ['c', 300]].map(([variant, n]) => ({ variant: String(variant), units: Number(n), moments: { saves: moments(Number(n), 10), 'minutes-listened': moments(Number(n), 10), skips: moments(Number(n), 10) } }))
  const texts = computeLook(plan, metrics, { arms, inSeveralVariants: 0 }, 1, findBounds).verdict.reasons.map((reason) => reason.text)
  assert.deepEqual(texts.slice(2), ['Minutes listened: not shown to be inside the margin', 'No metric of 2 deteriorated', 'The split is off, p < 0.000001'])
  assert.deepEqual([0.6412, 0.0412, 0.0000412, 0.00000123].map(wordP), ['p = 0.64', 'p = 0.041', 'p = 0.0000412', 'p = 0.0000012'])
})
