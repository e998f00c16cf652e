// What is taken out of an event, and what stays.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findColumns } from './bucket-columns.ts'
import { findPersonalPlan, takePersonal } from './personal-part.ts'

const field = (personal: string, more: object = {}) => ({ type: 'string', personal, ...more })
const planOf = (properties: object, more: object = { additionalProperties: false }) => findPersonalPlan(findColumns([{ type: 'object', properties, ...more }]))

test('EV60 of an event its personal properties and its context are sealed as one; a type without any costs nothing', () => {
  const plan = planOf({ query: field('narrow'), results: { type: 'integer', personal: 'none' } })
  assert.equal(plan.holds, true)
  const { rest, part } = takePersonal({ id: 'a', userId: 'u', properties: { query: 'jazz', results: 3 }, context: { ip: '192.0.2.7', client: { id: 'c', sequence: 1 } } }, plan)
  assert.deepEqual(rest, { id: 'a', userId: 'u', properties: { results: 3 }, context: { client: { id: 'c', sequence: 1 } } })
  assert.deepEqual(part, { p: { query: 'jazz' }, c: { ip: '192.0.2.7', client: { id: 'c', sequence: 1 } } })
  assert.equal(planOf({ trackId: field('none') }).holds, false)
  const plain = { id: 'a', userId: 'u', properties: { trackId: 't' }, context: { client: { id: 'c', sequence: 1 } } }
  assert.equal(takePersonal(plain, planOf({ trackId: field('none') })).rest, plain)
})

test('EV60 what is personal within a field, or by any model, or named by no schema, is sealed', () => {
  assert.equal(planOf({ address: field('none', { type: 'object', properties: { street: field('strict') } }) }).clear.has('address'), false)
  assert.equal(planOf({ names: { type: 'array', personal: 'none', items: { type: 'object', properties: { name: field('narrow') } } } }).clear.has('names'), false)
  assert.equal(planOf({ tags: { type: 'array', personal: 'none', items: { type: 'string' } } }).clear.has('tags'), true)
  const both = findPersonalPlan(findColumns([{ type: 'object', properties: { a: field('none') }, additionalProperties: false }, { type: 'object', properties: { a: field('narrow') }, additionalProperties: false }]))
  assert.equal(both.clear.has('a'), false)
  const { part } = takePersonal(JSON.parse('{"id":"a","properties":{"a":1,"__proto__":{"email":"x"}}}'), planOf({ a: field('none') }, {}))
  assert.equal(JSON.stringify(part), '{"p":{"__proto__":{"email":"x"}}}')
})

test('EV61 a property that repeats the user of the event stays beside it', () => {
  const plan = planOf({ unit: field('narrow') })
  assert.equal(takePersonal({ id: 'a', userId: 'u1', properties: { unit: 'u1' } }, plan).part, undefined)
  assert.deepEqual(takePersonal({ id: 'a', userId: 'u1', properties: { unit: 'u2' } }, plan).part, { p: { unit: 'u2' } })
})
