// A readout made ready for charts and sentences.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MetricRow, Readout } from '../src/contract.ts'
import { formatMean, nameSplit, nameState, powerOfEach, sayLead, saySplit } from './experiment-words.ts'
import { sayLook, toEffectGroups, toSequence } from './readout-model.ts'

const row = (metric: string, role: MetricRow['role'], status: MetricRow['status'], estimate = 0.1): MetricRow => ({
  metric, role, status, variant: 'personal', better: 'higher', unitLabel: null, margin: role === 'guardrail' ? 0.05 : null,
  control: { units: 10, mean: 1 }, treatment: { units: 10, mean: 1.1 }, absolute: null,
  relative: { estimate, lower: estimate - 0.05, upper: estimate + 0.05, se: 0.02 }, p: 0.01, alpha: 0.0124, alphaAllLooks: 0.05, boundZ: 2.5, caveat: null, detectable: 0.05, power: 0.8,
})

const look = (at: number, se: number, boundZ: number): Readout['looks'][number] => ({
  look: at, day: `2026-09-0${at}`, takenAt: '', units: 10, decision: 'not-yet',
  metrics: [{ metric: 'savers', variant: 'personal', relative: { estimate: 0.1, lower: 0, upper: 0.2, se }, p: 0.1, boundZ, status: 'not yet clear' }],
})

test('EXW5 metrics stand under the role they were promised in, coloured only where one must act', () => {
  const groups = toEffectGroups([row('skips', 'watched', 'no change seen'), row('minutes', 'guardrail', 'past margin'), row('savers', 'success', 'better'), { ...row('savers', 'success', 'better'), variant: 'other' }], 'personal')
  assert.deepEqual(groups.map((group) => [group.title, group.rows.map((one) => [one.metric, one.tone, one.decides])]), [
    ['Success', [['Savers', 'good', true]]],
    ['Guardrail', [['Minutes', 'bad', true]]],
    ['Also watched', [['Skips', undefined, true]]],
  ])
})

test('EXW6 bounds of looks taken use their own error, those ahead the error that is left then', () => {
  const plan = [1, 2, 3, 4].map((at) => ({ look: at, day: null, fraction: at / 4, boundZ: [8, 4, 3, 2][at - 1] ?? 0 }))
  const { points, bounds } = toSequence({ looks: [look(1, 0.2, 8), look(2, 0.1, 4)], plan }, 'savers', 'personal')
  assert.equal(points.length, 2)
  assert.equal(bounds[0], null, 'far too wide to draw')
  assert.equal(bounds[1], 0.4)
  assert.ok(Math.abs((bounds[3] ?? 0) - 2 * 0.1 * Math.sqrt(0.5)) < 1e-12)
  assert.deepEqual(toSequence({ looks: [], plan }, 'savers', 'personal').bounds, [null, null, null, null])
})

test('EXW7 the lead says what moved and what is guarded', () => {
  const experiment = { state: 'running' as const }
  const verdict = { decision: 'ship' as const, sentence: 'Ship it.', variant: 'personal', reasons: [] }
  assert.equal(sayLead({ experiment, verdict, metrics: [row('savers', 'success', 'better'), row('minutes', 'guardrail', 'within margin')] }), 'Savers rose 10.0\u202f% with personal. Nothing that is guarded got worse.')
  assert.equal(sayLead({ experiment, verdict, metrics: [row('savers', 'success', 'not yet clear', -0.02), row('minutes', 'guardrail', 'not yet clear')] }), 'Savers so far: −2.0\u202f% with personal, which may be chance. Minutes may still be past the margin.')
  assert.equal(sayLead({ experiment, verdict, metrics: [] }), undefined)
  assert.equal(sayLead({ experiment, verdict: { ...verdict, decision: 'invalid' }, metrics: [row('savers', 'success', 'better')] }), undefined)
  assert.equal(sayLook(row('savers', 'success', 'better'), 9), 'Savers on day 9: +10.0\u202f% (5.0 to 15.0), better')
})

test('EXW8 states and splits use the one vocabulary', () => {
  const verdict = { decision: 'not-yet' as const, sentence: '', variant: null, reasons: [] }
  assert.deepEqual(nameState({ state: 'running', day: 0, days: 14, shipped: null, verdict }), { state: 'running', label: 'Day 1 of 14' })
  assert.deepEqual(nameState({ state: 'running', day: 9, days: 14, shipped: null, verdict: { ...verdict, decision: 'invalid' } }), { state: 'failed', label: 'Day 9 of 14' })
  assert.deepEqual(nameState({ state: 'stopped', day: 5, days: 14, shipped: null, verdict }), { state: 'stopped', label: 'Stopped on day 5' })
  assert.deepEqual(nameState({ state: 'stopped', day: 5, days: 14, shipped: 'personal', verdict }), { state: 'stopped', label: 'Shipped personal' })
  assert.deepEqual(nameSplit({ chiSquare: 20, df: 1, p: 0.000041, alert: true }), { state: 'failed', label: 'off, p = 0.000041' })
  assert.match(saySplit({ sampleRatio: { chiSquare: 20, df: 1, p: 0.000041, alert: true }, arms: [{ variant: 'a', role: 'control', units: 600, share: 0.6, expectedShare: 0.5 }, { variant: 'b', role: 'treatment', units: 400, share: 0.4, expectedShare: 0.5 }] }), /b has 40\.0.%, promised 50\.0/)
})

test('EXW9 means are written as their metric counts', () => {
  assert.equal(formatMean(0.064, { type: 'proportion' }), '6.4\u202f%')
  assert.equal(formatMean(31.24, { type: 'mean', unitLabel: 'min' }), '31.2\u202fmin')
})

test('EXW14 where a relative change has no bounds the difference itself stands, or a dash; each metric is named once', () => {
  const zero: MetricRow = { ...row('minutes', 'success', 'better'), relative: null, absolute: { estimate: 35.1, lower: 34.3, upper: 35.9, se: 0.4 }, caveat: 'control is zero, so there is no relative change' }
  const silent: MetricRow = { ...zero, metric: 'savers', absolute: null, status: 'not yet clear' }
  assert.deepEqual(toEffectGroups([zero, silent, row('plays', 'success', 'better')], 'personal')[0]?.rows.map((one) => one.instead), ['35.1 (34.3 to 35.9)', '—', undefined])
  const verdict = { decision: 'ship' as const, sentence: 'Ship it.', variant: 'personal', reasons: [] }
  assert.equal(sayLead({ experiment: { state: 'running' }, verdict, metrics: [zero] }), 'Minutes rose with personal.')
  assert.deepEqual(nameSplit({ chiSquare: 90, df: 1, p: 1e-9, alert: true }), { state: 'failed', label: 'off, p < 0.000001' })
  assert.equal(powerOfEach({ guardrails: [{ metric: 'a', margin: 0.1 }] }), 0.9)
})
