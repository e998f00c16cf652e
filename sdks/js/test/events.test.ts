// Events on their way, against a scripted collector and a clock that stands still.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventStore, WireEvent } from '../src/index.ts'
import { accepted, createCollector, createVirtualTime, events, open, START_MS, type Scripted } from './scripted-collector.ts'

const HOUR_MS = 3_600_000

function createMemoryStore(): EventStore & { kept: Map<string, WireEvent> } {
  const kept = new Map<string, WireEvent>()
  let sequence = 0
  return {
    kept,
    open: async () => ({ client: { id: 'kept', sequence }, unsent: [...kept.values()] }),
    append(event) {
      sequence = event.context?.client?.sequence ?? sequence
      kept.set(event.id, structuredClone(event))
    },
    remove: async (gone) => gone.forEach(({ id }) => kept.delete(id)),
  }
}

test('JS1 events go in one batch after the wait, in order, with key, id and time', async () => {
  const { rondo, sent, results, time } = open(accepted)
  const properties = { trackId: 'a' }
  rondo.track('track-played', properties, { userId: 'u' })
  properties.trackId = 'changed afterwards'
  rondo.track('track-played', { trackId: 'b' }, { id: 'mine', occurredAt: '2026-09-21T08:00:00.000Z', context: { app: 'web' } })
  await time.advance(1999)
  assert.equal(sent.length, 0)
  await time.advance(1)
  assert.equal(sent[0]?.url, 'http://rondo.test/v1/events')
  assert.equal(sent[0]?.headers['authorization'], 'Bearer wk')
  assert.deepEqual(sent[0]?.body, [
    { id: 'id-1', type: 'track-played', occurredAt: '2026-09-21T09:00:00.000Z', userId: 'u', properties: { trackId: 'a' } },
    { id: 'mine', type: 'track-played', occurredAt: '2026-09-21T08:00:00.000Z', properties: { trackId: 'b' }, context: { app: 'web' } },
  ])
  assert.deepEqual(results.map((result) => result.status), ['accepted', 'accepted'])
  const loop: Record<string, unknown> = { trackId: 'a' }
  loop['self'] = loop
  assert.throws(() => rondo.track('track-played', loop as { trackId: string }), { code: 'EVENT_UNREADABLE' })
})

test('JS2 a full batch goes at once, by count and by bytes; a request holds no more bytes than that', async () => {
  const { rondo, sent, time } = open(accepted, { flushAt: 3 })
  for (let i = 0; i < 4; i += 1) rondo.track('track-played', { trackId: String(i) })
  await time.settle()
  assert.deepEqual(sent.flatMap(events).map(({ properties }) => properties), ['0', '1', '2', '3'].map((trackId) => ({ trackId })))
  const large = open(accepted, { flushBytes: 10_000 })
  for (let i = 0; i < 20; i += 1) large.rondo.track('track-played', { trackId: 'x', note: 'ö'.repeat(1000) })
  await large.time.settle()
  assert.equal(large.sent.flatMap(events).length, 20)
  for (const { body } of large.sent) assert.ok(Buffer.byteLength(JSON.stringify(body)) <= 10_000)
  large.rondo.track('track-played', { trackId: 'alone', note: 'n'.repeat(20_000) })
  await large.time.settle()
  assert.equal(large.sent.flatMap(events).length, 21)
})

test('JS3 408, 429, 5xx, no answer and half an answer are tried again after pauses that double; ids stay', async () => {
  const half = { status: 202, body: '{"results":[{"id":"id-1","sta' }
  const short = { status: 202, body: { results: [] } }
  const portal = { status: 200, body: '<html>Welcome to our network</html>' }
  const answers: Scripted[] = ['down', { status: 503 }, half, short, portal, { status: 408 }]
  const { rondo, sent, results, time } = open((request) => answers.shift() ?? accepted(request))
  rondo.track('track-played', { trackId: 'a' })
  await time.advance(120_000)
  assert.deepEqual(time.pauses, [2000, 500, 1000, 2000, 4000, 8000, 16000])
  assert.deepEqual(new Set(sent.map((request) => events(request)[0]?.id)), new Set(['id-1']))
  assert.deepEqual(results.map(({ status }) => status), ['accepted'])
})

test('JS3 an answer that does not come counts as none, and its late one as a duplicate', async () => {
  let calls = 0
  const { rondo, sent, results, time } = open((request) => ((calls += 1) === 1 ? 'silent' : accepted(request)))
  rondo.track('track-played', { trackId: 'a' })
  await time.advance(2000 + 29_999)
  assert.equal(sent.length, 1)
  await time.advance(1000)
  assert.equal(sent.length, 2)
  assert.equal(results.length, 1)
})

test('JS11 pauses are drawn from nothing to their longest; a Retry-After, in seconds or as a date, is kept', async () => {
  const draws = [0.25, 0, 0.5]
  const answers: Scripted[] = ['down', 'down', 'down', { status: 429, headers: { 'retry-after': '7' } }, { status: 503, headers: { 'retry-after': new Date(START_MS + 60_000).toUTCString() } }]
  const { rondo, sent, time } = open((request) => answers.shift() ?? accepted(request), { random: () => draws.shift() ?? 1 })
  rondo.track('track-played', { trackId: 'a' })
  await time.advance(9000)
  assert.deepEqual(time.pauses.slice(0, 4), [2000, 125, 0, 1000])
  await time.advance(100_000)
  const last = sent.map(({ atMs }) => atMs - START_MS).slice(-3)
  assert.deepEqual(last, [3125, 10_125, 60_000])
})

test('JS4 what the collector refuses is told and not sent again; a dead event condemns no other', async () => {
  for (const status of [400, 413, 415, 422]) {
    const { rondo, sent, results, errors, time } = open(() => ({ status, body: { code: 'NO' } }))
    rondo.track('track-played', { trackId: 'a' })
    await time.advance(HOUR_MS)
    assert.deepEqual([sent.length, results[0]?.status, results[0]?.reason, errors[0]?.code, errors[0]?.count], [1, 'dropped', `HTTP_${status}`, `HTTP_${status}`, 1])
  }
  const mixed = open((request) => ({ status: 202, body: { results: events(request).map(({ id }, i) => (i === 0 ? { id, status: 'dead', reason: 'trackId is missing' } : { id, status: 'duplicate' })) } }))
  mixed.rondo.track('track-played', { trackId: 'a' })
  mixed.rondo.track('track-played', { trackId: 'b' })
  await mixed.time.advance(HOUR_MS)
  assert.equal(mixed.sent.length, 1)
  assert.deepEqual(mixed.results, [
    { id: 'id-1', type: 'track-played', status: 'dead', reason: 'trackId is missing' },
    { id: 'id-2', type: 'track-played', status: 'duplicate' },
  ])
  assert.deepEqual(mixed.errors, [{ code: 'EVENT_DEAD', message: 'track-played id-1: trackId is missing', count: 1 }])
})

test('JS5 the queue is bounded: the oldest go, each is told, and how many', async () => {
  let isUp = false
  const { rondo, results, errors, sent, time } = open((request) => (isUp ? accepted(request) : 'down'), { queueLimit: 3, flushAt: 100 })
  for (const trackId of ['a', 'b', 'c', 'd', 'e']) rondo.track('track-played', { trackId })
  assert.deepEqual(results.map(({ id, status, reason }) => [id, status, reason]), [['id-1', 'dropped', 'QUEUE_FULL'], ['id-2', 'dropped', 'QUEUE_FULL']])
  await time.advance(2000)
  assert.deepEqual(errors.map(({ code, count }) => [code, count]), [['QUEUE_FULL', 2]])
  isUp = true
  await time.advance(2000)
  assert.deepEqual(sent.at(-1)?.body, ['id-3', 'id-4', 'id-5'].map((id, i) => ({ id, type: 'track-played', occurredAt: '2026-09-21T09:00:00.000Z', properties: { trackId: 'cde'[i] } })))
})

test('JS6 unsent events survive with a store, and a closed client takes none', async () => {
  const store = createMemoryStore()
  const first = open(() => 'down', { store })
  first.rondo.track('track-played', { trackId: 'a' })
  await first.rondo.close()
  assert.equal(store.kept.size, 1)
  assert.throws(() => first.rondo.track('track-played', { trackId: 'b' }), { code: 'CLOSED' })
  const second = open(accepted, { store })
  await second.time.advance(2000)
  assert.deepEqual(second.results.map((result) => result.id), ['id-1'])
  assert.equal(store.kept.size, 0)
})

test('JS6 a store that fails is told, and the events go all the same', async () => {
  const broken: EventStore = { open: () => Promise.reject(new Error('no room')), append: () => undefined, remove: () => undefined }
  const unopened = open(accepted, { store: broken })
  unopened.rondo.track('track-played', { trackId: 'a' })
  await unopened.time.advance(2000)
  assert.deepEqual([unopened.errors[0]?.code, unopened.results.length], ['NOT_RESTORED', 1])
  const full = open(accepted, { store: { ...createMemoryStore(), append: () => Promise.reject(new Error('disk full')) } })
  full.rondo.track('track-played', { trackId: 'a' })
  await full.time.advance(2000)
  assert.deepEqual([full.errors[0]?.code, full.results.length], ['NOT_PERSISTED', 1])
})

test('JS12 after hours without a network everything arrives, once by its id, in order, without a call', async () => {
  const time = createVirtualTime()
  const collector = createCollector()
  const backAtMs = START_MS + 5 * HOUR_MS
  // While it comes back, some answers are lost after the events were taken.
  let calls = 0
  const { rondo, results, errors, sent } = open(
    (request) => {
      if (time.now() < backAtMs) return 'down'
      const answer = collector.take(request)
      calls += 1
      return calls <= 2 ? 'down' : answer
    },
    { random: () => 0.5 },
    time,
  )
  for (let i = 0; i < 300; i += 1) {
    rondo.track('track-played', { trackId: String(i) })
    if (i % 5 === 0) await time.advance(60_000)
  }
  const offline = sent.length
  assert.ok(offline < 60 * 2 * 8, `${offline} requests in an hour without a network`)
  assert.equal(errors[0]?.code, 'UNREACHABLE')
  await time.advance(backAtMs - time.now() + 10 * 60_000)
  assert.equal(collector.delivered.size, 300)
  assert.ok(collector.duplicates > 0)
  assert.deepEqual([...collector.delivered.values()].map(({ properties }) => (properties as { trackId: string }).trackId), Array.from({ length: 300 }, (_, i) => String(i)))
  assert.equal(new Set(results.map(({ id }) => id)).size, 300)
  assert.equal(results.length, 300)
  await rondo.close()
  assert.equal(time.pending(), 0)
})

test('JS13 events are numbered for each client, from where a store left off: what is missing was lost', async () => {
  const store = createMemoryStore()
  const numbersOf = (sent: { body: unknown }[]): unknown[] => sent.flatMap(({ body }) => (body as WireEvent[]).map(({ context }) => context?.client))
  const first = open(accepted, { store, numbered: true, queueLimit: 2 })
  first.rondo.track('track-played', { trackId: 'a' }, { context: { app: 'web' } })
  await first.time.settle()
  first.rondo.track('track-played', { trackId: 'b' })
  first.rondo.track('track-played', { trackId: 'c' })
  await first.rondo.close()
  assert.deepEqual(numbersOf(first.sent), [{ id: 'kept', sequence: 2 }, { id: 'kept', sequence: 3 }])
  const second = open(accepted, { store, numbered: true })
  second.rondo.track('track-played', { trackId: 'd' })
  await second.rondo.close()
  assert.deepEqual(numbersOf(second.sent), [{ id: 'kept', sequence: 4 }])
  const alone = open(accepted, { numbered: true })
  alone.rondo.track('track-played', { trackId: 'a' }, { context: { app: 'web' } })
  await alone.rondo.close()
  assert.deepEqual(events(alone.sent[0]!)[0]?.context, { app: 'web', client: { id: 'id-2', sequence: 1 } })
})

test('JS14 each try tells when it was sent, unless the time of the event is not by this clock', async () => {
  const answers: Scripted[] = ['down']
  const { rondo, sent, time } = open((request) => answers.shift() ?? accepted(request), { correctSkew: true })
  rondo.track('track-played', { trackId: 'a' })
  rondo.track('track-played', { trackId: 'b' }, { occurredAt: new Date(0) })
  await time.advance(10_000)
  assert.deepEqual(sent.map((request) => events(request).map(({ sentAt, occurredAt }) => [occurredAt, sentAt])), [
    [['2026-09-21T09:00:00.000Z', '2026-09-21T09:00:02.000Z'], ['1970-01-01T00:00:00.000Z', undefined]],
    [['2026-09-21T09:00:00.000Z', '2026-09-21T09:00:02.500Z'], ['1970-01-01T00:00:00.000Z', undefined]],
  ])
})

test('JS15 identify says who acts from then on; the anonymous id goes along', async () => {
  const { rondo, sent } = open(accepted, { anonymousId: 'anon' })
  rondo.track('track-played', { trackId: 'a' })
  rondo.identify('ines')
  rondo.track('track-played', { trackId: 'b' })
  rondo.track('track-played', { trackId: 'c' }, { userId: 'other' })
  rondo.identify()
  rondo.track('track-played', { trackId: 'd' })
  await rondo.close()
  assert.deepEqual(events(sent[0]!).map(({ userId, anonymousId }) => [userId, anonymousId]), [[undefined, 'anon'], ['ines', 'anon'], ['other', 'anon'], [undefined, 'anon']])
})

test('JS16 who opts out is forgotten, also what was kept before; nothing is taken until they opt in', async () => {
  const store = createMemoryStore()
  const before = open(() => 'down', { store })
  before.rondo.track('track-played', { trackId: 'kept before' })
  await before.rondo.close()
  const { rondo, sent, time } = open(accepted, { store, optedOut: true })
  assert.equal(rondo.track('track-played', { trackId: 'a' }), 'id-1')
  await time.advance(HOUR_MS)
  assert.deepEqual([sent.length, store.kept.size], [0, 0])
  rondo.optIn()
  rondo.track('track-played', { trackId: 'b' })
  rondo.optOut()
  rondo.optIn()
  rondo.track('track-played', { trackId: 'c' })
  await rondo.close()
  assert.deepEqual(sent.flatMap(events).map(({ properties }) => properties), [{ trackId: 'c' }])
})
