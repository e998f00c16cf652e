// What is too much, or wrong inside another system's body: a clear reason each, nothing partial, and the same again is taken once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventLog } from '@rondo/event-log'
import { defineErrors, entry } from '@rondo/errors'
import { createRandom } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { START_MS, WRITE_KEY, ctx, openHouse, play, searchMade, trackPlayed } from './events-house.ts'
import { serveHouse } from './serve-house.ts'

const { properties } = play('x') as { properties: Record<string, unknown> }
const good = JSON.stringify(properties)

/** A good set of properties with one thing wrong as JSON, and the reason. */
const wrong: [what: string, properties: string, reason: RegExp][] = [
  ['a duplicate key', good.replace('{', '{"trackId":"t0",'), /The key "trackId" stands twice/],
  ['a duplicate key that is written otherwise', good.replace('{', '{"\\u0074rackId":"t0",'), /The key "trackId" stands twice/],
  ['NaN', good.replace('180000', 'NaN'), /NaN is not JSON/],
  ['an infinity', good.replace('180000', '-Infinity'), /-Infinity is not JSON/],
  ['a number beyond 2^53', good.replace('180000', '9007199254740993'), /9007199254740993 is beyond/],
  ['a lone surrogate', good.replace('"t1"', '"\\udc00"'), /half a character/],
  ['deep nesting', good.replace('"t1"', `${'['.repeat(20_000)}${']'.repeat(20_000)}`), /nested in more than 32/],
]

const dialects: Record<string, { path: string; contentType: string; toEvent(id: string, properties: string): string; toBody(events: string[]): string }> = {
  segment: {
    path: '/v1/batch',
    contentType: 'application/json',
    toEvent: (id, inner) => `{"type":"track","event":"Track Played","messageId":"${id}","userId":"u1","properties":${inner}}`,
    toBody: (events) => `{"batch":[${events.join(' ,\n')}],"sentAt":"2026-09-21T09:00:00Z"}`,
  },
  cloudevents: {
    path: '/v1/cloudevents',
    contentType: 'application/cloudevents-batch+json',
    toEvent: (id, inner) => `{"specversion":"1.0","type":"track-played","source":"/s","id":"${id}",\n"data":${inner}}`,
    toBody: (events) => `[${events.join(',')}]`,
  },
  confidence: {
    path: '/v1/events:publish',
    contentType: 'text/plain',
    toEvent: (_id, inner) => `{"eventDefinition":"eventDefinitions/track-played","payload":${inner}}`,
    toBody: (events) => `{"clientSecret":"${WRITE_KEY}","events":[${events.join(',')}]}`,
  },
}

for (const [name, dialect] of Object.entries(dialects)) {
  test(`EV46 what is wrong as JSON inside an event of ${name} is its death, with the reason and its bytes, and spoils no other`, async () => {
    await using folder = await createTempFolder()
    const house = await openHouse(folder.path, createManualClock(START_MS))
    await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
    for (const [i, [what, inner, reason]] of wrong.entries()) {
      const events = [dialect.toEvent(`a${i}`, good), dialect.toEvent(`w${i}`, inner), dialect.toEvent(`b${i}`, good)]
      const { status } = await house.post(dialect.path, dialect.toBody(events), { 'content-type': dialect.contentType })
      assert.ok(status === 200 || status === 202, what)
      const [dead] = (await house.api.listDead({ type: 'track-played', limit: 1 }, ctx)).rows
      assert.match(dead?.reason ?? '', reason, what)
      assert.equal(dead?.raw, events[1]?.replaceAll('\n', ' ').slice(0, 4096), what)
      if (name !== 'confidence') assert.equal(dead?.id, `w${i}`)
    }
    const [counts] = (await house.api.counts({ type: 'track-played' }, ctx)).rows
    assert.deepEqual([counts?.inFlight, counts?.dead, counts?.duplicate], [2 * wrong.length, wrong.length, 0])
    // Wrong outside of the events: nothing is taken, and the place is named.
    const broken = dialect.toBody([dialect.toEvent('z', good)]).slice(0, -1)
    await house.post(dialect.path, broken, { 'content-type': dialect.contentType }).then(({ status, body }) => assert.deepEqual([status, (JSON.parse(String(body)) as { code: string }).code], [400, 'JSON_UNREADABLE']), (error: { code: string }) => assert.equal(error.code, 'JSON_UNREADABLE'))
    await house.close()
  })
}

test('EV46 what is wrong as JSON in the envelope of a batch refuses the batch', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const event = dialects['segment']?.toEvent('a', good) ?? ''
  for (const [body, message] of [
    [`{"batch":[${event}],"batch":[]}`, /the key "batch" stands twice/],
    [`{"context":{"a":1,"a":2},"batch":[${event}]}`, /in "context": The key "a" stands twice/],
    [`{"batch":{}}`, /"batch" is not a list/],
    ['[]', /the body is not an object/],
  ] as const) {
    const response = await house.post('/v1/batch', body)
    const answer = JSON.parse(String(response.body)) as { code: string; message: string }
    assert.deepEqual([response.status, answer.code], [400, 'DIALECT_INVALID'])
    assert.match(answer.message, message)
  }
  assert.equal((await house.api.counts({ type: 'track-played' }, ctx)).rows[0]?.accepted, 0)
  await house.close()
})

test('EV46 half a character in a user’s id is a dead letter that can be read', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const line = JSON.stringify(play('a')).replace('"u1"', '"\\ud800u1"')
  assert.deepEqual((await house.send(line)).map(({ status }) => status), ['dead'])
  assert.equal((await house.api.listDead({ type: 'track-played' }, ctx)).rows[0]?.raw, line)
  // Of a user whose name is no name for a key, quickly and carefully.
  for (const more of ['', ',"context":{"a":1}']) {
    const [result] = await house.send(JSON.stringify(play('n')).replace('"u1"', `"u\\u00001"${more}`))
    assert.deepEqual([result?.status, result?.reason], ['dead', 'userId is "u\\u00001", with U+0000 in it.'])
  }
  await house.close()
})

test('EV46 whatever becomes of a body on the way, the answer is an answer, what is no JSON is not taken, and the counts reconcile', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const random = createRandom(46)
  const bodies = [...Object.values(dialects).map(({ path, contentType, toEvent, toBody }) => ({ path, contentType, text: toBody([toEvent('a', good), toEvent('b', good)]) })), { path: '/v1/events', contentType: 'application/json', text: JSON.stringify([play('a'), play('b')]) }, { path: '/v1/track', contentType: 'application/json', text: dialects['segment']?.toEvent('c', good) ?? '' }]
  const bits = ['"', '{', '}', '[', ']', ',', ':', '\\', '\\ud800', '\\u0000', 'NaN', '-', '1e999', '9007199254740993', 'null', '\n', '\u0000', '"id":', '"userId":"\\ud800",', '"__proto__":{},', ' '].map((bit) => Buffer.from(bit))
  for (let round = 0; round < 4000; round += 1) {
    const { path, contentType, text } = bodies[random.int(bodies.length)] as (typeof bodies)[number]
    let body = Buffer.from(text)
    for (let edits = 1 + random.int(3); edits > 0; edits -= 1) {
      const at = random.int(body.length + 1)
      const [before, behind] = [body.subarray(0, at), body.subarray(at)]
      const bit = bits[random.int(bits.length)] as Buffer
      body = [Buffer.concat([before, bit, behind]), Buffer.concat([before, behind.subarray(1 + random.int(8))]), Buffer.concat([before, Buffer.from([random.int(256)]), behind.subarray(1)]), before][random.int(4)] ?? before
    }
    const status = await house.post(path, body, { 'content-type': contentType }).then((response) => response.status, (error: { kind?: string; stack?: string }) => (error.kind === 'invalid' ? 400 : error.kind === 'unauthenticated' ? 401 : error.stack))
    assert.ok(status === 200 || status === 202 || status === 400 || status === 401, `${path} ${body.toString()} ${status}`)
    if (status < 300 && !body.includes('NaN')) assert.doesNotThrow(() => JSON.parse(body.toString()) as unknown, body.toString())
  }
  for (const { type, accepted, delivered, duplicate, dead, inFlight } of (await house.api.counts({}, ctx)).rows) {
    assert.equal(accepted, delivered + duplicate + dead + inFlight)
    assert.equal(inFlight, type === 'unknown' ? 0 : (await house.api.readEvents({ type, limit: 10_000 }, ctx)).rows.length)
  }
  await house.close()
})

test('EV47 a request of too many events is refused whole, and one message of a batch that is too large is dead alone', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const lines = '{}\n'.repeat(4_000_000)
  const list = `[${'{},'.repeat(4_000_000)}{}]`
  const { rss } = process.memoryUsage()
  for (const [path, body, contentType] of [['/v1/events', lines, 'application/x-ndjson'], ['/v1/events', list, 'application/json'], ['/v1/cloudevents', list, 'application/cloudevents-batch+json']] as const) {
    await assert.rejects(house.post(path, body, { 'content-type': contentType }), { code: 'TOO_MANY_EVENTS', kind: 'too-large' })
  }
  assert.ok(process.memoryUsage().rss - rss < 400 * 1024 * 1024, 'what is refused was not built')
  assert.equal((await house.api.counts({ type: 'unknown' }, ctx)).rows[0]?.accepted ?? 0, 0)
  const { toEvent, toBody } = dialects['segment'] as { toEvent(id: string, inner: string): string; toBody(events: string[]): string }
  const { results } = JSON.parse(String((await house.post('/v1/batch', toBody([toEvent('small', good), toEvent('large', `{"x":"${'y'.repeat(33_000)}"}`)]))).body)) as { results: { status: string; reason?: string }[] }
  assert.deepEqual(results.map(({ status }) => status), ['accepted', 'dead'])
  assert.match(results[1]?.reason ?? '', /at most 32768/)
  const large = await house.post('/v1/batch', toBody(Array.from({ length: 600 }, (_, i) => toEvent(`${i}`, `{"x":"${'y'.repeat(1000)}"}`))))
  assert.deepEqual([large.status, (JSON.parse(String(large.body)) as { code: string }).code], [413, 'BODY_TOO_LARGE'])
  // An event of 10 MB is dead as any other that is too large; its neighbours are not.
  assert.deepEqual((await house.send([play('p'), { ...play('q'), context: { x: 'y'.repeat(10_000_000) } }, play('r')])).map(({ status }) => status), ['accepted', 'dead', 'accepted'])
  await house.close()
})

test('EV48 a key that has sent all it may is told 429 and when to come again; nothing of that request is taken, and other keys go on', async () => {
  await using served = await serveHouse({ quotas: { test: { eventsPerSecond: 10, burst: 20 }, '*': { bytesPerDay: 1000 } } })
  const { house, url, clock } = served
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const authenticate = house.deps.authenticate
  house.deps.authenticate = async (secret, ...rest) => (secret.startsWith('other') ? { kind: 'write', name: secret } : authenticate(secret, ...rest))
  let sent = 0
  const send = async (count: number, path = '/v1/events', key = WRITE_KEY): Promise<[number, string | null]> => {
    const events = Array.from({ length: count }, () => (path === '/v1/events' ? play(`q${(sent += 1)}`) : JSON.parse(dialects['segment']?.toEvent(`q${(sent += 1)}`, good) ?? '') as object))
    const response = await fetch(url + path, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: JSON.stringify(path === '/v1/events' ? events : { batch: events }) })
    const answer = (await response.json()) as { code?: string; message?: string; detail?: string }
    if (response.status === 429) assert.match(`${answer.code} ${answer.message ?? answer.detail}`, /OVER_QUOTA The key "[\w-]+" may send (10 events a second|1000 bytes a day)/)
    return [response.status, response.headers.get('retry-after')]
  }
  assert.deepEqual(await send(15), [202, null])
  assert.deepEqual(await send(10), [429, '1'])
  assert.deepEqual(await send(10, '/v1/batch'), [429, '1'])
  assert.deepEqual(await send(5, '/v1/batch'), [200, null])
  clock.advance(1000)
  assert.deepEqual(await send(10), [202, null])
  // More than the burst at once: once the bucket is full, and then it is paid back.
  assert.deepEqual(await send(50), [429, '2'])
  clock.advance(2000)
  assert.deepEqual(await send(50), [202, null])
  assert.deepEqual(await send(1), [429, '4'])
  assert.deepEqual(await send(2, '/v1/events', 'other-a'), [202, null])
  assert.deepEqual(await send(4, '/v1/events', 'other-a'), [429, String(15 * 3600 - 3)])
  assert.deepEqual(await send(2, '/v1/events', 'other-b'), [202, null])
  clock.advance(15 * 3_600_000)
  assert.deepEqual(await send(2, '/v1/events', 'other-a'), [202, null])
  assert.equal((await house.api.counts({ type: 'track-played' }, ctx)).rows[0]?.accepted, 15 + 5 + 10 + 50 + 6)
  const metric = house.service.metrics?.().find(({ name }) => name === 'rondo_events_over_quota_total')
  assert.deepEqual(metric?.samples, [{ labels: { key: 'test' }, value: 4 }, { labels: { key: 'other-a' }, value: 1 }])
  await using free = await serveHouse()
  assert.equal((await fetch(`${free.url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${WRITE_KEY}` }, body: '[]' })).status, 202)
})

const { full } = defineErrors({ full: entry({ code: 'DISK_FULL', kind: 'storage-full', message: (_: Record<string, never>) => 'The disk is full.' }) })

test('EV49 a request of several types of which one cannot be stored fails; sent again with the same ids, all of it is there once', async () => {
  await using folder = await createTempFolder()
  const refusing = new Set<string>()
  const wrapLog = (log: EventLog): EventLog => ({
    ...log,
    append: async (batches, ...rest) => {
      for (const { topic } of batches) if (refusing.has(topic)) throw full({})
      return log.append(batches, ...rest)
    },
  })
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock, { wrapLog })
  await house.api.putTypes({ body: { types: [trackPlayed, searchMade] } }, ctx)
  const search = (id: string) => ({ id, type: 'search-made', properties: { query: 'q' } })
  // One dead of a type that can be stored, one of no type, two types and a duplicate within.
  const request = [play('a'), search('s'), play('a'), play('bad', 'u', undefined, { playedMs: -1 }), { id: 'n', type: 'nope' }, play('b')]
  const countAll = async (range: { from?: string } = {}) => (await house.api.counts(range, ctx)).rows.map(({ type, accepted, delivered, duplicate, dead, inFlight }) => [type, accepted, delivered, duplicate, dead, inFlight])
  for (const topic of ['events.search-made', 'dead.track-played', 'collector.receipts']) {
    refusing.add(topic)
    await assert.rejects(house.send(request), { kind: 'storage-full' }, topic)
    refusing.clear()
  }
  assert.deepEqual((await house.send(request)).map(({ status }) => status), ['duplicate', 'duplicate', 'duplicate', 'dead', 'dead', 'duplicate'])
  const read = async (type: string) => (await house.api.readEvents({ type, order: 'asc' }, ctx)).rows.map(({ id }) => id)
  assert.deepEqual([await read('track-played'), await read('search-made')], [['a', 'b'], ['s']])
  const before = await countAll()
  for (const [type, accepted, delivered, duplicate, dead, inFlight] of before as [string, ...number[]][]) assert.equal(accepted, (delivered ?? 0) + (duplicate ?? 0) + (dead ?? 0) + (inFlight ?? 0), type)
  assert.deepEqual(await countAll({ from: '2026-09-21T09' }), before, 'hour by hour as well')
  const letters = async (type: string) => (await house.api.listDead({ type }, ctx)).rows.length
  const deadOf = (type: string) => before.find(([name]) => name === type)?.[4]
  assert.deepEqual([await letters('track-played'), await letters('nope')], [deadOf('track-played'), deadOf('unknown')], 'as many are counted as there are letters')
  await house.close()
  house = await openHouse(folder.path, clock)
  assert.deepEqual(await countAll(), before, 'and a restart counts the same')
  await house.close()
})
