// OpenFeature's remote evaluation, as its published providers speak it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Authenticate } from '@rondo/contract'
import type { FlagDefinition } from '../src/contract.ts'
import { createOfrepRoutes } from '../src/dialects/ofrep/routes.ts'
import { createEventStreams } from '../src/dialects/ofrep/stream.ts'
import { createStreamRight } from '../src/dialects/ofrep/stream-right.ts'
import { createFlagSet } from '../src/flag-set.ts'
import { admin, openHouse, putShelf, shelf, type House } from './house.ts'

const ONE = '/ofrep/v1/evaluate/flags/shelf'
const ALL = '/ofrep/v1/evaluate/flags'
const split: FlagDefinition = { ...shelf, key: 'split', rules: [{ name: 'half', assign: [{ variant: 'popular', share: 0.5 }, { variant: 'personal', share: 0.5 }] }] }
const none: FlagDefinition = { ...shelf, key: 'none', rules: [] }
const theirs: FlagDefinition = { ...shelf, key: 'theirs', clients: ['phone'] }

async function fill(house: House): Promise<void> {
  await putShelf(house)
  for (const body of [split, none, theirs]) await house.api.putFlag({ key: body.key, body }, admin)
}

test('EX20 a single flag: value, reason and variant, always as JSON, by Bearer or X-API-Key', async () => {
  await using house = await openHouse()
  await fill(house)
  for (const headers of [{ authorization: 'Bearer client-web' }, { 'x-api-key': 'client-web' }, { authorization: 'bearer admin-ines' }]) {
    const answer = await house.call(ONE, { context: { targetingKey: 'u' } }, headers)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers?.['content-type'], 'application/json')
    assert.deepEqual(answer.json, { key: 'shelf', value: { list: 'popular' }, reason: 'STATIC', variant: 'popular', metadata: { rule: 'everyone' } })
  }
})

test('EX21 no body, no context, an empty context: an anonymous unit', async () => {
  await using house = await openHouse()
  await fill(house)
  for (const body of ['', {}, { context: {} }, { context: null }]) assert.equal((await house.call(ONE, body)).status, 200)
})

test('EX22 errors have the code and details that providers read', async () => {
  await using house = await openHouse()
  await fill(house)
  const unknown = await house.call('/ofrep/v1/evaluate/flags/odd', {})
  assert.deepEqual([unknown.status, unknown.json['key'], unknown.json['errorCode']], [404, 'odd', 'FLAG_NOT_FOUND'])
  const noKey = await house.call('/ofrep/v1/evaluate/flags/split', { context: {} })
  assert.deepEqual([noKey.status, noKey.json['errorCode'], typeof noKey.json['errorDetails']], [400, 'TARGETING_KEY_MISSING', 'string'])
  assert.deepEqual((await house.call(ONE, '{"context":')).json['errorCode'], 'PARSE_ERROR')
  const wrongKey = await house.call(ONE, { context: { targetingKey: 7 } })
  assert.deepEqual([wrongKey.status, wrongKey.json['errorCode']], [400, 'INVALID_CONTEXT'])
  assert.match(String(wrongKey.json['errorDetails']), /TARGETING_KEY_ERROR/)
  assert.equal((await house.call(ALL, { context: 5 })).json['errorCode'], 'INVALID_CONTEXT')
})

test('EX23 a wrong or missing secret is 401, one of another kind 403', async () => {
  await using house = await openHouse()
  for (const [headers, status] of [[{}, 401], [{ authorization: 'Bearer nobody' }, 401], [{ 'x-api-key': 'write-app' }, 403]] as const) {
    for (const path of [ONE, ALL]) assert.equal((await house.call(path, {}, headers)).status, status)
  }
})

test('EX23 a guessed secret is held against the address it came from', async () => {
  await using house = await openHouse()
  const sources: (string | undefined)[] = []
  const authenticate: Authenticate = async (_secret, _kinds, _ctx, source) => void sources.push(source)
  const flags = createFlagSet(house.relational, 'test')
  for (const route of createOfrepRoutes({ flags, authenticate }, createEventStreams(flags, createStreamRight('key', house.wallClock)))) {
    if (route.method !== 'POST') continue
    const request = { method: 'POST', url: route.path, params: {}, query: new URLSearchParams(), headers: { authorization: 'Bearer guess' }, body: Buffer.alloc(0), peer: '10.0.0.9' }
    assert.equal((await route.handle(request, admin)).status, 401)
  }
  assert.deepEqual(sources, ['10.0.0.9', '10.0.0.9'])
})

test('EX24 bulk: each flag of the client, the code default without a value, a failure beside successes', async () => {
  await using house = await openHouse()
  await fill(house)
  const { json } = await house.call(ALL, { context: { plan: 'free' } })
  const flags = json['flags'] as Record<string, unknown>[]
  assert.deepEqual(flags.map((flag) => flag['key']), ['none', 'shelf', 'split'])
  assert.deepEqual(flags[0], { key: 'none', reason: 'DEFAULT', variant: '' })
  assert.equal(flags[2]?.['errorCode'], 'TARGETING_KEY_MISSING')
  const phone = (await house.call(ALL, {}, { authorization: 'Bearer client-phone' })).json['flags'] as Record<string, unknown>[]
  assert.ok(phone.some((flag) => flag['key'] === 'theirs'))
  assert.equal((await house.call('/ofrep/v1/evaluate/flags/theirs', {})).status, 404)
})

test('EX25 the tag of a bulk answer depends on the context and on the flags', async () => {
  await using house = await openHouse()
  await fill(house)
  const tag = async (context: object, headers = {}) => house.call(ALL, { context }, { authorization: 'Bearer client-web', ...headers })
  const first = (await tag({ targetingKey: 'u', plan: 'free' })).headers?.['etag'] ?? ''
  assert.equal((await tag({ plan: 'free', targetingKey: 'u' })).headers?.['etag'], first)
  const unchanged = await tag({ targetingKey: 'u', plan: 'free' }, { 'if-none-match': first })
  assert.deepEqual([unchanged.status, unchanged.body], [304, undefined])
  assert.notEqual((await tag({ targetingKey: 'v', plan: 'free' })).headers?.['etag'], first)
  assert.equal((await tag({ targetingKey: 'u', plan: 'free' }, { authorization: 'Bearer client-tv', 'if-none-match': first })).status, 200)
  await house.api.putFlag({ key: 'none', body: { ...none, description: 'changed' } }, admin)
  assert.equal((await tag({ targetingKey: 'u', plan: 'free' }, { 'if-none-match': first })).status, 200)
  const after = (await tag({ targetingKey: 'u', plan: 'free' })).headers?.['etag']
  await house.restart()
  assert.equal((await tag({ targetingKey: 'u', plan: 'free' })).headers?.['etag'], after)
})
