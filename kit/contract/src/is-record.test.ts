// Which values count as a JSON object.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isRecord } from './index.ts'

it('CON7 an object is a record; null, an array and everything else are not', () => {
  assert.deepEqual([{}, { a: null }].map(isRecord), [true, true])
  assert.deepEqual([null, undefined, [], [{}], 'text', 1, true, () => ({})].map(isRecord), Array(8).fill(false))
})
