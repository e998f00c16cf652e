// Which value of a sealed part stands in which column.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findPersonalValue } from './personal-value.ts'

const names = new Set(['id', 'userId', 'context', 'query', 'properties_id', 'properties'])

test('EV65 a sealed property stands in its own column, one whose name clashes in the prefixed one, and all others in one', () => {
  const part = { p: { query: 'jazz', id: 'own', email: 'x', n: 5, list: [1] }, c: { ip: 'y' } }
  assert.equal(findPersonalValue(part, 'query', names), 'jazz')
  assert.equal(findPersonalValue(part, 'properties_id', names), 'own')
  assert.equal(findPersonalValue(part, 'properties', names), '{"email":"x","n":5,"list":[1]}')
  assert.equal(findPersonalValue(part, 'context', names), '{"ip":"y"}')
  assert.equal(findPersonalValue({ p: { n: 5, list: [1], no: null } }, 'n', new Set(['n'])), '5')
  assert.equal(findPersonalValue({ p: { list: [1] } }, 'list', new Set(['list'])), '[1]')
  assert.equal(findPersonalValue({ p: { no: null } }, 'no', new Set(['no'])), null)
  assert.equal(findPersonalValue({}, 'query', names), null)
})
