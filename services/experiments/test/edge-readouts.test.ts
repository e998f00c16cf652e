// Readouts as a stranger would try to break them: each says clearly what it knows, and no number on the wire is none.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkValue } from '@rondo/contract'
import { experimentsContract, type MetricRow, type Readout } from '../src/contract.ts'
import { admin, endDay, exposeUnits, openHouse, putShelf, shelfTest, type House } from './house.ts'

type Behave = (unit: string, variant: string, index: number) => { minutes: number; saves: number }

/** One day of an experiment whose plan is that day; `keep` says which arms meet the flag at all. */
async function readDay(house: House, behave: Behave, { units = 200, keep = ['popular', 'personal'] }: { units?: number; keep?: string[] } = {}): Promise<Readout> {
  await putShelf(house)
  await house.api.createExperiment({ body: { ...shelfTest, success: ['minutes-listened'], guardrails: [{ metric: 'savers', margin: 0.1 }], days: 1, autoStart: true } }, admin)
  const arms = units === 0 ? new Map<string, string>() : await exposeUnits(house, units)
  house.exposures.splice(0, house.exposures.length, ...house.exposures.filter((row) => keep.includes(row.variant)))
  let index = 0
  await endDay(house, (unit) => behave(unit, arms.get(unit) ?? '', index++), arms.keys())
  return onTheWire(await house.api.readout({ id: shelfTest.id }, admin))
}

/** The shapes hold (a number that is none would have become null), and no word gives one away. */
function onTheWire(readout: Readout): Readout {
  const text = JSON.stringify(readout)
  checkValue(experimentsContract.routes.readout.result, JSON.parse(text), 'readout')
  assert.doesNotMatch(text, /NaN|Infinity|undefined/)
  return readout
}

const find = (readout: Readout, metric: string): MetricRow => readout.metrics.find((row) => row.metric === metric) ?? assert.fail(`no ${metric}`)
const firstReason = (readout: Readout): string => readout.verdict.reasons[0]?.text ?? ''

test('EX60 before the first look, and when nobody was exposed', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await house.api.createExperiment({ body: { ...shelfTest, days: 2, autoStart: true } }, admin)
  assert.match(onTheWire(await house.api.readout({ id: shelfTest.id }, admin)).verdict.sentence, /^Not yet: the first look comes when/)
  await endDay(house, () => ({ minutes: 1, saves: 1 }), ['somebody'])
  const open = onTheWire(await house.api.readout({ id: shelfTest.id }, admin))
  assert.equal(open.verdict.sentence, 'Not yet: no unit has been measured; 1 day left.')
  assert.equal(firstReason(open), 'Savers: no unit has been measured, not yet clear')
  assert.deepEqual([open.metrics[0]?.control, open.metrics[0]?.absolute, open.metrics[0]?.p], [{ units: 0, mean: null }, null, null])
  await endDay(house, () => ({ minutes: 1, saves: 1 }), ['somebody'])
  const done = onTheWire(await house.api.readout({ id: shelfTest.id }, admin))
  assert.deepEqual([done.verdict.sentence, done.experiment.learningClass], ['Do not ship: no unit has been measured.', 'inconclusive'])
  assert.equal((await house.api.learning({}, admin)).rows[0]?.wouldHaveTaught, 'Values that can be compared: no unit has been measured.')
})

test('EX60 an arm that nobody met is an invalid split, and its metrics say why they are silent', async () => {
  for (const [keep, caveat] of [[['popular'], 'no unit in the treatment'], [['personal'], 'no unit in control']] as const) {
    await using house = await openHouse()
    const readout = await readDay(house, () => ({ minutes: 5, saves: 1 }), { keep: [...keep] })
    assert.equal(readout.verdict.decision, 'invalid')
    assert.deepEqual(readout.metrics.map((row) => row.caveat), [caveat, caveat])
  }
  await using small = await openHouse()
  const readout = await readDay(small, () => ({ minutes: 5, saves: 1 }), { units: 5, keep: ['popular'] })
  assert.equal(readout.verdict.sentence, 'Do not ship: no unit in the treatment.')
})

test('EX60 values that never vary: the same everywhere, or another in each arm', async () => {
  await using same = await openHouse()
  const alike = await readDay(same, () => ({ minutes: 0.1, saves: 1 }))
  assert.deepEqual(alike.metrics.map((row) => [row.status, row.caveat]), [['no change seen', 'every unit has the same value'], ['not yet clear', 'every unit has the same value']])
  assert.equal(alike.verdict.sentence, 'Do not ship: every unit has the same value.')
  await using apart = await openHouse()
  const unlike = await readDay(apart, (_unit, variant) => ({ minutes: variant === 'personal' ? 2 : 1, saves: variant === 'personal' ? 1 : 0 }))
  for (const row of unlike.metrics) assert.equal(row.caveat, 'the values of each arm do not vary, and without spread nothing can be tested')
  assert.deepEqual([find(unlike, 'savers').control.mean, find(unlike, 'savers').treatment.mean], [0, 1])
})

test('EX60 control at zero: the difference decides, in its own unit', async () => {
  await using house = await openHouse()
  const readout = await readDay(house, (_unit, variant, index) => ({ minutes: variant === 'personal' ? index % 7 : 0, saves: 0 }))
  const row = find(readout, 'minutes-listened')
  assert.deepEqual([row.status, row.relative, row.caveat], ['better', null, 'control is zero, so there is no relative change'])
  assert.match(firstReason(readout), /^Minutes listened: \+\d\.\d+ \(\+\d\.\d+ to \+\d\.\d+\), better$/)
})

test('EX60 huge and negative values', async () => {
  await using huge = await openHouse()
  const large = find(await readDay(huge, (_unit, variant, index) => ({ minutes: (variant === 'personal' ? 1.2e15 : 1e15) + (index % 10) * 1e14, saves: 1 })), 'minutes-listened')
  assert.equal(large.status, 'better')
  assert.ok(Math.abs((large.relative?.estimate ?? 0) - 0.2 / 1.45) < 0.05, JSON.stringify(large))
  await using negative = await openHouse()
  const below = find(await readDay(negative, (_unit, variant, index) => ({ minutes: (variant === 'personal' ? -12 : -10) + (index % 3) * 0.1, saves: 1 })), 'minutes-listened')
  assert.equal(below.status, 'worse')
  assert.ok((below.relative?.upper ?? 0) < 0 && (below.absolute?.upper ?? 0) < 0, JSON.stringify(below))
})

test('EX60 a spread lost to rounding is none, and what cannot be summed is said', async () => {
  await using fine = await openHouse()
  const lost = find(await readDay(fine, (_unit, variant, index) => ({ minutes: 1e15 + (variant === 'personal' ? 2 : 0) + (index % 2) * 0.5, saves: 1 })), 'minutes-listened')
  assert.deepEqual([lost.absolute, lost.status], [null, 'no change seen'], JSON.stringify(lost))
  await using over = await openHouse()
  const endless = await readDay(over, (_unit, _variant, index) => ({ minutes: 1e300 * (1 + (index % 3)), saves: 1 }))
  assert.deepEqual([find(endless, 'minutes-listened').absolute, find(endless, 'minutes-listened').caveat], [null, 'values are too large to be summed, or no numbers'])
  assert.equal(endless.verdict.sentence, 'Do not ship: values are too large to be summed, or no numbers.')
})
