// When it is tried again, and how long it waits before.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createCtx } from '@rondo/context'
import { createRandom } from '@rondo/random'
import { computePauseMs, createRetry } from './retry.ts'

it('OB20 pauses grow twofold to five seconds, and chance spreads them from nothing on', () => {
  assert.deepEqual([1, 2, 3, 7, 8, 9, 50].map((attempt) => computePauseMs(attempt, 0.5)), [25, 50, 100, 1600, 2500, 2500, 2500])
  assert.equal(computePauseMs(5, 0), 0)
})

it('OB20 each try waits its own pause, until one succeeds', async () => {
  const pauses: number[] = []
  const retry = createRetry({ random: createRandom(1), wait: async (ms) => void pauses.push(ms) })
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
  const answer = await retry(createCtx(), async (attempt) => (attempt < 5 ? Promise.reject(reset) : attempt))
  assert.deepEqual([answer, pauses.length], [5, 4])
  assert.ok(pauses.every((ms, index) => ms < 50 * 2 ** index))
})

it('OB20 a pause ends when its caller leaves', async () => {
  const leaving = new AbortController()
  const retry = createRetry({ random: createRandom(1), wait: (_, signal) => new Promise((_done, fail) => signal.addEventListener('abort', () => fail(new Error('left')))) })
  const work = retry(createCtx({ signal: leaving.signal }), () => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' })))
  setImmediate(() => leaving.abort())
  await assert.rejects(work, { code: 'CANCELLED' })
})
