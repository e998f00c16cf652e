// One front for a house of several processes: what is asked of a room that runs elsewhere comes back as it answered.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createCtx } from '@rondo/context'
import type { RawRequest, RawRoute } from '@rondo/contract'
import { createForwardRoutes, type Front } from './forward-rooms.ts'

async function startPeer(): Promise<AsyncDisposable & { url: string; asked: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[] }> {
  const asked: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    asked.push({ ...(request.method === undefined ? {} : { method: request.method }), ...(request.url === undefined ? {} : { url: request.url }), headers: request.headers, body })
    if (request.url?.endsWith('/live') === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
      return
    }
    response.writeHead(request.method === 'POST' ? 422 : 200, { 'content-type': 'application/problem+json', 'content-encoding': 'gzip', 'x-trace-id': 'abc' })
    response.end(gzipSync('{"code":"NO"}'))
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, asked, async [Symbol.asyncDispose]() { server.closeAllConnections(); server.close(); await once(server, 'close') } }
}

const front: Front = { bind: '127.0.0.1', checks: { authenticate: async () => undefined, session: async () => undefined } }
const find = (routes: RawRoute[], method: string): RawRoute => routes.find((route) => route.method === method) as RawRoute
const ask = (method: string, url: string, headers: Record<string, string> = {}, body = ''): RawRequest => ({ method, url, params: {}, query: new URLSearchParams(), headers: { host: 'front:7070', ...headers }, body: Buffer.from(body) })
async function read(body: unknown): Promise<string> {
  let text = ''
  for await (const chunk of body as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString('utf8')
  return text
}

test('PF63 a room that runs elsewhere is asked through here: method, path, credentials and body go there; status, headers and body come back', async () => {
  await using peer = await startPeer()
  const routes = createForwardRoutes({ events: peer.url, catalog: 'http://127.0.0.1:9' }, new Set(['catalog']), front)
  assert.deepEqual([...new Set(routes.map((route) => route.path))], ['/api/events/{rest...}', '/v1/{rest...}'], 'a room that runs here is not passed on')
  const answer = await find(routes, 'POST').handle(ask('POST', '/api/events/v1/land?a=%20b', { cookie: 'rondo_session=s', authorization: 'Bearer t', connection: 'close', 'content-encoding': 'gzip', origin: 'http://front:7070' }, '{"x":1}'), createCtx())
  assert.deepEqual([answer.status, answer.headers?.['x-trace-id'], answer.headers?.['content-encoding'], await read(answer.body)], [422, 'abc', undefined, '{"code":"NO"}'])
  const [asked] = peer.asked
  assert.deepEqual([asked?.method, asked?.url, asked?.body, asked?.headers['cookie'], asked?.headers['authorization'], asked?.headers['content-encoding']], ['POST', '/api/events/v1/land?a=%20b', '{"x":1}', 'rondo_session=s', 'Bearer t', undefined])
  assert.equal(asked?.headers['origin'], peer.url, 'our page asks there as it asks here')
  await find(routes, 'POST').handle(ask('POST', '/api/events/v1/land', { origin: 'http://evil.example' }), createCtx())
  assert.equal(peer.asked[1]?.headers['origin'], 'http://evil.example', 'another page does not become ours')
})

test('PF63 the token of tools of this machine becomes the one that rooms call each other with; no other does', async () => {
  await using peer = await startPeer()
  const routes = createForwardRoutes({ events: peer.url }, new Set(), { ...front, localToken: 'local', peerToken: 'peer' })
  for (const token of ['local', 'other']) await find(routes, 'GET').handle(ask('GET', '/api/events/v1/types', { authorization: `Bearer ${token}` }), createCtx())
  assert.deepEqual(peer.asked.map(({ headers }) => headers['authorization']), ['Bearer peer', 'Bearer other'])
})

test('PF63 streams are passed on as they come, and end there when the client leaves', async () => {
  await using peer = await startPeer()
  const leaving = new AbortController()
  const answer = await find(createForwardRoutes({ events: peer.url }, new Set(), front), 'GET').handle(ask('GET', '/api/events/v1/live'), createCtx({ signal: leaving.signal }))
  assert.equal(answer.headers?.['content-type'], 'text/event-stream')
  const chunks = (answer.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
  assert.equal(Buffer.from((await chunks.next()).value as Uint8Array).toString('utf8'), 'data: 1\n\n')
  leaving.abort(new Error('The client left.'))
  await assert.rejects(chunks.next())
})

test('PF63 a room that does not answer is named with its address', async () => {
  const routes = createForwardRoutes({ events: 'http://127.0.0.1:9' }, new Set(), front)
  await assert.rejects(find(routes, 'GET').handle(ask('GET', '/api/events/v1/types'), createCtx()), { code: 'ROOM_AWAY', message: 'The events room does not answer at http://127.0.0.1:9.' })
})

test('PF67 a request line that names another host leads to the room all the same, and nowhere else', async () => {
  await using peer = await startPeer()
  await using other = await startPeer()
  const route = find(createForwardRoutes({ events: peer.url }, new Set(), front), 'GET')
  for (const url of [`${other.url}/api/events/v1/types?a=1`, `//${new URL(other.url).host}/api/events/v1/types?a=1`]) await route.handle(ask('GET', url, { authorization: 'Bearer t' }), createCtx())
  assert.deepEqual([other.asked, peer.asked.map(({ url }) => url)], [[], Array(2).fill('/api/events/v1/types?a=1')])
  for (const url of ['/api/events/../../metrics', '/api/events/%2e%2e/keys/v1/keys']) assert.equal((await route.handle(ask('GET', url), createCtx())).status, 404)
  assert.equal(peer.asked.length, 2)
})

test('PF72 what a room says to its own machine alone, a front bound to the outside says to those with a key', async () => {
  await using peer = await startPeer()
  const checks: Front['checks'] = { ...front.checks, authenticate: async (secret) => (secret === 'admin' ? { kind: 'admin', name: 'a' } : undefined) }
  const outside = find(createForwardRoutes({ events: peer.url }, new Set(), { bind: '0.0.0.0', checks }), 'GET')
  const urls = ['/api/events/openapi.json', '/api/events/openapi.json?a=1', '/api/events/./openapi.json', '/api/events/v1/../openapi.json', '/api/events/x\\..\\openapi.json', '/api/events/%6fpenapi%2Ejson', '//any/api/events/openapi.json']
  for (const url of urls) await assert.rejects(outside.handle(ask('GET', url), createCtx()), { code: 'UNAUTHENTICATED' }, url)
  assert.deepEqual(peer.asked, [])
  assert.equal((await outside.handle(ask('GET', '/api/events/openapi.json', { authorization: 'Bearer admin' }), createCtx())).status, 200)
  assert.equal((await outside.handle(ask('GET', '/api/events/v1/types'), createCtx())).status, 200, 'all else is the room’s to refuse')
  assert.equal((await find(createForwardRoutes({ events: peer.url }, new Set(), front), 'GET').handle(ask('GET', '/api/events/openapi.json'), createCtx())).status, 200)
})

test('PF73 a room is told who asks the front, with the key it is trusted by; what a caller says of itself is not passed on', async () => {
  await using peer = await startPeer()
  const request = { ...ask('GET', '/api/events/v1/types', { 'x-rondo-front': 'mine', 'x-rondo-caller': '198.51.100.1' }), peer: '203.0.113.7' }
  await find(createForwardRoutes({ events: peer.url }, new Set(), { ...front, peerToken: 'peer' }), 'GET').handle(request, createCtx())
  await find(createForwardRoutes({ events: peer.url }, new Set(), front), 'GET').handle(request, createCtx())
  assert.deepEqual(peer.asked.map(({ headers }) => [headers['x-rondo-front'], headers['x-rondo-caller']]), [['peer', '203.0.113.7'], [undefined, undefined]])
})
