// The collector: what is taken, what is a duplicate, what is dead and why.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { START_MS, ctx, openHouse, play, searchMade, trackPlayed } from './events-house.ts'

test('EV1 good events are accepted and read back in order', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  assert.deepEqual(await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx), { type: 'track-played', version: '1-0-0', created: true })
  assert.deepEqual(await house.send([play('a'), play('b')]), [{ id: 'a', status: 'accepted' }, { id: 'b', status: 'accepted' }])
  assert.deepEqual(await house.send(JSON.stringify([play('c')])), [{ id: 'c', status: 'accepted' }])
  const newest = await house.api.readEvents({ type: 'track-played' }, ctx)
  assert.deepEqual(newest.rows.map((row) => row.id), ['c', 'b', 'a'])
  const first = await house.api.readEvents({ type: 'track-played', order: 'asc', limit: 2 }, ctx)
  assert.deepEqual(first.rows.map((row) => row.id), ['a', 'b'])
  const rest = await house.api.readEvents({ type: 'track-played', order: 'asc', after: first.next }, ctx)
  assert.deepEqual(rest.rows.map((row) => row.id), ['c'])
  assert.equal((await house.api.readEvents({ type: 'track-played', order: 'asc', after: rest.next }, ctx)).next, rest.next)
  assert.deepEqual((await house.api.readEvents({ type: 'track-played', limit: 2, after: newest.rows[0]?.cursor }, ctx)).rows.map((row) => row.id), ['b', 'a'])
  await house.close()
})

test('EV2 counts reconcile, before and after landing', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.send([play('a'), play('a'), play('b'), play('c', 'u2', undefined, { playedMs: -1 }), { id: 'x', type: 'nope' }])
  assert.deepEqual((await house.api.counts({}, ctx)).rows, [
    { type: 'track-played', accepted: 4, delivered: 0, duplicate: 1, dead: 1, inFlight: 2 },
    { type: 'unknown', accepted: 1, delivered: 0, duplicate: 0, dead: 1, inFlight: 0 },
  ])
  clock.advance(3_600_000)
  await house.settle()
  const { rows } = await house.api.counts({ type: 'track-played' }, ctx)
  assert.deepEqual(rows, [{ type: 'track-played', accepted: 4, delivered: 2, duplicate: 1, dead: 1, inFlight: 0 }])
  assert.deepEqual((await house.api.counts({ type: 'track-played', from: '2026-09-21T09', to: '2026-09-21T10' }, ctx)).rows, rows)
  assert.deepEqual((await house.api.counts({ type: 'track-played', from: '2026-09-21T10', to: '2026-09-21T11' }, ctx)).rows, [{ type: 'track-played', accepted: 0, delivered: 0, duplicate: 0, dead: 0, inFlight: 0 }])
  await house.close()
})

test('EV2 counts reconcile for types of any name, also one that every object knows', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  for (const name of ['constructor', 'toString']) {
    await house.api.putType({ type: name, body: { ...searchMade, name } }, ctx)
    const good = { id: 'a', type: name, properties: { query: 'q' } }
    await house.send([good, good, { ...good, id: 'b', properties: {} }])
    const { rows } = await house.api.counts({ type: name }, ctx)
    assert.deepEqual(rows, [{ type: name, accepted: 3, delivered: 0, duplicate: 1, dead: 1, inFlight: 1 }])
  }
  assert.deepEqual(Object.keys(Object), [])
  await house.close()
})

const LONG = 'x'.repeat(70_000)
const bad: [what: string, line: string, reason: RegExp][] = [
  ['no JSON', '{"id":"a",', /not JSON/],
  ['not an object', '[1]', /JSON object/],
  ['a missing id', '{"type":"track-played","properties":{}}', /id is missing/],
  ['an id that is no text', '{"id":7,"type":"track-played"}', /id is 7/],
  ['a long id', JSON.stringify({ ...play('x'.repeat(65)) }), /65 characters/],
  ['an unknown type', '{"id":"a","type":"other"}', /No event type is called "other"/],
  ['a missing type', '{"id":"a"}', /type is missing/],
  ['a missing property', JSON.stringify({ ...play('a'), properties: { trackId: 't' } }), /properties\/artistId.* is missing/],
  ['a wrong value', JSON.stringify(play('a', 'u', undefined, { source: 'tape' })), /properties\/source is "tape"/],
  ['a wrong type of value', JSON.stringify(play('a', 'u', undefined, { playedMs: '5' })), /properties\/playedMs is "5"/],
  ['an unknown property', JSON.stringify(play('a', 'u', undefined, { extra: 1 })), /properties\/extra is not a field/],
  ['a duplicate key', JSON.stringify(play('a')).replace('"position"', '"x"').replace('{"trackId"', '{"trackId":"t0","trackId"'), /"trackId" stands twice/],
  ['a duplicate key in the envelope', JSON.stringify(play('a')).replace('{"id"', '{"id":"b","id"'), /"id" stands twice/],
  ['NaN', JSON.stringify(play('a')).replace('180000', 'NaN'), /NaN is not JSON/],
  ['a number beyond 2^53', JSON.stringify(play('a')).replace('180000', '9007199254740993'), /9007199254740993 is beyond/],
  ['a lone surrogate', JSON.stringify(play('a')).replace('"t1"', '"\\ud800"'), /half a character/],
  ['deep nesting', JSON.stringify({ ...play('a'), context: JSON.parse('{"a":'.repeat(40) + '1' + '}'.repeat(40)) as object }), /nested in more than 32/],
  ['very deep nesting', `{"id":"a","type":"track-played","context":${'['.repeat(20000)}${']'.repeat(20000)}}`, /nested in more than 32/],
  ['an ancient time', JSON.stringify(play('a', 'u', '1969-12-31T23:59:59.000Z')), /before 1970/],
  ['a future time', JSON.stringify(play('a', 'u', '2026-09-22T09:00:00.001Z')), /more than 24 hours/],
  ['a wrong time', JSON.stringify(play('a', 'u', 'yesterday')), /occurredAt is "yesterday"/],
  ['a day that does not exist', JSON.stringify(play('a', 'u', '2026-02-29T00:00:00.000Z')), /occurredAt is "2026-02-29/],
  ['an unknown model', JSON.stringify({ ...play('a'), version: '7-0-0' }), /of no model/],
  ['a large event', JSON.stringify({ ...play('a'), context: { LONG } }), /at most 65536/],
  ['text behind the event', `${JSON.stringify(play('a'))} x`, /More stands on the line/],
]

test('EV3 bad events are dead with a reason, and never spoil their neighbours', async (t) => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  for (const [i, [what, line, reason]] of bad.entries()) {
    await t.test(what, async () => {
      const results = await house.send(`${JSON.stringify(play(`before-${i}`))}\n${line}\n${JSON.stringify(play(`after-${i}`))}\n`)
      assert.deepEqual(results.map((result) => result.status), ['accepted', 'dead', 'accepted'])
      assert.match(results[1]?.reason ?? '', reason)
    })
  }
  const kept = [...(await house.api.listDead({ type: 'track-played', limit: 1000 }, ctx)).rows, ...(await house.api.listDead({ type: 'unknown', limit: 1000 }, ctx)).rows]
  assert.equal(kept.length, bad.length)
  for (const [what, line] of bad) assert.ok(kept.some((row) => row.raw === line.slice(0, 4096)), what)
  await house.close()
})

test('EV4 what cannot be read as a whole is refused as a whole, with the byte', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const good = JSON.stringify(play('a'))
  for (const [body, position] of [[`[${good},`, good.length + 2], [`[${good}`, good.length + 1], [`[${good} ${good}]`, good.length + 2], ['', 0], ['nope', 0], [`[${good}]x`, good.length + 2]] as const) {
    await assert.rejects(house.post('/v1/events', body, { 'content-type': 'application/json' }), (error: { code: string; details: { position: number } }) => error.code === 'JSON_UNREADABLE' && error.details.position === position, body)
  }
  await assert.rejects(house.post('/v1/events', Buffer.concat([Buffer.from('[{"id":"'), Buffer.from([0xff]), Buffer.from('"}]')])), { code: 'BODY_NOT_UTF8' })
  assert.equal((await house.api.counts({ type: 'track-played' }, ctx)).rows[0]?.accepted, 0)
  await house.close()
})

test('EV5 without a write key nothing is taken', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await assert.rejects(house.post('/v1/events', '[]', { authorization: 'Bearer wrong' }), { code: 'WRITE_KEY_WRONG' })
  assert.equal((await house.post('/v1/batch', '{"batch":[]}', { authorization: 'Bearer wrong' })).status, 401)
  const basic = `Basic ${Buffer.from('wk-test:').toString('base64')}`
  assert.equal((await house.post('/v1/events', '[]', { authorization: basic })).status, 202)
  assert.equal((await house.post('/v1/events?writeKey=wk-test', '[]', { authorization: '' })).status, 202)
  await house.close()
})

test('EV6 an id is delivered once within the window, also when requests overlap and after a restart', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.api.putType({ type: 'search-made', body: searchMade }, ctx)
  const both = await Promise.all([house.send([play('a'), play('b')]), house.send([play('b'), play('a')])])
  assert.deepEqual(both.flat().map((result) => result.status).sort(), ['accepted', 'accepted', 'duplicate', 'duplicate'])
  // Ids are of their type.
  assert.equal((await house.send([{ id: 'a', type: 'search-made', properties: { query: 'x', filters: ['y'] } }]))[0]?.status, 'accepted')
  // A dead event uses up no id.
  assert.equal((await house.send([play('c', 'u', undefined, { playedMs: -1 })]))[0]?.status, 'dead')
  assert.equal((await house.send([play('c')]))[0]?.status, 'accepted')
  await house.close()
  house = await openHouse(folder.path, clock)
  assert.deepEqual((await house.send([play('a'), play('c'), play('d')])).map((result) => result.status), ['duplicate', 'duplicate', 'accepted'])
  clock.advance(49 * 3_600_000)
  assert.equal((await house.send([play('a', 'u', new Date(clock.now()).toISOString())]))[0]?.status, 'accepted')
  const [row] = (await house.api.counts({ type: 'track-played' }, ctx)).rows
  assert.deepEqual([row?.accepted, row?.duplicate, row?.dead, row?.inFlight], [10, 4, 1, 5])
  await house.close()
})

test('EV7 Segment calls land in types of their event', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const { properties } = play('x') as { properties: object }
  const batch = { batch: [{ type: 'track', event: 'Track Played', messageId: 'm1', userId: 'u1', properties, timestamp: '2026-09-21T10:59:50.000Z' }, { type: 'identify', messageId: 'm2', userId: 'u1', traits: { plan: 'free' } }], sentAt: '2026-09-21T11:00:00.000Z' }
  const response = await house.post('/v1/batch', JSON.stringify(batch))
  assert.deepEqual([response.status, JSON.parse(String(response.body))], [200, { success: true }])
  const [row] = (await house.api.readEvents({ type: 'track-played' }, ctx)).rows
  assert.equal(row?.id, 'm1')
  // The client's clock was two hours ahead; it happened ten seconds before it was sent.
  assert.equal(row?.occurredAt, '2026-09-21T08:59:50.000Z')
  assert.deepEqual((await house.api.readEvents({ type: 'identify' }, ctx)).rows[0]?.properties, { plan: 'free' })
  assert.equal((await house.post('/v1/track', JSON.stringify({ event: 'x', properties: { big: 'y'.repeat(40_000) } }))).status, 413)
  assert.equal((await house.post('/v1/track', '{')).status, 400)
  await house.close()
})

test('EV8 CloudEvents in all three modes', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const { properties } = play('x') as { properties: object }
  const event = { specversion: '1.0', type: 'track-played', source: 'test', id: 'c1', time: '2026-09-21T08:00:00Z', data: properties }
  assert.equal((await house.post('/v1/cloudevents', JSON.stringify(event), { 'content-type': 'application/cloudevents+json; charset=utf-8' })).status, 202)
  await house.post('/v1/events', JSON.stringify([{ ...event, id: 'c2' }]), { 'content-type': 'application/cloudevents-batch+json' })
  await house.post('/v1/cloudevents', JSON.stringify(properties), { 'content-type': 'application/json', 'ce-id': 'c%C3%BC', 'ce-source': 's', 'ce-specversion': '1.0', 'ce-type': 'track-played' })
  assert.deepEqual((await house.api.readEvents({ type: 'track-played', order: 'asc' }, ctx)).rows.map((row) => row.id), ['c1', 'c2', 'cü'])
  await assert.rejects(house.post('/v1/cloudevents', JSON.stringify({ ...event, id: undefined }), { 'content-type': 'application/cloudevents+json' }), { kind: 'invalid' })
  assert.equal((await house.post('/v1/cloudevents', '[]', { 'content-type': 'application/cloudevents-batch+json' })).status, 202)
  await house.close()
})

test('EV176 a byte order mark is skipped, and an array that is called lines is read as an array', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  let count = 0
  const next = (): object => play(`b${(count += 1)}`)
  const send = async (path: string, body: string, type: string): Promise<[number, string]> => {
    const answer = await house.post(path, body, { 'content-type': type })
    return [answer.status, String(answer.body).replaceAll(/[^:]*"status":"(\w+)"[^{]*/g, '$1 ')]
  }
  const lines = 'application/x-ndjson'
  for (const [body, type] of [[`\ufeff${JSON.stringify([next()])}`, 'application/json'], [`\ufeff${JSON.stringify(next())}\n`, lines], [JSON.stringify([next()], null, 2), lines], [`\ufeff \n${JSON.stringify([next()])}\n`, lines]] as const) {
    assert.match((await send('/v1/events', body, type))[1], /accepted/, body)
  }
  const track = { event: 'Track Played', messageId: 's', userId: 'u', properties: (next() as { properties: object }).properties }
  assert.equal((await send('/v1/track', `\ufeff${JSON.stringify(track)}`, 'application/json'))[0], 200)
  assert.equal((await send('/v1/batch', `\ufeff${JSON.stringify({ batch: [{ ...track, type: 'track', messageId: 't' }] })}`, 'application/json'))[0], 200)
  assert.deepEqual((await house.api.readEvents({ type: 'track-played' }, ctx)).rows.length, 6)
  // Lines that are lists are as dead as they were.
  const dead = await house.post('/v1/events', `${JSON.stringify([next()])}\n${JSON.stringify([next()])}`, { 'content-type': lines })
  assert.equal(String(dead.body).match(/An event is a JSON object/g)?.length, 2)
  await house.close()
})

test('EV177 data of a CloudEvent that is no JSON is a dead letter with its reason', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const post = (id: string, body: string | Buffer, type: string) => house.post('/v1/cloudevents', body, { 'content-type': type, 'ce-id': id, 'ce-source': 's', 'ce-specversion': '1.0', 'ce-type': 'track-played' })
  assert.deepEqual(JSON.parse(String((await post('t', 'plain\nwords', 'text/plain')).body)), { results: [{ id: 't', status: 'dead', reason: 'data is text/plain and no JSON, and properties are a JSON object.' }] })
  assert.match(String((await post('x', Buffer.of(0xff, 0), 'application/octet-stream')).body), /"dead","reason":"data is application\/octet-stream and no JSON/)
  assert.match(String((await post('j', JSON.stringify((play('x') as { properties: object }).properties), 'text/plain')).body), /accepted/)
  await assert.rejects(post('b', '{"a":', 'application/json'), { code: 'JSON_UNREADABLE' })
  const { rows } = await house.api.listDead({ type: 'track-played' }, ctx)
  assert.deepEqual(rows.map(({ id, raw }) => [id, (JSON.parse(raw) as { properties: unknown }).properties]), [['x', '/wA='], ['t', 'plain\nwords']])
  await house.close()
})
