// What happens when the collector wants no more of this, when nobody listens, and when those who do break.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRondo } from '../src/index.ts'
import { accepted, events, open, type Music, type Scripted } from './scripted-collector.ts'

const HOUR_MS = 3_600_000

test('JS33 an answer about the key or the address is told once and keeps the events: they rest an hour, or until a flush', async () => {
  for (const status of [401, 403, 404, 302]) {
    let isMended = false
    const { rondo, sent, results, errors, time } = open((request) => (isMended ? accepted(request) : { status, body: { code: 'WRITE_KEY_WRONG' } }))
    rondo.track('track-played', { trackId: 'a' })
    await time.advance(HOUR_MS / 2)
    rondo.track('track-played', { trackId: 'b' })
    await time.advance(HOUR_MS / 4)
    assert.deepEqual([sent.length, results.length, errors.map(({ code, count }) => [code, count])], [1, 0, [[`HTTP_${status}`, 1]]])
    assert.match(errors[0]?.message ?? '', /WRITE_KEY_WRONG/)
    isMended = true
    await time.advance(HOUR_MS / 2)
    assert.deepEqual(results.map(({ status }) => status), ['accepted', 'accepted'])
  }
  let isMended = false
  const { rondo, sent, results } = open((request) => (isMended ? accepted(request) : { status: 401 }))
  rondo.track('track-played', { trackId: 'a' })
  await rondo.flush()
  isMended = true
  await rondo.flush()
  assert.deepEqual([sent.length, results.length], [2, 1])
})

test('JS34 what is too large goes again in halves, each event once; only one that is too large alone is refused', async () => {
  const script = (request: Parameters<typeof accepted>[0]): Scripted => (events(request).length > 3 || JSON.stringify(request.body).includes('huge') ? { status: 413 } : accepted(request))
  const { rondo, sent, results, errors } = open(script, { flushAt: 100 })
  for (let i = 0; i < 40; i += 1) rondo.track('track-played', { trackId: i === 7 ? 'huge' : String(i) })
  await rondo.flush()
  assert.equal(results.length, 40)
  assert.deepEqual(results.filter(({ status }) => status !== 'accepted').map(({ id, reason }) => [id, reason]), [['id-8', 'HTTP_413']])
  assert.deepEqual(errors.map(({ code, count }) => [code, count]), [['HTTP_413', 1]])
  assert.ok(sent.length < 60, `${sent.length} requests`)
})

test('JS35 without onError the console is warned of each kind of trouble, once an hour', async (t) => {
  const warn = t.mock.method(console, 'warn', () => {})
  const { time, options } = open(() => 'down')
  const { onError: _told, ...mute } = options
  const rondo = createRondo<Music>(mute)
  rondo.track('track-played', { trackId: 'a' })
  await time.advance(HOUR_MS / 2)
  assert.deepEqual(warn.mock.calls.map(({ arguments: [text] }) => String(text).split(':').slice(0, 2)), [['rondo', ' UNREACHABLE']])
  await time.advance(HOUR_MS)
  assert.equal(warn.mock.callCount(), 2)
})

test('JS36 callbacks that throw stop no event, and are told on the console', async (t) => {
  const told = t.mock.method(console, 'error', () => {})
  const broken = (): never => {
    throw new Error('a callback with a fault')
  }
  const { rondo, sent } = open(accepted, { onResult: broken, onError: broken, queueLimit: 1 })
  rondo.track('track-played', { trackId: 'a' })
  rondo.track('track-played', { trackId: 'b' })
  await rondo.close()
  assert.equal(sent.flatMap(events).length, 1)
  assert.equal(told.mock.callCount(), 3)
})

test('JS37 the queue is bounded in bytes too, also for what a store gives back', async () => {
  const note = 'n'.repeat(1000)
  const { rondo, results, sent } = open(accepted, { queueBytes: 3500 })
  for (const trackId of ['a', 'b', 'c', 'd']) rondo.track('track-played', { trackId, note })
  await rondo.close()
  assert.deepEqual(results.map(({ id, status }) => [id, status]), [['id-1', 'dropped'], ['id-2', 'accepted'], ['id-3', 'accepted'], ['id-4', 'accepted']])
  const unsent = events(sent[0]!)
  const second = open(accepted, { queueLimit: 2, store: { open: () => ({ client: { id: 'kept', sequence: 4 }, unsent }), append: () => {}, remove: () => {} } })
  await second.rondo.close()
  assert.deepEqual(second.results.map(({ id, status }) => [id, status]), [['id-2', 'dropped'], ['id-3', 'accepted'], ['id-4', 'accepted']])
})
