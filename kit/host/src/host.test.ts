// A small service on a real port: what comes back over HTTP, and who is let in.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createCtx, type Principal } from '@rondo/context'
import { createHttpClient, createLocalClient, defineContract, type Access, type Api, type RawRoute, type Service } from '@rondo/contract'
import { AppError } from '@rondo/errors'
import { Type } from 'typebox'
import { createHost, createSilentLog, isSameSecret, type Host } from './index.ts'

const contract = defineContract({
  service: 'shelf',
  base: '/api/shelf/v1',
  routes: {
    put: {
      method: 'PUT',
      path: '/books/{id}',
      summary: 'Puts a book',
      access: 'admin',
      params: Type.Object({ id: Type.String() }),
      query: Type.Object({ copies: Type.Optional(Type.Integer({ minimum: 1 })) }),
      body: Type.Object({ title: Type.String() }),
      result: Type.Object({ id: Type.String(), copies: Type.Integer(), created: Type.Boolean() }),
    },
    fail: { method: 'GET', path: '/fail/{kind}', summary: 'Fails', access: 'read', params: Type.Object({ kind: Type.String() }), result: Type.Object({}) },
  },
})

const api: Api<typeof contract> = {
  put: async ({ id, copies }) => ({ id, copies: copies ?? 1, created: id === 'new' }),
  fail: async ({ kind }) => {
    if (kind === 'plain') throw new Error('boom')
    throw new AppError({ code: 'SHELF_FULL', kind: 'storage-full', message: 'The shelf "A" is full.', details: { shelf: 'A' }, help: 'Make room.' })
  },
}

const raw: RawRoute[] = [
  { method: 'POST', path: '/v1/echo:back', access: 'open', bodyLimitBytes: 1000, handle: async (request) => ({ status: 202, body: request.body }) },
  { method: 'GET', path: '/files/{path...}', access: 'public', handle: async (request) => ({ status: 200, body: request.params['path'] ?? '' }) },
  { method: 'GET', path: '/peer', access: 'open', handle: async (request) => ({ status: 200, body: request.peer ?? 'none' }) },
  { method: 'GET', path: '/stream', access: 'public', handle: async () => ({ status: 200, headers: { 'content-type': 'text/event-stream' }, body: (async function* () { yield 'data: 1\n\n'; yield 'data: 2\n\n' })() }) },
]

const service: Service<typeof contract> = { contract, api, raw, close: async () => {}, metrics: () => [{ name: 'shelf_books_total', help: 'Books.', type: 'counter', samples: [{ value: 3 }] }] }
/** Secrets that were looked up, and for whom. */
const shown: [string, string | undefined][] = []
let host: Host
let url = ''

before(async () => {
  host = createHost({
    services: [service as Service],
    authenticate: async (secret, kinds, _ctx, from) => {
      shown.push([secret, from])
      const principal: Principal | undefined = secret === 'admin' ? { kind: 'admin', name: 'a' } : secret === 'writer' ? { kind: 'write', name: 'w' } : undefined
      return principal !== undefined && kinds.includes(principal.kind) ? principal : undefined
    },
    session: async (cookie) => (cookie === 'good' ? { kind: 'admin', name: 'browser' } : undefined),
    log: createSilentLog(),
    bind: '127.0.0.1',
    port: 0,
  })
  ;({ url } = await host.listen())
})
after(() => host.close())

test('HO1 a service answers the same in process and over HTTP, good and bad', async () => {
  const clients = [createLocalClient(contract, api), createHttpClient(contract, { baseUrl: url, token: 'admin' })]
  for (const client of clients) {
    assert.deepEqual(await client.put({ id: 'new', copies: 2, body: { title: 'x' } }, createCtx()), { id: 'new', copies: 2, created: true })
    await assert.rejects(client.put({ id: 'x', copies: 0, body: { title: 'x' } }, createCtx()), { code: 'INVALID_INPUT', kind: 'invalid' })
    await assert.rejects(client.fail({ kind: 'full' }, createCtx()), { code: 'SHELF_FULL', kind: 'storage-full', details: { shelf: 'A' }, help: 'Make room.' })
    await assert.rejects(client.fail({ kind: 'plain' }, createCtx()), { code: 'INTERNAL' })
  }
})

test('HO2 problems are RFC 9457 with the right status', async () => {
  const answer = await fetch(`${url}/api/shelf/v1/fail/full`, { headers: { authorization: 'Bearer admin' } })
  assert.equal(answer.status, 507)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
  const bad = await fetch(`${url}/api/shelf/v1/books/new`, { method: 'PUT', headers: { authorization: 'Bearer admin' }, body: '{"title":' })
  assert.equal(bad.status, 400)
  assert.equal(((await bad.json()) as { code: string }).code, 'BAD_JSON')
  assert.equal((await fetch(`${url}/nowhere`)).status, 404)
})

test('HO3 what made something new answers 201, the same again 200', async () => {
  const put = (id: string): Promise<Response> => fetch(`${url}/api/shelf/v1/books/${id}`, { method: 'PUT', headers: { authorization: 'Bearer admin' }, body: '{"title":"x"}' })
  assert.equal((await put('new')).status, 201)
  assert.equal((await put('old')).status, 200)
})

test('HO4 no key 401, another kind of key 403, a foreign host or origin 403', async () => {
  const at = `${url}/api/shelf/v1/fail/full`
  assert.equal((await fetch(at)).status, 401)
  assert.equal((await fetch(at, { headers: { authorization: 'Bearer nobody' } })).status, 401)
  assert.equal((await fetch(at, { headers: { authorization: `Basic ${Buffer.from('writer:').toString('base64')}` } })).status, 403)
  assert.equal((await fetch(at, { headers: { cookie: 'rondo_session=good' } })).status, 507)
  const put = (headers: Record<string, string>): Promise<Response> => fetch(`${url}/api/shelf/v1/books/a`, { method: 'PUT', body: '{"title":"x"}', headers: { cookie: 'rondo_session=good', ...headers } })
  assert.equal((await put({ origin: url })).status, 200)
  assert.equal((await put({ origin: 'http://evil.example' })).status, 403)
  assert.equal((await put({ 'sec-fetch-site': 'same-origin' })).status, 200)
  assert.equal((await put({ 'sec-fetch-site': 'cross-site' })).status, 403)
  for (const host of ['evil.example', '127.evil.example', '127.0.0.1.evil.example:80']) assert.equal(await askAs(host), 403, host)
  for (const host of ['localhost:1', '127.0.0.1', '[::1]:7070']) assert.equal(await askAs(host), 200, host)
})

test('HO4 each access level takes its kinds of key and no other, on paths with parameters and without', async () => {
  const kinds: Record<Exclude<Access, 'public'>, Principal['kind'][]> = { write: ['write', 'admin', 'service'], client: ['client', 'admin', 'service'], read: ['admin', 'service'], admin: ['admin', 'service'] }
  const levels = Object.keys(kinds) as (keyof typeof kinds)[]
  const keys: Principal['kind'][] = ['write', 'client', 'admin', 'service']
  const routes = levels.flatMap((access) => [`/${access}`, `/${access}/{id}`].map((path): RawRoute => ({ method: 'POST', path, access, handle: async (_request, ctx) => ({ status: 200, body: ctx.principal.kind }) })))
  const guarded = createHost({ services: [], raw: routes, authenticate: async (secret, allowed) => allowed.filter((kind) => kind === secret).map((kind) => ({ kind, name: 'k' }))[0], session: async () => undefined, log: createSilentLog(), bind: '127.0.0.1', port: 0 })
  const at = (await guarded.listen()).url
  const post = async (path: string, key?: string): Promise<string> => {
    const answer = await fetch(at + path, { method: 'POST', body: 'x', ...(key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } }) })
    const said = await answer.text()
    return answer.status === 200 ? said : String(answer.status)
  }
  try {
    for (const access of levels) {
      for (const path of [`/${access}`, `/${access}/1`]) {
        assert.deepEqual(await Promise.all([post(path), post(path, 'guess')]), ['401', '401'], path)
        assert.deepEqual(await Promise.all(keys.map((key) => post(path, key))), keys.map((key) => (kinds[access].includes(key) ? key : '403')), path)
      }
    }
  } finally {
    await guarded.close()
  }
})

test('HO4 a path answers to its own methods only; HEAD asks as GET does, with the same key and without a body', async () => {
  const ask = async (method: string, path: string, headers: Record<string, string> = {}): Promise<[number, string]> => {
    const answer = await fetch(url + path, { method, headers })
    return [answer.status, await answer.text()]
  }
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) assert.equal((await ask(method, '/healthz'))[0], 405, method)
  assert.equal((await ask('GET', '/v1/echo:back'))[0], 405)
  assert.deepEqual(await ask('HEAD', '/healthz'), [200, ''])
  assert.deepEqual([await ask('HEAD', '/api/shelf/v1/fail/full'), await ask('HEAD', '/api/shelf/v1/fail/full', { authorization: 'Bearer admin' })], [[401, ''], [507, '']])
})

test('HO2 a known path with another method is 405 and names those it answers, also beside a route that takes every path', async () => {
  const pages: RawRoute = { method: 'GET', path: '/{path...}', access: 'public', handle: async ({ url: asked }) => (asked === '/page' ? { status: 200, body: 'page' } : { status: 404, body: 'no page' }) }
  const beside = createHost({ services: [service as Service], raw: [pages], authenticate: async () => undefined, session: async () => undefined, log: createSilentLog(), bind: '127.0.0.1', port: 0 })
  try {
    const at = (await beside.listen()).url
    const ask = async (base: string, method: string, path: string): Promise<[number, string | null]> => {
      const answer = await fetch(base + path, { method })
      await answer.text()
      return [answer.status, answer.headers.get('allow')]
    }
    for (const base of [url, at]) {
      assert.deepEqual(await ask(base, 'GET', '/v1/echo:back?a=1'), [405, 'POST'])
      assert.deepEqual(await ask(base, 'DELETE', '/api/shelf/v1/books/a'), [405, 'PUT'])
      assert.deepEqual(await ask(base, 'POST', '/files/a/b'), [405, 'GET, HEAD'])
      assert.deepEqual(await ask(base, 'GET', '/v1/echo:back/more'), [404, null])
      assert.deepEqual(await ask(base, 'POST', '/nowhere'), [404, null])
    }
    assert.deepEqual(await ask(at, 'GET', '/page'), [200, null])
    const told = (await (await fetch(`${at}/v1/echo:back`)).json()) as { code: string; help: string }
    assert.deepEqual([told.code, told.help], ['WRONG_METHOD', 'It answers POST.'])
  } finally {
    await beside.close()
  }
})

test('HO10 behind a proxy the public name and the pages under it are ours, and no others', async () => {
  const proxied = createHost({ services: [service as Service], authenticate: async () => undefined, session: async () => ({ kind: 'admin', name: 'browser' }), log: createSilentLog(), bind: '127.0.0.1', port: 0, publicUrl: 'https://rondo.example.com' })
  try {
    const at = (await proxied.listen()).url
    assert.equal(await askAs('rondo.example.com', at), 200)
    assert.equal(await askAs('evil.example.com', at), 403)
    const put = async (origin: string): Promise<number> => (await fetch(`${at}/api/shelf/v1/books/a`, { method: 'PUT', body: '{"title":"x"}', headers: { cookie: 'rondo_session=good', origin } })).status
    assert.deepEqual([await put('https://rondo.example.com'), await put('http://rondo.example.com'), await put('https://evil.example.com')], [200, 403, 403])
  } finally {
    await proxied.close()
  }
})

/** The status of a probe that a page under this host name asks for; `fetch` sends no host of one's choice. */
async function askAs(host: string, at = url): Promise<number | undefined> {
  const asked = request(`${at}/healthz`, { headers: { host } }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}

test('HO5 dialects get bytes: any content type, compressed, bounded, colons and rests in paths, streams', async () => {
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> => fetch(`${url}/v1/echo:back`, { method: 'POST', body, headers })
  assert.equal(await (await post('plain', { 'content-type': 'text/plain' })).text(), 'plain')
  assert.equal(await (await post(gzipSync('zipped'), { 'content-encoding': 'gzip' })).text(), 'zipped')
  assert.equal((await post('not gzip', { 'content-encoding': 'gzip' })).status, 400)
  assert.equal((await post('x'.repeat(1001))).status, 413)
  const bomb = gzipSync('x'.repeat(100_000))
  assert.ok(bomb.length < 1000, 'small enough to be let in')
  assert.equal((await post(bomb, { 'content-encoding': 'gzip' })).status, 413)
  assert.equal(await (await fetch(`${url}/files/a/b.txt`)).text(), 'a/b.txt')
  assert.equal(await (await fetch(`${url}/stream`)).text(), 'data: 1\n\ndata: 2\n\n')
  assert.equal(await (await fetch(`${url}/peer`, { headers: { 'x-forwarded-for': '10.0.0.9' } })).text(), '127.0.0.1', 'what a caller says of itself is not its address')
})

test('HO5 a length that is told and is too large is refused before the body comes, and the connection goes on behind it', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let said = ''
  const next = async (found: RegExp): Promise<void> => {
    while (!found.test(said)) said += String((await once(socket, 'data'))[0])
    said = ''
  }
  socket.write('POST /v1/echo:back HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n')
  await next(/^HTTP\/1\.1 413 [^]*TOO_LARGE/)
  socket.write(Buffer.alloc(5000, 32))
  socket.write('POST /v1/echo:back HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n\r\nabc')
  await next(/^HTTP\/1\.1 202 [^]*abc$/)
  socket.destroy()
})

test('HO5 a body comes in pieces, is refused when it grows too large on the way, and one that ends half-way harms nobody', async () => {
  const send = (path: string, pieces: (string | Buffer)[]): Promise<{ status: number | undefined; text: string }> =>
    new Promise((resolve, reject) => {
      const sent = request(`${url}${path}`, { method: 'POST' }, (answer: IncomingMessage) => {
        let text = ''
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
        answer.on('end', () => resolve({ status: answer.statusCode, text }))
      })
      sent.on('error', reject)
      for (const piece of pieces) sent.write(piece)
      sent.end()
    })
  assert.deepEqual(await send('/v1/echo:back', ['a', 'b', 'c']), { status: 202, text: 'abc' })
  // Written otherwise it is the same path, which the router finds.
  assert.deepEqual(await send('/v1/%65cho:back?x=1', ['a', 'b']), { status: 202, text: 'ab' })
  assert.equal((await send('/v1/echo:back', Array.from({ length: 40 }, () => Buffer.alloc(50_000)))).status, 413)
  // Far too much is not read to its end: the connection is closed.
  await assert.rejects(send('/v1/echo:back', Array.from({ length: 70 }, () => Buffer.alloc(1024 * 1024))))
  const half = connect(Number(new URL(url).port), '127.0.0.1')
  half.write('POST /v1/echo:back HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\nhalf')
  await once(half, 'connect')
  half.destroy()
  assert.deepEqual(await send('/v1/echo:back', ['still here']), { status: 202, text: 'still here' })
})

test('HO6 probes, metrics in both formats, OpenAPI', async () => {
  assert.equal((await fetch(`${url}/healthz`)).status, 200)
  assert.equal((await fetch(`${url}/readyz`)).status, 200)
  const plain = await fetch(`${url}/metrics`)
  assert.match(plain.headers.get('content-type') ?? '', /text\/plain/)
  assert.match(await plain.text(), /# TYPE shelf_books_total counter\nshelf_books_total 3/)
  const open = await fetch(`${url}/metrics`, { headers: { accept: 'application/openmetrics-text' } })
  assert.match(await open.text(), /# EOF\n$/)
  const page = (await (await fetch(`${url}/api/shelf/openapi.json`)).json()) as { paths: Record<string, unknown> }
  assert.deepEqual(Object.keys(page.paths), ['/api/shelf/v1/books/{id}', '/api/shelf/v1/fail/{kind}'])
})

test('HO6 readiness of rooms elsewhere counts, and is not told to those who ask for rooms of here', async () => {
  const rear = { service: 'rear', ready: false, reason: 'It does not answer.', address: 'http://rear' }
  const front = createHost({ services: [service as Service], elsewhere: async () => [rear], authenticate: async () => undefined, session: async () => undefined, log: createSilentLog(), bind: '127.0.0.1', port: 0 })
  const { url } = await front.listen()
  try {
    const ask = async (path: string): Promise<unknown[]> => {
      const answer = await fetch(url + path)
      return [answer.status, ((await answer.json()) as { services: unknown[] }).services]
    }
    assert.deepEqual(await ask('/readyz'), [503, [{ service: 'shelf', ready: true }, rear]])
    assert.deepEqual(await ask('/readyz?of=shelf'), [200, [{ service: 'shelf', ready: true }]])
    assert.deepEqual(await ask('/readyz?of=rear'), [200, []])
  } finally {
    await front.close()
  }
})

test('HO12 the address that a front names is the caller, where it shows a key for it; the key is counted for the front', async () => {
  const peer = async (headers: Record<string, string>): Promise<string> => (await fetch(`${url}/peer`, { headers })).text()
  const caller = { 'x-rondo-caller': '203.0.113.7' }
  assert.equal(await peer({ ...caller, 'x-rondo-front': 'admin' }), '203.0.113.7')
  assert.deepEqual([await peer(caller), await peer({ ...caller, 'x-rondo-front': 'guess' }), await peer({ ...caller, 'x-rondo-front': 'writer' })], Array(3).fill('127.0.0.1'))
  assert.equal(await peer({ 'x-rondo-caller': 'anybody', 'x-rondo-front': 'admin' }), '127.0.0.1')
  assert.ok(shown.some(([secret, from]) => secret === 'guess' && from === '127.0.0.1'))
})

test('HO13 secrets are the same or not, whatever their lengths', () => {
  assert.deepEqual([isSameSecret('token', 'token'), isSameSecret('tokem', 'token'), isSameSecret('', 'token'), isSameSecret('token and more', 'token')], [true, false, false, false])
})

test('HO7 bound to anything but loopback, what describes the house needs a key; probes do not', async () => {
  const open = createHost({
    services: [service as Service],
    authenticate: async (secret) => (secret === 'admin' ? { kind: 'admin', name: 'a' } : undefined),
    session: async () => undefined,
    log: createSilentLog(),
    bind: '0.0.0.0',
    port: 0,
  })
  const { port } = await open.listen()
  try {
    const get = async (path: string, headers: Record<string, string> = {}): Promise<number> => (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).status
    for (const path of ['/healthz', '/readyz']) assert.equal(await get(path), 200, path)
    for (const path of ['/api', '/api/shelf/openapi.json', '/metrics']) {
      assert.equal(await get(path), 401, path)
      assert.equal(await get(path, { authorization: 'Bearer admin' }), 200, path)
    }
  } finally {
    await open.close()
  }
})

test('HO15 an answer that cannot be written is a problem, and a client that left while its key was looked up is counted: nothing waits, nothing ends the house', async () => {
  const words: string[] = []
  const routes: RawRoute[] = ['/named', '/named/{id}'].map((path): RawRoute => ({ method: 'GET', path, access: 'public', handle: async () => ({ status: 200, headers: { 'x-name': 'no header — ever' }, body: 'x' }) }))
  routes.push({ method: 'POST', path: '/slow', access: 'write', handle: async () => ({ status: 200, body: 'x' }) })
  const left = Promise.withResolvers<void>()
  const odd = createHost({
    services: [],
    raw: routes,
    authenticate: async (_secret, _kinds, ctx) => {
      if (!ctx.signal.aborted) await once(ctx.signal, 'abort')
      left.resolve()
      return { kind: 'write', name: 'w' }
    },
    session: async () => undefined,
    log: { ...createSilentLog(), error: (message) => void words.push(message) },
    bind: '127.0.0.1',
    port: 0,
  })
  const { url: at, port } = await odd.listen()
  try {
    for (const path of ['/named', '/named/1']) {
      const answer = await fetch(at + path)
      assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [500, 'INTERNAL'])
    }
    assert.equal(words.length, 2)
    const half = connect(port, '127.0.0.1')
    half.write('POST /slow HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer w\r\nContent-Length: 900\r\n\r\nhalf')
    await once(half, 'connect')
    half.destroy()
    await left.promise
    const counted = await (await fetch(`${at}/metrics`)).text()
    assert.match(counted, /rondo_http_requests_total\{route="\/slow",method="POST",status="499"\} 1/)
    assert.match(counted, /rondo_http_requests_total\{route="\/named",method="GET",status="500"\} 1/)
  } finally {
    await odd.close()
  }
})

test('HO11 closing ends event streams and connections on which nothing was asked, and waits for what runs', async () => {
  const [asked, askedLate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const release = Promise.withResolvers<void>()
  const routes: RawRoute[] = [
    { method: 'GET', path: '/endless', access: 'public', handle: async (_request, ctx) => ({ status: 200, headers: { 'content-type': 'text/event-stream' }, body: (async function* () { yield 'data: 1\n\n'; await once(ctx.signal, 'abort') })() }) },
    { method: 'GET', path: '/late', access: 'public', handle: async (_request, ctx) => { askedLate.resolve(); await release.promise; return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: (async function* () { yield 'data: 1\n\n'; if (!ctx.signal.aborted) await once(ctx.signal, 'abort') })() } } },
    { method: 'GET', path: '/slow', access: 'public', handle: async () => { asked.resolve(); await release.promise; return { status: 200, body: 'done' } } },
  ]
  const closing = createHost({ services: [], raw: routes, authenticate: async () => undefined, session: async () => undefined, log: createSilentLog(), bind: '127.0.0.1', port: 0 })
  const { url: address, port } = await closing.listen()
  const silent = connect(port, '127.0.0.1')
  await once(silent, 'connect')
  const [stream, slow, late] = [await fetch(`${address}/endless`), fetch(`${address}/slow`), fetch(`${address}/late`)]
  await Promise.all([asked.promise, askedLate.promise])
  const silentGone = once(silent.resume(), 'close')
  const closed = closing.close()
  assert.equal(await stream.text(), 'data: 1\n\n')
  await silentGone
  release.resolve()
  assert.equal(await (await slow).text(), 'done')
  assert.equal(await (await late).text(), 'data: 1\n\n')
  await closed
})
