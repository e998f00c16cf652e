// The client against a scripted network and a clock that stands still.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRondo, type EventResult, type RondoError, type RondoOptions, type WireEvent } from '../src/index.ts'

type Sent = { url: string; headers: Record<string, string>; body: unknown }
type Scripted = { status: number; body?: unknown; headers?: Record<string, string> } | 'down'

type Music = { 'track-played': { trackId: string } }

function open(script: (sent: Sent) => Scripted, more: Partial<RondoOptions> = {}) {
  const sent: Sent[] = []
  const results: EventResult[] = []
  const errors: RondoError[] = []
  const pauses: number[] = []
  let pending: { work: () => void; afterMs: number }[] = []
  let ids = 0
  const rondo = createRondo<Music>({
    url: 'http://rondo.test/',
    writeKey: 'wk',
    clientSecret: 'cs',
    now: () => Date.parse('2026-09-21T09:00:00Z'),
    uuid: () => `id-${(ids += 1)}`,
    random: () => 1,
    onResult: (result) => results.push(result),
    onError: (error) => errors.push(error),
    timers: {
      set(work, afterMs) {
        const timer = { work, afterMs }
        pending.push(timer)
        return timer
      },
      clear: (timer) => void (pending = pending.filter((one) => one !== timer)),
    },
    fetch: async (url, init) => {
      const request = { url: String(url), headers: init?.headers as Record<string, string>, body: init?.body === undefined ? undefined : (JSON.parse(String(init.body)) as unknown) }
      sent.push(request)
      const answer = script(request)
      if (answer === 'down') throw new TypeError('fetch failed')
      const { status, body, headers = {} } = answer
      return new Response(status === 304 ? null : JSON.stringify(body ?? {}), { status, headers })
    },
    ...more,
  })
  /** Lets promises run, firing timers as they come up, until nothing happens. */
  const settle = async (): Promise<void> => {
    for (let idle = 0; idle < 5; ) {
      await new Promise((resolve) => setImmediate(resolve))
      const timer = pending.shift()
      if (timer === undefined) idle += 1
      else {
        idle = 0
        pauses.push(timer.afterMs)
        timer.work()
      }
    }
  }
  return { rondo, sent, results, errors, pauses, settle, pending: () => pending.length }
}

const events = (sent: Sent): WireEvent[] => sent.body as WireEvent[]
const accepted = (sent: Sent): Scripted => ({ status: 202, body: { results: events(sent).map(({ id }) => ({ id, status: 'accepted' })) } })

test('JS1 events go in one batch after the wait, in order, with key, id and time', async () => {
  const { rondo, sent, results, pauses, settle } = open(accepted)
  rondo.track('track-played', { trackId: 'a' }, { userId: 'u' })
  rondo.track('track-played', { trackId: 'b' }, { id: 'mine', occurredAt: '2026-09-21T08:00:00.000Z' })
  assert.equal(sent.length, 0)
  await settle()
  assert.deepEqual(pauses, [2000])
  assert.equal(sent[0]?.url, 'http://rondo.test/v1/events')
  assert.equal(sent[0]?.headers['authorization'], 'Bearer wk')
  assert.deepEqual(sent[0]?.body, [
    { id: 'id-1', type: 'track-played', occurredAt: '2026-09-21T09:00:00.000Z', userId: 'u', properties: { trackId: 'a' } },
    { id: 'mine', type: 'track-played', occurredAt: '2026-09-21T08:00:00.000Z', properties: { trackId: 'b' } },
  ])
  assert.deepEqual(results.map((result) => result.status), ['accepted', 'accepted'])
})

test('JS2 a full batch goes at once, the rest waits', async () => {
  const { rondo, sent, settle } = open(accepted, { flushAt: 3 })
  for (let i = 0; i < 4; i += 1) rondo.track('track-played', { trackId: String(i) })
  await rondo.flush()
  await settle()
  assert.equal(sent.flatMap(events).length, 4)
  assert.equal(new Set(sent.flatMap(events).map((event) => event.id)).size, 4)
})

test('JS3 429, 5xx and no answer are tried again after pauses that double; ids stay', async () => {
  const answers: Scripted[] = ['down', { status: 503 }, { status: 429, headers: { 'retry-after': '7' } }]
  const { rondo, sent, results, pauses, settle } = open((request) => answers.shift() ?? accepted(request))
  rondo.track('track-played', { trackId: 'a' })
  await settle()
  assert.deepEqual(pauses, [2000, 500, 1000, 7000])
  assert.deepEqual(sent.map((request) => events(request)[0]?.id), ['id-1', 'id-1', 'id-1', 'id-1'])
  assert.equal(results.length, 1)
})

test('JS4 what the collector refuses is told and not sent again; a dead event condemns no other', async () => {
  const { rondo, sent, results, errors, settle } = open(() => ({ status: 401, body: { code: 'UNAUTHENTICATED' } }))
  rondo.track('track-played', { trackId: 'a' })
  await settle()
  assert.deepEqual([sent.length, results[0]?.status, errors[0]?.code], [1, 'dropped', 'HTTP_401'])
  const mixed = open((request) => ({ status: 202, body: { results: events(request).map(({ id }, i) => (i === 0 ? { id, status: 'dead', reason: 'trackId is missing' } : { id, status: 'duplicate' })) } }))
  mixed.rondo.track('track-played', { trackId: 'a' })
  mixed.rondo.track('track-played', { trackId: 'b' })
  await mixed.settle()
  assert.deepEqual(mixed.results, [
    { id: 'id-1', type: 'track-played', status: 'dead', reason: 'trackId is missing' },
    { id: 'id-2', type: 'track-played', status: 'duplicate' },
  ])
})

test('JS5 the queue is bounded, and says so', async () => {
  const { rondo, errors, settle } = open(() => 'down', { queueLimit: 2, maxTries: 2, flushAt: 100 })
  rondo.track('track-played', { trackId: 'a' })
  rondo.track('track-played', { trackId: 'b' })
  assert.throws(() => rondo.track('track-played', { trackId: 'c' }), { code: 'QUEUE_FULL' })
  await settle()
  assert.equal(errors[0]?.code, 'UNREACHABLE')
})

test('JS6 unsent events survive with a persistence, and a closed client takes none', async () => {
  let kept: WireEvent[] = []
  const persistence = { load: async () => kept, save: async (all: WireEvent[]) => void (kept = [...all]) }
  const first = open(() => 'down', { persistence })
  first.rondo.track('track-played', { trackId: 'a' })
  await first.rondo.close()
  assert.equal(kept.length, 1)
  assert.throws(() => first.rondo.track('track-played', { trackId: 'b' }), { code: 'CLOSED' })
  const second = open(accepted, { persistence })
  await second.settle()
  assert.deepEqual(second.results.map((result) => result.id), ['id-1'])
  assert.equal(kept.length, 0)
})

test('JS7 using a value is the exposure, once for each flag, variant and unit', async () => {
  const { rondo, sent, settle } = open((request) => (request.url.includes('/ofrep/') ? { status: 200, body: { key: 'shelf', value: { list: 'personal' }, reason: 'SPLIT', variant: 'personal', metadata: { rule: 'test-1' } } } : accepted(request)))
  for (let i = 0; i < 3; i += 1) assert.deepEqual(await rondo.flags.value('shelf', { list: 'popular' }, { targetingKey: 'u' }), { list: 'personal' })
  await rondo.flags.value('shelf', { list: 'popular' }, { targetingKey: 'v' })
  await settle()
  const exposures = sent.filter((request) => request.url.endsWith('/v1/events')).flatMap(events)
  assert.deepEqual(exposures.map((event) => [event.type, event.userId, event.properties]), [
    ['flag-exposed', 'u', { flag: 'shelf', variant: 'personal', unit: 'u', rule: 'test-1' }],
    ['flag-exposed', 'v', { flag: 'shelf', variant: 'personal', unit: 'v', rule: 'test-1' }],
  ])
  assert.equal(sent[0]?.headers['authorization'], 'Bearer cs')
})

test('JS8 the default for an unknown flag, a code default, another type, and no answer; none is an exposure', async () => {
  for (const [answer, errorCode] of [
    [{ status: 404, body: { key: 'shelf', errorCode: 'FLAG_NOT_FOUND' } }, 'FLAG_NOT_FOUND'],
    [{ status: 200, body: { key: 'shelf', reason: 'DEFAULT', variant: '' } }, undefined],
    [{ status: 200, body: { key: 'shelf', value: 'text', reason: 'STATIC', variant: 'x', metadata: { rule: 'r' } } }, 'TYPE_MISMATCH'],
    [{ status: 500 }, 'HTTP_500'],
    ['down', 'UNREACHABLE'],
  ] as [Scripted, string | undefined][]) {
    const { rondo, pending } = open(() => answer)
    const details = await rondo.flags.details('shelf', true, { targetingKey: 'u' })
    assert.deepEqual([details.value, details.errorCode, pending()], [true, errorCode, 0])
  }
})

test('JS9 prefetch answers later values without a call, and asks with its tag', async () => {
  const { rondo, sent } = open((request) =>
    request.headers['if-none-match'] === '"t"' ? { status: 304 } : { status: 200, headers: { etag: '"t"' }, body: { flags: [{ key: 'on', value: true, reason: 'STATIC', variant: 'on' }] } },
  )
  assert.equal(await rondo.flags.prefetch({ targetingKey: 'u' }), true)
  assert.equal(await rondo.flags.value('on', false, { targetingKey: 'u' }), true)
  assert.equal((await rondo.flags.details('off', 1, { targetingKey: 'u' })).errorCode, 'FLAG_NOT_FOUND')
  assert.equal(await rondo.flags.prefetch({ targetingKey: 'u' }), false)
  assert.equal(sent.length, 2)
})

test('JS10 fetchJson reads a path, or throws what the platform says', async () => {
  const { rondo } = open((request) => (request.url.endsWith('/yes') ? { status: 200, body: { week: '2026-09-21' } } : { status: 404, body: { code: 'USER_NOT_FOUND', detail: 'No such user.' } }))
  assert.deepEqual(await rondo.fetchJson('/yes'), { week: '2026-09-21' })
  await assert.rejects(rondo.fetchJson('/no'), { code: 'USER_NOT_FOUND', message: 'No such user.', status: 404 })
})
