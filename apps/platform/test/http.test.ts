// The open doors over HTTP: bodies, keys, event types, Segment.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createTempFolder, type TempFolder } from '@rondo/testing'
import { assertReconciled } from './delivered.ts'
import { makeListening } from './listening-events.ts'
import { call, KEYS, listRows, runRondo, startUp, type Answer, type RunningPlatform } from './running-platform.ts'

type Result = { id: string | null; status: string; reason?: string }

let folder: TempFolder
let platform: RunningPlatform

before(async () => {
  folder = await createTempFolder()
  platform = await startUp(folder.join('data'))
})
after(async () => {
  await platform.kill()
  await folder[Symbol.asyncDispose]()
})

const post = (path: string, raw: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, key: string | null = KEYS.write): Promise<Answer> => call(platform.url, 'POST', path, { raw, headers, key })
const results = (answer: Answer): Result[] => answer.json['results'] as Result[]
const play = (id: string, properties: Record<string, unknown> = {}): Record<string, unknown> => ({ id, type: 'track-played', version: '1-0-0', occurredAt: new Date().toISOString(), userId: 'u-1', properties: { trackId: 't', artistId: 'a', trackMs: 1000, playedMs: 900, source: 'search', ...properties } })

test('PF17 a body that is no JSON is refused whole with the position, a wrong event alone with its reason', async () => {
  const broken = await post('/v1/events', `[${JSON.stringify(play('whole'))}, {"id": oops}]`)
  assert.equal(broken.status, 400)
  assert.match(broken.headers.get('content-type') ?? '', /^application\/problem\+json/)
  const position = `[${JSON.stringify(play('whole'))}, {"id": `.length
  assert.match(String(broken.json['detail']), new RegExp(`byte ${position} `))
  for (const field of ['type', 'title', 'status', 'detail', 'code', 'traceId']) assert.ok(field in broken.json, field)

  const wrong: [Record<string, unknown> | string, RegExp][] = [
    [{ ...play('d1'), type: 'never-heard-of' }, /never-heard-of/],
    [play('d2', { playedMs: -1 }), /playedMs/],
    [play('d3', { source: 'nowhere' }), /source/],
    [{ ...play('d4'), occurredAt: '1815-12-10T00:00:00Z' }, /occurredAt|1815/],
    [{ ...play('d5'), occurredAt: '2999-01-01T00:00:00Z' }, /occurredAt|2999/],
    [play('d6', { surprise: 1 }), /surprise/],
    [JSON.stringify(play('d7')).replace('900', 'NaN'), /NaN|not JSON|unreadable/i],
    [JSON.stringify(play('d8')).replace('900', '9007199254740993'), /9007199254740993|2\^53|exact/],
    [JSON.stringify(play('d9')).replace('"search"', '"\\ud800"'), /surrogate|character/i],
    [JSON.stringify(play('d10')).replace('"playedMs":900', '"playedMs":900,"playedMs":901'), /twice|duplicate/i],
    [`{"id":"d11","type":"track-played","properties":${'['.repeat(5000)}${']'.repeat(5000)}}`, /deep|nest/i],
    [{ ...play('d12'), id: 'x'.repeat(65) }, /id/],
  ]
  const lines = [...wrong.map(([event]) => (typeof event === 'string' ? event : JSON.stringify(event))), JSON.stringify(play('fine'))]
  const answer = await post('/v1/events', lines.join('\n'), { 'content-type': 'application/x-ndjson' })
  assert.equal(answer.status, 202, answer.text)
  const list = results(answer)
  assert.equal(list.length, lines.length)
  wrong.forEach(([, reason], i) => {
    assert.equal(list[i]?.status, 'dead', `${lines[i]?.slice(0, 90)} is dead`)
    assert.match(list[i]?.reason ?? '', reason)
  })
  assert.deepEqual(list.at(-1), { id: 'fine', status: 'accepted' })
  assert.deepEqual(results(await post('/v1/events', JSON.stringify([play('fine')]))), [{ id: 'fine', status: 'duplicate' }])
  const dead = await listRows<{ reason: string; raw: string }>(platform.url, '/api/events/v1/types/track-played/dead')
  assert.ok(dead.some(({ reason, raw }) => /playedMs/.test(reason) && raw.includes('d2')))
  assert.ok((await listRows<{ raw: string }>(platform.url, '/api/events/v1/types/unknown/dead')).some(({ raw }) => raw.includes('d1')))
  const newest = await listRows<Record<string, unknown>>(platform.url, '/api/events/v1/types/track-played/events?limit=1&order=desc')
  assert.equal(newest[0]?.['id'], 'fine')
  for (const field of ['occurredAt', 'receivedAt', 'properties']) assert.ok(field in (newest[0] ?? {}), field)
  await assertReconciled(platform.url, { landed: false })
})

test('PF18 a body too large, a bomb, a wrong encoding and a wrong method are told apart, and the server lives', async () => {
  assert.equal((await post('/v1/events', 'x'.repeat(17 * 1024 * 1024))).status, 413)
  const bomb = await post('/v1/events', gzipSync(Buffer.alloc(200 * 1024 * 1024, ' ')), { 'content-encoding': 'gzip' })
  assert.deepEqual([bomb.status, bomb.json['code']], [413, 'TOO_LARGE'])
  assert.equal((await post('/v1/events', 'not gzip', { 'content-encoding': 'gzip' })).status, 400)
  assert.equal((await post('/v1/events', gzipSync(JSON.stringify([play('zipped')])), { 'content-encoding': 'gzip' })).status, 202)
  assert.equal((await post('/v1/events', new Uint8Array([0x5b, 0xff, 0xfe]))).status, 400)
  assert.equal((await post('/v1/events', '')).status, 400)
  assert.equal((await call(platform.url, 'GET', '/api/nothing/v1/here')).status, 404)
  assert.equal((await call(platform.url, 'GET', '/v1/events')).status, 405)
  assert.equal((await call(platform.url, 'PUT', '/api/experiments/v1/flags/broken', { raw: '{"key":' })).status, 400)
  assert.equal((await call(platform.url, 'GET', '/api/events/v1/types/none-such')).status, 404)
  assert.ok((await platform.residentBytes()) < 1.5e9)
  assert.equal((await call(platform.url, 'GET', '/readyz', { key: null })).status, 200)
})

test('PF19 no key and an unknown one are 401, another kind of key is 403, on both sides of the house', async () => {
  const body = JSON.stringify([play('nobody')])
  assert.equal((await post('/v1/events', body, {}, null)).status, 401)
  assert.equal((await post('/v1/events', body, {}, 'guessed')).status, 401)
  assert.equal((await post('/v1/events', body, {}, KEYS.client)).status, 403)
  assert.equal((await post(`/v1/events?writeKey=${KEYS.write}`, JSON.stringify([play('by-query')]), {}, null)).status, 202)
  assert.equal((await post('/v1/events', JSON.stringify([play('by-basic')]), { authorization: `Basic ${Buffer.from(`${KEYS.write}:`).toString('base64')}` }, null)).status, 202)
  for (const path of ['/api/events/v1/types', '/api/keys/v1/keys', '/api/pipelines/v1/endpoints', '/api/experiments/v1/flags', '/api/recommendations/v1/users', '/api/platform/v1/info']) {
    assert.equal((await call(platform.url, 'GET', path, { key: null })).status, 401, path)
    assert.equal((await call(platform.url, 'GET', path, { key: 'guessed' })).status, 401, path)
    assert.equal((await call(platform.url, 'GET', path, { key: KEYS.write })).status, 403, path)
    assert.equal((await call(platform.url, 'GET', path)).status, 200, path)
  }
})

test('PF20 an event type is 201 when new and 200 when the same; a changed schema of the same version is refused', async () => {
  const type = { name: 'podcast-rated', version: '1-0-0', owner: 'squad-world', slo: 'bronze', retention: '30d', schema: { type: 'object', properties: { stars: { type: 'integer', personal: 'none', minimum: 1, maximum: 5 } }, required: ['stars'] } }
  const put = (body: unknown): Promise<Answer> => call(platform.url, 'PUT', '/api/events/v1/types/podcast-rated', { body })
  assert.equal((await put(type)).status, 201)
  assert.equal((await put(type)).status, 200)
  assert.equal((await put({ ...type, schema: { ...type.schema, required: [] } })).status, 409)
  const forgot = await put({ ...type, version: '1-0-1', schema: { type: 'object', properties: { stars: { type: 'integer' } } } })
  assert.deepEqual([forgot.status, forgot.json['code']], [400, 'SCHEMA_INVALID'])
  const rated = await post('/v1/events', JSON.stringify([{ id: 'r1', type: 'podcast-rated', properties: { stars: 4 } }, { id: 'r2', type: 'podcast-rated', properties: { stars: 6 } }]))
  assert.deepEqual(results(rated).map(({ status }) => status), ['accepted', 'dead'])
})

test('PF21 Segment clients are served as they are', async () => {
  const messages = [
    { type: 'track', event: 'Track Played', messageId: 's1', userId: 'u-9', timestamp: new Date().toISOString(), properties: { trackId: 't', artistId: 'a', trackMs: 1000, playedMs: 900, source: 'radio' } },
    { type: 'identify', messageId: 's2', userId: 'u-9', traits: { plan: 'free' } },
  ]
  const basic = { authorization: `Basic ${Buffer.from(`${KEYS.write}:`).toString('base64')}`, 'content-type': 'application/json' }
  const answer = await post('/v1/batch', JSON.stringify({ batch: messages, sentAt: new Date().toISOString() }), basic, null)
  assert.equal(answer.status, 200, answer.text)
  assert.equal(answer.json['success'], true)
  const [row] = await listRows<{ id: string; userId: string }>(platform.url, '/api/events/v1/types/track-played/events?limit=1')
  assert.deepEqual([row?.id, row?.userId], ['s1', 'u-9'])
  assert.equal((await listRows(platform.url, '/api/events/v1/types/identify/events')).length, 1)
  assert.equal((await post('/v1/batch', '{"batch":1}', basic, null)).status, 400)
  assert.equal((await post('/v1/batch', '{"batch":[]}', { 'content-type': 'application/json' }, 'guessed')).status, 401)
})

test('PF22 a key is made, used, revoked and then refused; its secret is shown once', async () => {
  const made = await call(platform.url, 'POST', '/api/keys/v1/keys', { body: { kind: 'write', name: 'web-player', scope: '*' } })
  assert.equal(made.status, 201)
  const { id, secret } = made.json as { id: string; secret: string }
  assert.equal((await post('/v1/events', JSON.stringify([play('by-key')]), {}, secret)).status, 202)
  const rows = await listRows<Record<string, unknown>>(platform.url, '/api/keys/v1/keys')
  assert.equal(rows.some((row) => row['id'] === id && !('secret' in row)), true)
  assert.equal(rows.some((row) => JSON.stringify(row).includes(secret)), false)
  assert.equal((await call(platform.url, 'DELETE', `/api/keys/v1/keys/${id}`)).status, 200)
  assert.equal((await post('/v1/events', JSON.stringify([play('revoked')]), {}, secret)).status, 401)
})

test('PF22 a service key makes neither keys nor sign-in links', async () => {
  const made = await call(platform.url, 'POST', '/api/keys/v1/keys', { body: { kind: 'service', name: 'local', scope: '*' } })
  const { secret } = made.json as { secret: string }
  for (const [path, body] of [['keys', { kind: 'admin', name: 'mine' }], ['links', undefined]] as const) {
    const refused = await call(platform.url, 'POST', `/api/keys/v1/${path}`, { key: secret, body })
    assert.deepEqual([refused.status, refused.json['code']], [403, 'ADMIN_KEY_NEEDED'], path)
  }
  assert.equal((await call(platform.url, 'GET', '/api/events/v1/types', { key: secret })).status, 200)
})

test('PF23 the admin link lets one browser in, once, and its cookie acts only for pages of this origin', async () => {
  const { out, err, code } = await runRondo(['keys', 'link', '--json', '--data', folder.join('data')])
  assert.equal(code, 0, err)
  const { link } = JSON.parse(out) as { link: string }
  const first = await fetch(link, { redirect: 'manual' })
  assert.deepEqual([first.status, first.headers.get('location')], [303, '/'])
  const [cookie = '', ...flags] = (first.headers.get('set-cookie') ?? '').split('; ')
  assert.ok(flags.includes('HttpOnly') && flags.includes('SameSite=Strict'), flags.join())
  assert.equal((await fetch(link, { redirect: 'manual' })).status, 401)
  const as = (method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Answer> => call(platform.url, method, path, { key: null, headers: { cookie, ...headers }, ...(body === undefined ? {} : { body }) })
  assert.equal((await as('GET', '/api/platform/v1/info', {})).status, 200)
  const key = { kind: 'client', name: 'app' }
  assert.equal((await as('POST', '/api/keys/v1/keys', { origin: platform.url }, key)).status, 201)
  const foreign = await as('POST', '/api/keys/v1/keys', { origin: 'http://evil.example' }, key)
  assert.deepEqual([foreign.status, foreign.json['code']], [403, 'FOREIGN_ORIGIN'])
  assert.equal((await as('GET', '/api/platform/v1/info', { cookie: `${cookie}x` })).status, 401)
})

test('PF24 flags: made, resolved through OFREP by a client, archived', async () => {
  const flag = { key: 'shuffle', owner: 'squad-discovery', schema: { type: 'object', properties: { on: { type: 'boolean', personal: 'none' } } }, variants: { off: { on: false }, on: { on: true } }, clients: ['*'], rules: [{ when: { attribute: 'country', eq: 'SE' }, assign: [{ variant: 'on', share: 1 }] }] }
  assert.equal((await call(platform.url, 'PUT', '/api/experiments/v1/flags/shuffle', { body: flag })).status, 201)
  assert.equal((await call(platform.url, 'PUT', '/api/experiments/v1/flags/shuffle', { body: flag })).status, 200)
  const evaluate = (context: Record<string, string>, key: string = KEYS.client): Promise<Answer> => call(platform.url, 'POST', '/ofrep/v1/evaluate/flags/shuffle', { key, body: { context } })
  assert.deepEqual((await evaluate({ targetingKey: 'u-1', country: 'SE' })).json['value'], { on: true })
  assert.equal((await evaluate({ targetingKey: 'u-1', country: 'SE' }, KEYS.write)).status, 403)
  assert.equal((await evaluate({ targetingKey: 'u-1', country: 'SE' }, 'guessed')).status, 401)
  const bulk = await call(platform.url, 'POST', '/ofrep/v1/evaluate/flags', { key: KEYS.client, body: { context: { targetingKey: 'u-1' } } })
  assert.ok((bulk.json['flags'] as { key: string }[]).some(({ key }) => key === 'weekly-shelf'))
  assert.ok([200, 204].includes((await call(platform.url, 'DELETE', '/api/experiments/v1/flags/shuffle')).status))
})

test('PF25 every list of the control plane is {"rows":[…]}, and every room has its OpenAPI page', async () => {
  const paths = ['events/v1/types', 'events/v1/counts', 'pipelines/v1/endpoints', 'pipelines/v1/endpoints/track-played/partitions', 'pipelines/v1/runs', 'experiments/v1/flags', 'experiments/v1/experiments', 'recommendations/v1/users', 'recommendations/v1/models', 'keys/v1/keys', 'keys/v1/audit']
  for (const path of paths) assert.ok(Array.isArray(await listRows(platform.url, `/api/${path}`)), path)
  for (const { openapi } of await listRows<{ openapi: string }>(platform.url, '/api')) assert.match(String((await call(platform.url, 'GET', openapi)).json['openapi']), /^3\.1/, openapi)
  const lineage = await call(platform.url, 'GET', '/api/pipelines/v1/lineage?of=taste-weekly&direction=up')
  assert.ok((lineage.json['nodes'] as unknown[]).length > 3 && (lineage.json['edges'] as unknown[]).length > 3)
})

test('PF26 bound to every address, nothing is served without a key but probes and the door', async () => {
  await using house = await createTempFolder()
  await using open = await startUp(house.join('data'), ['--host', '0.0.0.0'])
  const url = open.url.replace('0.0.0.0', '127.0.0.1')
  for (const path of ['/healthz', '/readyz']) assert.equal((await call(url, 'GET', path, { key: null })).status, 200, path)
  for (const path of ['/', '/events', '/assets/any.js', '/api', '/api/events/openapi.json', '/metrics', '/api/platform/v1/info', '/api/catalog/entities', '/api/events/v1/live', '/sign-in', '/sign-in?link=guess']) {
    assert.equal((await call(url, 'GET', path, { key: null })).status, 401, path)
  }
  const page = await call(url, 'GET', '/events?peek=track-played', { key: null, headers: { accept: 'text/html' } })
  assert.deepEqual([page.status, /npx rondo keys link/.test(page.text)], [401, true], 'a person from outside is told how to come in')
  const { out } = await runRondo(['keys', 'link', '--json', '--data', open.folder])
  const link = new URL((JSON.parse(out) as { link: string }).link)
  const signedIn = await call(url, 'GET', `${link.pathname}${link.search}`, { key: null })
  const cookie = signedIn.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
  assert.equal((await call(url, 'GET', '/events', { key: null, headers: { cookie, accept: 'text/html' } })).status, 200)
  const listening = makeListening({ seed: 'open', count: 3, occurredAtMs: Date.now() })
  assert.equal((await call(url, 'POST', '/v1/events', { key: null, body: listening.events })).status, 401)
  assert.equal((await call(url, 'POST', '/ofrep/v1/evaluate/flags', { key: null, body: { context: {} } })).status, 401)
  for (const path of ['/api', '/metrics', '/api/events/openapi.json']) assert.equal((await call(url, 'GET', path)).status, 200, path)
})

test('PF19 who guesses is slowed at every door, and a right key from the same address passes', async () => {
  await using house = await createTempFolder()
  await using server = await startUp(house.join('data'))
  const knock = async (key: string): Promise<number[]> => [
    (await call(server.url, 'POST', '/v1/events', { key, body: [] })).status,
    (await call(server.url, 'POST', '/v1/batch', { key, body: { batch: [] } })).status,
    (await call(server.url, 'POST', '/ofrep/v1/evaluate/flags', { key, body: {} })).status,
    (await call(server.url, 'GET', '/api/keys/v1/keys', { key })).status,
  ]
  for (let round = 0; round < 5; round += 1) assert.deepEqual(await knock(`guess-${round}`), [401, 401, 401, 401])
  assert.deepEqual(await knock('guess-on'), [429, 429, 429, 429])
  assert.deepEqual(await knock(KEYS.admin), [202, 200, 200, 200])
})
