// Buffers come back, never to two at once, and idle ones are bounded.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createBufferPool } from './index.ts'

it('a buffer that was given back is taken again by one, for sizes that fit it', () => {
  const pool = createBufferPool(100_000)
  const first = pool.take(5000)
  const second = pool.take(5000)
  assert.ok(first.byteLength >= 5000 && first.buffer !== second.buffer && first.byteOffset === 0)
  pool.give(first)
  assert.equal(pool.take(8192), first)
  assert.notEqual(pool.take(8192), first)
  pool.give(second)
  assert.notEqual(pool.take(8193), second)
  assert.equal(pool.take(0).byteLength, 4096)
})

it('no more idle bytes are kept than told', () => {
  const pool = createBufferPool(10_000)
  const buffers = [pool.take(4096), pool.take(4096), pool.take(4096)]
  for (const buffer of buffers) pool.give(buffer)
  const again = [pool.take(4096), pool.take(4096), pool.take(4096)]
  assert.equal(again.filter((buffer) => buffers.includes(buffer)).length, 2)
})
