// What is asked before an experiment changes what people see.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Readout } from '../src/contract.ts'
import { sayAct } from './act-words.ts'

const readout = (decision: Readout['verdict']['decision'], sentence: string) => ({
  experiment: {
    flag: 'shelf', day: 9,
    definition: { id: 'x', owner: 'squad-discovery', hypothesis: '', flag: 'shelf', control: 'popular', treatments: ['personal'], share: 0.4, when: { attribute: 'plan', eq: 'premium' }, success: ['savers'], guardrails: [], days: 14 },
  },
  exposures: { units: 1800, inSeveralVariants: 0 },
  arms: [{ variant: 'popular', role: 'control' as const, units: 913, share: 0.51, expectedShare: 0.5 }, { variant: 'personal', role: 'treatment' as const, units: 887, share: 0.49, expectedShare: 0.5 }],
  verdict: { decision, sentence, variant: 'personal', reasons: [] },
})

test('EXW13 every act names how many units it concerns', () => {
  const ship = sayAct({ kind: 'ship', variant: 'personal' }, readout('ship', 'Ship it.'))
  assert.equal(ship.title, 'Ship personal to everyone?')
  assert.match(ship.says.join(' '), /^913 of 1,800 units have another variant today/)
  assert.match(sayAct({ kind: 'stop' }, readout('not-yet', 'Not yet.')).says.join(' '), /^887 of 1,800 units have a treatment/)
  assert.match(sayAct({ kind: 'start' }, readout('not-yet', '')).says.join(' '), /^40.% of those where plan is “premium” are split evenly over 2 arms of shelf, from now on for 14 days\./)
})

test('EXW13 before the first look nobody is counted', () => {
  const early = { ...readout('not-yet', 'Not yet.'), exposures: { units: 0, inSeveralVariants: 0 } }
  assert.match(sayAct({ kind: 'ship', variant: 'personal' }, early).says[0] ?? '', /^Nobody has met the flag in a look yet/)
  assert.equal(sayAct({ kind: 'stop' }, early).verb, 'Stop the experiment')
})

test('EXW13 an act against the readout is told so', () => {
  assert.match(sayAct({ kind: 'ship', variant: 'personal' }, readout('do-not-ship', 'Do not ship: minutes fell.')).says.at(-1) ?? '', /does not say so: Do not ship: minutes fell\.$/)
  assert.match(sayAct({ kind: 'stop' }, readout('ship', 'Ship it.')).says.at(-1) ?? '', /says otherwise: Ship it\.$/)
  assert.equal(sayAct({ kind: 'ship', variant: 'personal' }, readout('ship', 'Ship it.')).says.length, 1)
})
