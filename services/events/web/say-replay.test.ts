// What a replay says it did.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addReplay, saySamples, sayReplay } from './say-replay.ts'

test('EVW9 a replay names what was delivered, what still does not fit, and what came twice', () => {
  assert.deepEqual(sayReplay({ examined: 112, accepted: 80, duplicate: 2, stillDead: 30 }), {
    title: '80 letters of 112 were delivered.',
    rest: '30 still do not fit: change the schema, or ask the sender. 2 had been sent again meanwhile and count once.',
  })
  assert.deepEqual(sayReplay({ examined: 1, accepted: 1, duplicate: 0, stillDead: 0 }), { title: '1 letter of 1 was delivered.', rest: '' })
  assert.deepEqual(sayReplay({ examined: 2, accepted: 0, duplicate: 0, stillDead: 2 }), { title: 'None of 2 letters fits the schema of today.', rest: '2 still do not fit: change the schema, or ask the sender.' })
})

test('EVW9 a replay in several calls says what all of them did', () => {
  const first = addReplay(undefined, { examined: 10, accepted: 7, duplicate: 1, stillDead: 2 })
  assert.deepEqual(addReplay(first, { examined: 3, accepted: 0, duplicate: 0, stillDead: 3 }), { examined: 13, accepted: 7, duplicate: 1, stillDead: 5 })
})

test('EV143 a dry run says how many of its letters are shown, and shows all when asked', () => {
  assert.deepEqual([saySamples(3, 112), saySamples(20, 20)], ['The oldest 3 of 112 are shown.', 'All 20 are shown.'])
})
