// Rules of flags in words.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayAssign, sayCriterion, sayRule, sayWho } from './rule-words.ts'

test('EXW1 every comparison of a criterion has words', () => {
  assert.equal(sayCriterion({ attribute: 'plan', eq: 'premium' }), 'plan is “premium”')
  assert.equal(sayCriterion({ attribute: 'age', range: { min: 18, max: 30 } }), 'age from 18 to 30')
  assert.equal(sayCriterion({ attribute: 'age', range: { min: 18 } }), 'age at least 18')
  assert.equal(sayCriterion({ attribute: 'country', in: ['PT', 'ES'] }), 'country is one of “PT”, “ES”')
  assert.equal(sayCriterion({ attribute: 'app', startsWith: 'web', contains: 'beta' }), 'app begins with “web” and contains “beta”')
  assert.equal(sayCriterion({ segment: 'evening' }), 'in the segment evening')
})

test('EXW2 groups inside groups stand in brackets', () => {
  const plan = { attribute: 'plan', eq: 'premium' }
  assert.equal(sayCriterion({ and: [plan, { or: [{ segment: 'evening' }, { not: { segment: 'new' } }] }] }), 'plan is “premium” and (in the segment evening or not in the segment new)')
  assert.equal(sayCriterion({ not: plan }), 'plan is not “premium”')
  assert.equal(sayCriterion({ not: { and: [plan, { segment: 'new' }] } }), 'not (plan is “premium” and in the segment new)')
  assert.equal(sayCriterion({ and: [plan] }), 'plan is “premium”')
})

test('EXW3 an assignment names every share, and what is left', () => {
  assert.equal(sayAssign([{ variant: 'a', share: 1 }]), 'a')
  assert.equal(sayAssign([{ variant: 'a', share: 0.5 }, { variant: 'b', share: 0.2 }]), 'a 50\u202f%, b 20\u202f%, the client’s default 30\u202f%')
  assert.equal(sayAssign('client-default'), 'the client’s own default')
  assert.equal(sayAssign('fall-through'), 'what the next rule says')
})

test('EXW4 a rule says who gets what', () => {
  const when = { attribute: 'plan', eq: 'premium' }
  assert.equal(sayWho({ share: 0.4, when }), '40\u202f% of those where plan is “premium”')
  assert.equal(sayRule({ share: 1, assign: [{ variant: 'popularity', share: 1 }] }), 'Everybody gets popularity')
  assert.equal(sayRule({ share: 1, when, assign: [{ variant: 'a', share: 1 }] }), 'Where plan is “premium”: a')
})
