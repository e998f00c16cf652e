// What opens, and what does not.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { open, readKey, seal } from './seal.ts'

test('what was sealed opens under its key and label only, whole, and never reads the same twice', () => {
  const key = readKey(randomBytes(32))
  const sealed = seal(key, 'search-made', '{"query":"jazz für alle"}')
  assert.equal(open(key, 'search-made', sealed)?.toString(), '{"query":"jazz für alle"}')
  assert.equal(open(readKey(randomBytes(32)), 'search-made', sealed), undefined)
  assert.equal(open(key, 'track-played', sealed), undefined)
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] as number) ^ 1
    assert.equal(open(key, 'search-made', changed), undefined)
  }
  assert.equal(open(key, 'search-made', sealed.subarray(0, 20)), undefined)
  const nonces = new Set(Array.from({ length: 2000 }, () => seal(key, '', 'x').subarray(0, 12).toString('hex')))
  assert.equal(nonces.size, 2000)
})
