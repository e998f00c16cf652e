// Plain requests get the answers that node:http would give: the same bytes go to a route that may be plain and to one that is not.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { RawRoute } from '@rondo/contract'
import { createRandom } from '@rondo/random'
import { createHost, createSilentLog, type Host } from '../index.ts'
import { takeSocket } from './take-socket.ts'

const LIMIT_BYTES = 100_000

/** Reads the body only after others had time to come: memory that two requests share would show. */
const echo = (isPlain: boolean): RawRoute[] => [
  {
    method: 'POST',
    path: '/echo',
    access: 'open',
    bodyLimitBytes: LIMIT_BYTES,
    isPlain,
    async handle({ body, query, headers, peer }) {
      for (let i = Number(query.get('turns') ?? 1); i > 0; i -= 1) await nextTurn()
      if (query.has('fail')) throw new Error('boom')
      if (query.has('odd')) return { status: 200, headers: { 'x-odd': 'snow \u2603' }, body: 'x' }
      if (query.has('bytes')) return { status: 202, body }
      return { status: 200, body: `${body.length} ${createHash('sha256').update(body).digest('hex')} ${headers['x-mark'] ?? ''} ${peer} ¿ \u2603` }
    },
  },
  { method: 'GET', path: '/there', access: 'public', handle: async () => ({ status: 200, body: 'there' }) },
]

const open = (raw: RawRoute[], patience?: { requestMs: number; headersMs: number; checkEveryMs: number }): Host =>
  createHost({ services: [], raw, authenticate: async () => undefined, session: async () => undefined, log: createSilentLog(), bind: '127.0.0.1', port: 0, ...(patience && { patience }) })

const hosts = [open(echo(true)), open(echo(false))]
let ports: number[] = []

before(async () => {
  ports = await Promise.all(hosts.map(async (host) => (await host.listen()).port))
})
after(() => Promise.all(hosts.map((host) => host.close())))

/** All that a connection answers to these writes, each in a turn of its own; the client ends it after `answers` of them. */
async function talk(port: number, writes: (string | Buffer)[], answers: number, { saysItsLast = false } = {}): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let heard = ''
  socket.setEncoding('latin1').on('error', () => undefined)
  socket.on('data', (chunk: string) => {
    heard += chunk
    if (heard.split('HTTP/1.1 ').length > answers && isWhole(heard)) socket.end()
  })
  await once(socket, 'connect')
  for (const bytes of writes) {
    await new Promise<void>((resolve) => socket.write(bytes, () => resolve()))
    if (writes.length > 1) await nextTurn()
  }
  if (saysItsLast) socket.end()
  if (!socket.closed) await once(socket, 'close')
  return heard
}

function isWhole(heard: string): boolean {
  const last = heard.slice(heard.lastIndexOf('HTTP/1.1 '))
  const length = /content-length: (\d+)/i.exec(last)?.[1]
  const head = last.indexOf('\r\n\r\n')
  return head > 0 && length !== undefined && last.length >= head + 4 + Number(length)
}

/** Without what differs from request to request; problems name their trace. */
function normalise(heard: string): string {
  return heard
    .replaceAll(/"traceId":"\w+"/g, '')
    // Of an answer that could not be written, node:http keeps the words of its status.
    .replaceAll(/HTTP\/1\.1 (\d+) [\w ]+/g, 'HTTP/1.1 $1')
    .split('\r\n')
    .filter((line) => !/^(date|x-trace-id|content-length):/i.test(line))
    .map((line) => (/^[\w-]+: /.test(line) ? line.toLowerCase() : line))
    .join('\n')
    .replaceAll(/(HTTP\/1\.1 [^\n]*\n)((?:[\w-]+: [^\n]*\n)*)/g, (_all, status: string, headers: string) => status + headers.split('\n').sort().join('\n'))
}

const post = (body: string | Buffer, headers = '', target = '/echo'): Buffer =>
  Buffer.concat([Buffer.from(`POST ${target} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${body.length}\r\n\r\n`), Buffer.from(body)])

const GET = 'GET /there HTTP/1.1\r\nHost: localhost\r\n\r\n'
const big = 'x'.repeat(LIMIT_BYTES)

const SCENES: [name: string, writes: (string | Buffer)[], answers: number][] = [
  ['one', [post('{"a":1}')], 1],
  ['empty', [post('')], 1],
  ['names in any letters, values with spaces around', [post('x', 'x-MARK:   a b \t\r\n')], 1],
  ['at the limit', [post(big)], 1],
  ['beyond the limit', [post(`${big}x`)], 1],
  ['opened', [post(gzipSync(big.slice(1)), 'Content-Encoding: gzip\r\n')], 1],
  ['not what it says', [post('nope', 'Content-Encoding: gzip\r\n')], 1],
  ['bytes back', [post(Buffer.from([0, 255, 128, 13, 10]), '', '/echo?bytes')], 1],
  ['a failure', [post('x', '', '/echo?fail')], 1],
  ['a header that no header may have', [post('x', '', '/echo?odd')], 1],
  ['another host', [Buffer.from(post('x').toString().replace('localhost', 'evil.example'))], 1],
  ['no host', [Buffer.from(post('x').toString().replace('Host: localhost\r\n', ''))], 1],
  ['two hosts', [post('x', 'Host: localhost\r\n')], 1],
  ['two lengths', [post('x', 'Content-Length: 1\r\n')], 1],
  ['two lengths that differ', [post('x', 'Content-Length: 2\r\n')], 1],
  ['length and chunks', [post('1\r\nx\r\n0\r\n\r\n', 'Transfer-Encoding: chunked\r\n')], 1],
  ['a length that is none', [Buffer.from(post('x').toString().replace('Length: 1', 'Length: +1'))], 1],
  ['a length of hex', [Buffer.from(post('x').toString().replace('Length: 1', 'Length: 0x1'))], 1],
  ['a fold', [post('x', 'x-mark: a\r\n b\r\n')], 1],
  ['a bare line feed', [Buffer.from(post('x').toString().replace('\r\n', '\n'))], 1],
  ['a space before the colon', [post('x', 'x-mark : a\r\n')], 1],
  ['no colon', [post('x', 'x-mark\r\n')], 1],
  ['a letter beyond ASCII', [post('x', 'x-mark: \u00e9\r\n')], 1],
  ['a header without a name', [post('x', ': a\r\n')], 1],
  ['a header called constructor', [post('x', 'constructor: a\r\n')], 1],
  ['an absolute target', [post('x', '', 'http://localhost/echo')], 1],
  ['an unknown path', [post('x', '', '/nowhere')], 1],
  ['another method there', ['PUT /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n'], 1],
  ['HTTP/1.0', [Buffer.from(post('x').toString().replace('HTTP/1.1', 'HTTP/1.0'))], 1],
  ['HTTP/1.2', [Buffer.from(post('x').toString().replace('HTTP/1.1', 'HTTP/1.2'))], 1],
  ['the last of its connection', [post('x', 'Connection: close\r\n')], 1],
  ['a promise asked for', [post('x', 'Expect: 100-continue\r\n')], 2],
  ['head too large', [post('x', `x-mark: ${'a'.repeat(20_000)}\r\n`)], 1],
  ['no request at all', ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'], 1],
  ['three at once, the first slowest', [Buffer.concat([post('a', '', '/echo?turns=30'), post('bb', '', '/echo?turns=5'), post('ccc')])], 3],
  ['others between them', [Buffer.concat([post('a', '', '/echo?turns=20'), Buffer.from(GET), post('b'), Buffer.from(GET)])], 4],
  ['one after the other, of each kind', [post('a'), GET, post('b'), post('5\r\nhello\r\n0\r\n\r\n', 'X: y\r\n'), GET], 5],
  ['more than are served at once', [Buffer.concat(Array.from({ length: 40 }, (_, i) => post(`${i}`, '', `/echo?turns=${40 - i}`)))], 40],
]

test('HO16 a plain post is answered as node:http answers it, and what is not plain is read by node:http', { timeout: 60_000 }, async () => {
  for (const [name, writes, answers] of SCENES) {
    const [plain, usual] = await Promise.all(ports.map((port) => talk(port, writes, answers)))
    assert.equal(normalise(plain as string), normalise(usual as string), name)
    assert.match(usual as string, /^HTTP\/1\.1 \d/, name)
  }
})

test('HO16 wherever the bytes are cut, the answers are the same', { timeout: 60_000 }, async () => {
  const random = createRandom(16)
  const bytes = Buffer.concat([post('{"a":1}', 'x-mark: 1\r\n'), post('', '', '/echo?turns=3'), Buffer.from(GET), post(gzipSync('hello'), 'Content-Encoding: gzip\r\n'), post('yes')])
  const whole = normalise(await talk(ports[1] as number, [bytes], 5))
  const cut = async (): Promise<void> => {
    const at = [...new Set(Array.from({ length: 1 + random.int(6) }, () => random.int(bytes.length)))].sort((a, b) => a - b)
    const parts = [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length)).filter((part) => part.length > 0)
    assert.equal(normalise(await talk(ports[0] as number, parts, 5)), whole, `cut at ${at.join(', ')}`)
  }
  for (let round = 0; round < 40; round += 1) await Promise.all(Array.from({ length: 5 }, cut))
})

test('HO16 many connections at once have bodies of their own, small ones and large ones', { timeout: 60_000 }, async () => {
  const random = createRandom(17)
  const one = async (): Promise<void> => {
    const body = Buffer.alloc(random.int(3) === 0 ? random.int(LIMIT_BYTES) : random.int(2000), String.fromCharCode(97 + random.int(26)))
    const heard = await talk(ports[0] as number, random.int(2) === 0 ? [post(body, '', '/echo?turns=4')] : [post(body).subarray(0, 60), post(body).subarray(60)], 1)
    assert.ok(heard.includes(`\r\n\r\n${body.length} ${createHash('sha256').update(body).digest('hex')}`), heard)
  }
  for (let round = 0; round < 10; round += 1) await Promise.all(Array.from({ length: 30 }, one))
})

test('HO16 half a plain body, and a plain connection that asks nothing more, are cut off in time; a client that leaves is let go', { timeout: 30_000 }, async () => {
  const handled: boolean[] = []
  const begun = Promise.withResolvers<void>()
  const late: RawRoute = { method: 'POST', path: '/echo', access: 'open', isPlain: true, async handle(_request, ctx) { begun.resolve(); await once(ctx.signal, 'abort'); handled.push(true); return { status: 200 } } }
  const host = open([late], { requestMs: 150, headersMs: 100, checkEveryMs: 20 })
  const { port } = await host.listen()
  assert.match(await talk(port, [post('whole').subarray(0, -1)], 2), /^HTTP\/1\.1 408 /)
  assert.equal(await talk(port, [], 1), '')
  const leaver: Socket = connect(port, '127.0.0.1')
  leaver.write(post('x'))
  await begun.promise
  leaver.resetAndDestroy()
  while (handled.length === 0) await nextTurn()
  await host.close()
})

test('HO16 a close waits for plain requests that run, and ends idle connections', { timeout: 30_000 }, async () => {
  const running = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const host = open([{ method: 'POST', path: '/echo', access: 'open', isPlain: true, async handle() { running.resolve(); await go.promise; return { status: 200, body: 'done' } } }])
  const { port } = await host.listen()
  const said = talk(port, [post('x')], 9)
  const idle = connect(port, '127.0.0.1')
  await running.promise
  let closed = false
  const closing = host.close().then(() => (closed = true))
  await once(idle, 'close')
  assert.equal(closed, false)
  go.resolve()
  const heard = await said
  assert.match(heard, /^HTTP\/1\.1 200 [^]*connection: close[^]*done$/)
  await closing
})

test('HO16 whoever says that it has said all is answered all the same', { timeout: 30_000 }, async () => {
  const many = Buffer.concat(Array.from({ length: 40 }, (_, i) => post(`${i}`, '', `/echo?turns=${i === 0 ? 60 : 1}`)))
  const heard = await talk(ports[0] as number, [many], 99, { saysItsLast: true })
  assert.equal(heard.match(/HTTP\/1\.1 200/g)?.length, 40)
  const mixed = await talk(ports[0] as number, [Buffer.concat([post('x', '', '/echo?turns=20'), Buffer.from(GET)])], 99, { saysItsLast: true })
  assert.match(mixed, /^HTTP\/1\.1 200 [^]*HTTP\/1\.1 400 /, 'what is not plain and stands before the end is refused')
})

test('HO16 a client that takes no answers is not asked on, and cut off in time', { timeout: 60_000 }, async () => {
  let handled = 0
  const host = open([{ method: 'POST', path: '/echo', access: 'open', isPlain: true, async handle() { handled += 1; return { status: 200, body: 'x'.repeat(100_000) } } }], { requestMs: 1_000, headersMs: 1_000, checkEveryMs: 50 })
  const { port } = await host.listen()
  const socket = connect(port, '127.0.0.1').pause()
  socket.on('error', () => undefined)
  const posts = Buffer.concat(Array.from({ length: 1_000 }, () => post('')))
  // Not by `once`, which an error would end: being cut off is one.
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()))
  for (let i = 0; i < 300; i += 1) socket.write(posts)
  await closed
  assert.ok(handled > 0 && handled < 600, `${handled} answers were made`)
  await host.close()
})

test('HO16 a close ends also connections whose clients never do', { timeout: 30_000 }, async () => {
  const host = open(echo(true))
  const { port } = await host.listen()
  const deaf = [false, true].map((asks) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    socket.on('error', () => undefined)
    if (asks) socket.write(post('x'))
    return socket
  })
  await once(deaf[1] as Socket, 'data')
  await host.close()
  for (const socket of deaf) socket.destroy()
})

test('HO16 the Node that this runs on lets a connection be taken over', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const heard: string[] = []
  const buffer = Buffer.alloc(64)
  server.on('connection', (accepted: Socket) => {
    const taken = takeSocket(accepted, { buffer, callback: (sizeBytes) => heard.push(buffer.toString('latin1', 0, sizeBytes)) > 0 })
    assert.ok(taken)
    taken.on('end', () => taken.end('bye'))
  })
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.end('hello')
  assert.equal(String(await once(client, 'data').then(([chunk]) => chunk as Buffer)), 'bye')
  assert.deepEqual(heard, ['hello'])
  server.close()
  await once(server, 'close')
})
