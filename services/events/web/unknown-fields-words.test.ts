// Words for fields that nobody reads.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayUnknownFields } from './unknown-fields-words.ts'

test('EV144 the page of a type names the fields that nobody reads, how often they came and what was meant', () => {
  const lastAt = '2026-09-21T09:00:00.000Z'
  const fields = [{ field: 'user_id', count: 120, lastAt, meant: 'userId' }, ...['a', 'b', 'c', 'd', 'e'].map((field) => ({ field, count: 1, lastAt, meant: null }))]
  assert.match(sayUnknownFields(fields), /^user_id in 120 \(did you mean userId\?\), a in 1, b in 1, c in 1, d in 1 and 1 more\. Counted since/)
})
