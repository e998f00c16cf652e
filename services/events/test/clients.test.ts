// Published clients of other systems, as they are, against the collector behind a real server.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { Analytics } from '@segment/analytics-node'
import { CloudEvent, HTTP, Mode, emitterFor, httpTransport } from 'cloudevents'
import type { EventTypeDefinition } from '../src/contract.ts'
import { START_MS, WRITE_KEY, ctx, play, searchMade, trackPlayed, type House } from './events-house.ts'
import { serveHouse } from './serve-house.ts'

const personal = 'none'
const { properties } = play('x') as { properties: Record<string, unknown> }

async function put(house: House, ...types: EventTypeDefinition[]): Promise<void> {
  await house.api.putTypes({ body: { types } }, ctx)
}

async function readAll(house: House, type: string) {
  return (await house.api.readEvents({ type, order: 'asc', limit: 1000 }, ctx)).rows
}

test('EV41 @segment/analytics-node speaks to the collector: all six calls, skew, duplicates, a wrong key', async () => {
  await using served = await serveHouse()
  const { house, url } = served
  await put(house, trackPlayed)
  const failures: unknown[] = []
  const analytics = new Analytics({ writeKey: WRITE_KEY, host: url, flushAt: 20, maxRetries: 0 })
  analytics.on('error', (error) => failures.push(error))
  const happened = new Date(Date.now() - 3_600_000)
  analytics.track({ userId: 'u1', event: 'Track Played', properties, timestamp: happened, messageId: 'once' })
  analytics.track({ userId: 'u1', event: 'Track Played', properties, messageId: 'once' })
  analytics.track({ anonymousId: 'a1', event: 'trackPlayed', properties: { ...properties, trackId: 5 } })
  analytics.identify({ userId: 'u1', traits: { plan: 'free' } })
  analytics.page({ userId: 'u1', category: 'Docs', name: 'Start', properties: { url: '/start' } })
  analytics.screen({ anonymousId: 'a1', name: 'Home' })
  analytics.group({ userId: 'u1', groupId: 'g1', traits: { seats: 3 } })
  analytics.alias({ userId: 'u1', previousId: 'a1' })
  await analytics.closeAndFlush()
  assert.deepEqual(failures, [])
  const played = await readAll(house, 'track-played')
  assert.deepEqual(played.map(({ id, userId }) => [id, userId]), [['once', 'u1']])
  // The room's clock is months behind the client's: what counts is how long before it was sent.
  const agoMs = START_MS - Date.parse(played[0]?.occurredAt ?? '')
  assert.ok(agoMs >= 3_600_000 && agoMs < 3_660_000, `${agoMs}`)
  const [dead] = (await house.api.listDead({ type: 'track-played' }, ctx)).rows
  assert.match(dead?.reason ?? '', /properties\/trackId is 5/)
  assert.deepEqual(await Promise.all(['identify', 'page', 'screen', 'group', 'alias'].map(async (type) => (await readAll(house, type))[0]?.properties)), [{ plan: 'free' }, { name: 'Start', category: 'Docs', url: '/start' }, { name: 'Home' }, { groupId: 'g1', seats: 3 }, { previousId: 'a1' }])
  const wrong = new Analytics({ writeKey: 'nobody', host: url, flushAt: 1, maxRetries: 3 })
  const refused = new Promise((resolve) => void wrong.once('error', resolve))
  wrong.track({ userId: 'u1', event: 'Track Played', properties })
  assert.match(inspect(await refused), /401/)
  await wrong.closeAndFlush()
})

const PYTHON = process.env['RONDO_TEST_PYTHON'] ?? 'python3'

async function runPython(source: string, ...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(PYTHON, ['-c', source, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve).once('error', () => resolve(-1)))
  return { code, said }
}

const SEND = `
import sys, datetime
from segment.analytics.client import Client
url, key, gzip = sys.argv[1], sys.argv[2], sys.argv[3] == 'gzip'
errors = []
client = Client(key, host=url, gzip=gzip, max_retries=0, on_error=lambda error, batch: errors.append(str(error)))
props = {'trackId': 't1', 'artistId': 'a1', 'trackMs': 200000, 'playedMs': 180000, 'source': 'radio'}
for i in range(150):
    client.track('u1', 'Track Played', props, timestamp=datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=i % 3))
client.identify('u1', {'plan': 'free', 'born': datetime.date(1990, 1, 2)})
client.page('u1', 'Docs', 'Start')
client.screen('u1', 'Docs', 'Home')
client.group('u1', 'g1', {'seats': 3})
client.alias('a1', 'u1')
client.flush()
client.join()
print('errors', errors)
`

test('EV41 segment-analytics-python speaks to the collector, plain and as gzip, and reads why it is refused', async (t) => {
  const found = await runPython('import segment.analytics')
  if (found.code !== 0) return t.skip(`no Python with segment-analytics-python here (${PYTHON}; another one: RONDO_TEST_PYTHON)`)
  await using served = await serveHouse()
  const { house, url } = served
  await put(house, trackPlayed)
  for (const form of ['plain', 'gzip']) {
    const { code, said } = await runPython(SEND, url, WRITE_KEY, form)
    assert.deepEqual([code, said.trim()], [0, 'errors []'])
  }
  assert.equal((await readAll(house, 'track-played')).length, 300)
  assert.deepEqual((await readAll(house, 'identify')).map((row) => row.properties), Array(2).fill({ plan: 'free', born: '1990-01-02' }))
  assert.equal((await readAll(house, 'alias'))[0]?.userId, 'u1')
  assert.match((await runPython(SEND, url, 'nobody', 'plain')).said, /WRITE_KEY_WRONG: No valid write key came with the request\. \(401\)/)
})

test('EV42 the cloudevents client speaks to the collector in its modes, and batches are taken', async () => {
  await using served = await serveHouse()
  const { house, url } = served
  await put(house, trackPlayed, { ...searchMade, name: 'com.example.search' })
  const authorization = `Bearer ${WRITE_KEY}`
  const make = (id: string, more: Record<string, unknown> = {}) => new CloudEvent({ id, type: 'track-played', source: '/player', subject: 'u1', time: new Date(START_MS).toISOString(), data: properties, region: 'nörd', ...more })
  for (const mode of [Mode.BINARY, Mode.STRUCTURED]) {
    const emit = emitterFor(httpTransport(`${url}/v1/cloudevents`), { binding: HTTP, mode })
    const answer = (await emit(make(mode), { headers: { authorization } })) as { body: string }
    assert.deepEqual(JSON.parse(answer.body), { results: [{ id: mode, status: 'accepted' }] })
  }
  const base64 = { ...make('b64').toJSON(), data: undefined, data_base64: Buffer.from(JSON.stringify(properties)).toString('base64') }
  const batch = [make('b1').toJSON(), base64, { ...make('b2').toJSON(), id: undefined }, make('b3', { type: 'com.example.search', data: { query: 'q' } }).toJSON(), { ...base64, id: 'b4', data_base64: 'AAEC' }, { ...base64, id: 'b5', data_base64: '%' }]
  const send = (body: string, contentType = 'application/cloudevents-batch+json; charset=utf-8') => fetch(`${url}/v1/cloudevents`, { method: 'POST', headers: { authorization, 'content-type': contentType }, body })
  const results = ((await (await send(JSON.stringify(batch))).json()) as { results: { id: string | null; status: string; reason?: string }[] }).results
  assert.deepEqual(results.map(({ id, status }) => [id, status]), [['b1', 'accepted'], ['b64', 'accepted'], [null, 'dead'], ['b3', 'accepted'], ['b4', 'dead'], ['b5', 'dead']])
  assert.deepEqual(results.flatMap(({ reason }) => reason ?? []), ['This is no CloudEvent: "id" is missing.', 'data_base64 holds no JSON, and properties are a JSON object.', 'data_base64 is no base64 text.'])
  const rows = await readAll(house, 'track-played')
  assert.deepEqual(rows.map(({ id, userId, occurredAt }) => [id, userId, occurredAt]), ['binary', 'structured', 'b1', 'b64'].map((id) => [id, 'u1', new Date(START_MS).toISOString()]))
  for (const row of rows) assert.deepEqual(row.properties, properties)
  // 400 for what is no CloudEvent at all; an empty batch is fine.
  assert.equal((await send(JSON.stringify([{ ...make('x').toJSON(), specversion: '0.3' }]))).status, 400)
  assert.equal((await send(JSON.stringify({ ...make('x').toJSON(), id: '' }), 'Application/CloudEvents+JSON')).status, 400)
  assert.deepEqual(await (await send('[]')).json(), { results: [] })
  const handshake = await fetch(`${url}/v1/cloudevents`, { method: 'OPTIONS', headers: { 'webhook-request-origin': 'sender.example' } })
  assert.deepEqual([handshake.status, handshake.headers.get('webhook-allowed-origin'), handshake.headers.get('allow')], [204, '*', 'POST, OPTIONS'])
})

test('EV43 Confidence publishes events in either case of names and of any content type, with the secret in the body', async () => {
  await using served = await serveHouse()
  const { house, url } = served
  const payload = { type: 'object', properties: { trackId: { type: 'string', personal }, context: { type: 'object', personal: 'narrow' } }, required: ['trackId'], additionalProperties: false }
  await put(house, { ...searchMade, name: 'navigate', schema: payload })
  const authenticate = house.deps.authenticate
  house.deps.authenticate = async (secret, kinds, with_, peer) => (secret === 'client' && kinds.includes('client') ? { kind: 'client', name: 'web' } : authenticate(secret, kinds, with_, peer))
  const publish = async (body: unknown, contentType = 'text/plain'): Promise<[number, unknown]> => {
    const response = await fetch(`${url}/v1/events:publish`, { method: 'POST', headers: { 'content-type': contentType }, body: typeof body === 'string' ? body : JSON.stringify(body) })
    return [response.status, await response.json()]
  }
  const eventTime = new Date(START_MS + 7_200_000 - 60_000).toISOString()
  const sendTime = new Date(START_MS + 7_200_000).toISOString()
  const event = { eventDefinition: 'eventDefinitions/navigate', eventTime, payload: { trackId: 't1', context: { targeting_key: 'u1', visitor_id: 'v1' } } }
  assert.deepEqual(await publish({ clientSecret: 'client', sendTime, events: [event], sdk: { id: 'SDK_ID_JS_CONFIDENCE', version: '0.3.5' } }), [200, { errors: [] }])
  assert.deepEqual(await publish({ client_secret: 'client', send_time: sendTime, events: [{ event_definition: 'navigate', event_time: eventTime, payload: { trackId: 't2' } }] }, 'application/json'), [200, { errors: [] }])
  const rows = await readAll(house, 'navigate')
  assert.deepEqual(rows.map(({ userId, anonymousId, occurredAt, properties: { trackId } }) => [trackId, userId, anonymousId, occurredAt]), [['t1', 'u1', 'v1', new Date(START_MS - 60_000).toISOString()], ['t2', null, null, new Date(START_MS - 60_000).toISOString()]])
  assert.deepEqual(rows[0]?.properties, event.payload)
  const [status, answer] = await publish(`{"clientSecret":"client","events":[${JSON.stringify(event)},{"eventDefinition":"navigate","payload":{}},{"eventDefinition":"nope","payload":{}},{"eventDefinition":"navigate","payload":{"trackId":"a","trackId":"b"}},7]}`)
  assert.equal(status, 200)
  const { errors } = answer as { errors: { index: number; reason: string; message: string }[] }
  assert.deepEqual(errors.map(({ index, reason }) => [index, reason]), [[1, 'EVENT_SCHEMA_VALIDATION_FAILED'], [2, 'EVENT_DEFINITION_NOT_FOUND'], [3, 'EVENT_SCHEMA_VALIDATION_FAILED'], [4, 'EVENT_DEFINITION_NOT_FOUND']])
  assert.match(errors[2]?.message ?? '', /"trackId" stands twice/)
  assert.equal((await publish({ clientSecret: 'wrong', events: [] }))[0], 401)
  assert.equal((await publish({ events: [] }))[0], 401)
  assert.equal((await publish({ clientSecret: WRITE_KEY, events: [] }))[0], 200)
  assert.equal((await publish('{"clientSecret":"client"}'))[0], 400)
})

const TRACK = `
import sys, logging, requests
from confidence.confidence import Confidence
url, secret = sys.argv[1], sys.argv[2]
plain = requests.Session.request
# Its address is fixed: a session of the user's own leads it elsewhere.
requests.Session.request = lambda self, **how: plain(self, **{**how, 'url': how['url'].replace('https://events.confidence.dev', url)})
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, format='%(message)s')
client = Confidence(secret).with_context({'targeting_key': 'u1'})
client.track('navigate', {'trackId': 't1'})
client.track('navigate', {})
`

test('EV43 spotify-confidence-sdk for Python publishes events, and hears what was wrong', async (t) => {
  const found = await runPython('import confidence.confidence')
  if (found.code !== 0) return t.skip(`no Python with spotify-confidence-sdk here (${PYTHON}; another one: RONDO_TEST_PYTHON)`)
  await using served = await serveHouse()
  const { house, url } = served
  const schema = { type: 'object', properties: { trackId: { type: 'string', personal }, context: { type: 'object', personal: 'narrow' } }, required: ['trackId'], additionalProperties: false }
  await put(house, { ...searchMade, name: 'navigate', schema })
  const { code, said } = await runPython(TRACK, url, WRITE_KEY)
  assert.equal(code, 0, said)
  assert.deepEqual((await readAll(house, 'navigate')).map(({ userId, properties: { trackId } }) => [userId, trackId]), [['u1', 't1']])
  assert.match(said, /events emitted with errors:/)
  assert.match(said, /EVENT_SCHEMA_VALIDATION_FAILED/)
})

test('EV44 a page of another site may send: preflight, answers it may read, a beacon without one, and only from allowed sites when the config says so', async () => {
  await using open = await serveHouse()
  await put(open.house, trackPlayed)
  const origin = 'https://shop.example'
  for (const path of ['/v1/events', '/v1/batch', '/v1/t', '/v1/cloudevents', '/v1/events:publish']) {
    const { status, headers } = await fetch(open.url + path, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-encoding,content-type' } })
    assert.deepEqual([status, headers.get('access-control-allow-origin'), headers.get('access-control-allow-methods'), headers.get('access-control-allow-headers')], [204, '*', 'POST', 'authorization,content-encoding,content-type'], path)
  }
  // A refusal can be read as well, also one that the server gives before the collector is asked.
  const refused = await fetch(`${open.url}/v1/events`, { method: 'POST', headers: { origin }, body: '[]' })
  assert.deepEqual([refused.status, refused.headers.get('access-control-allow-origin')], [401, '*'])
  const large = await fetch(`${open.url}/v1/events`, { method: 'POST', headers: { origin, authorization: `Bearer ${WRITE_KEY}` }, body: Buffer.alloc(17 * 1024 * 1024, 32) })
  assert.deepEqual([large.status, large.headers.get('access-control-allow-origin')], [413, '*'])
  const beacon = await fetch(`${open.url}/v1/events?writeKey=${WRITE_KEY}`, { method: 'POST', headers: { origin, 'content-type': 'text/plain;charset=UTF-8' }, body: `${JSON.stringify(play('b1'))}\n${JSON.stringify(play('b2'))}` })
  assert.deepEqual([beacon.status, await beacon.json()], [202, { results: [{ id: 'b1', status: 'accepted' }, { id: 'b2', status: 'accepted' }] }])
  // analytics.js of a page: short path, text/plain, key in the body.
  const page = await fetch(`${open.url}/v1/t`, { method: 'POST', headers: { origin, 'content-type': 'text/plain' }, body: JSON.stringify({ type: 'track', event: 'Track Played', messageId: 'ajs-1', anonymousId: 'a1', properties, writeKey: WRITE_KEY, sentAt: new Date(START_MS).toISOString() }) })
  assert.deepEqual([page.status, await page.json()], [200, { success: true }])
  assert.equal((await readAll(open.house, 'track-played')).length, 3)
  await using closed = await serveHouse({ allowedOrigins: [origin] })
  const ask = async (from: string) => (await fetch(`${closed.url}/v1/events`, { method: 'OPTIONS', headers: { origin: from, 'access-control-request-method': 'POST' } })).headers
  assert.deepEqual([(await ask(origin)).get('access-control-allow-origin'), (await ask(origin)).get('vary'), (await ask('https://other.example')).get('access-control-allow-origin')], [origin, 'Origin', null])
})

test('EV45 gzip and zstd are opened, and a bomb stays small', async () => {
  await using served = await serveHouse()
  const { house, url } = served
  await put(house, trackPlayed)
  const send = async (path: string, body: Buffer, encoding: string) => (await fetch(url + path, { method: 'POST', headers: { authorization: `Bearer ${WRITE_KEY}`, 'content-encoding': encoding }, body: new Uint8Array(body) })).status
  const good = (id: string) => Buffer.from(JSON.stringify([play(id)]))
  assert.deepEqual([await send('/v1/events', gzipSync(good('g')), 'gzip'), await send('/v1/events', zstdCompressSync(good('z')), 'zstd'), await send('/v1/events', good('x'), 'zstd')], [202, 202, 400])
  const bomb = Buffer.alloc(256 * 1024 * 1024)
  const before = process.memoryUsage().rss
  assert.deepEqual([await send('/v1/events', gzipSync(bomb, { level: 1 }), 'gzip'), await send('/v1/batch', zstdCompressSync(bomb), 'zstd')], [413, 413])
  assert.ok(process.memoryUsage().rss - before < 150 * 1024 * 1024)
  assert.deepEqual((await readAll(house, 'track-played')).map(({ id }) => id), ['g', 'z'])
})
