// Attributes as people type them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAttributes } from './parse-attributes.ts'

test('EXW12 pairs become text, numbers and truth values; quotes keep blanks and text', () => {
  assert.deepEqual(parseAttributes('plan=premium age=24 beta=true  city="New York" zip="0815"'), { values: { plan: 'premium', age: 24, beta: true, city: 'New York', zip: '0815' } })
  assert.deepEqual(parseAttributes('  '), { values: {} })
  assert.deepEqual(parseAttributes('plan'), { problem: '“plan” is no pair: write name=value.' })
})
