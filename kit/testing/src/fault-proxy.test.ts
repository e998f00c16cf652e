// The network fails as networks do, between a client and a small engine that counts what it has done.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { it } from 'node:test'
import { createFaultProxy } from './fault-proxy.ts'

/** Answers "done:WORD " to every "WORD ", and remembers each word. */
async function createEngine(): Promise<AsyncDisposable & { port: number; words: string[] }> {
  const words: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      for (const word of bytes.toString().split(' ').slice(0, -1)) {
        words.push(word)
        socket.write(`done:${word} `)
      }
    })
    socket.once('end', () => socket.end('bye '))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    words,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((done) => void server.close(() => done()))
    },
  }
}

async function open(port: number): Promise<{ socket: Socket; ask: (word: string) => Promise<string>; closed: Promise<unknown> }> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const closed = new Promise((done) => void socket.once('close', done))
  await once(socket, 'connect')
  let error = 'closed'
  socket.on('error', (thrown: Error & { code?: string }) => (error = thrown.code ?? thrown.message))
  const ask = (word: string): Promise<string> => {
    socket.write(`${word} `)
    return Promise.race([once(socket, 'data').then(([bytes]) => String(bytes), () => error), closed.then(() => error)])
  }
  return { socket, ask, closed }
}

it('carries bytes both ways, and the last word after the client has ended', async () => {
  await using engine = await createEngine()
  await using proxy = await createFaultProxy({ targetPort: engine.port })
  const { socket, ask } = await open(proxy.port)
  assert.equal(await ask('a'), 'done:a ')
  assert.equal(proxy.connections, 1)
  socket.end()
  assert.equal(String((await once(socket, 'data'))[0]), 'bye ')
  // Nobody reads it any more, so it would not notice its end.
  socket.destroy()
})

it('carries more than a socket holds, whole and in order', async () => {
  await using engine = await createEngine()
  await using proxy = await createFaultProxy({ targetPort: engine.port })
  const { socket } = await open(proxy.port)
  const asked = Array.from({ length: 100_000 }, (_, at) => `word-${at}`)
  let received = ''
  const all = new Promise<void>((done) => void socket.on('data', (bytes: Buffer) => {
    received += bytes.toString()
    if (received.endsWith('bye ')) done()
  }))
  // In whole words for the engine: one at a time would be slow, all at once would be torn.
  for (let at = 0; at < asked.length; at += 100) if (!socket.write(`${asked.slice(at, at + 100).join(' ')} `)) await once(socket, 'drain')
  socket.end()
  await all
  assert.equal(received.split(' ').length, engine.words.length + 2)
  assert.equal(engine.words[0], 'word-0')
})

it('delays every chunk, in order, and each by its own time', async () => {
  await using engine = await createEngine()
  const asked: { ms: number; pass: () => void }[] = []
  await using proxy = await createFaultProxy({ targetPort: engine.port, delayMs: 40, wait: (ms) => new Promise<void>((pass) => void asked.push({ ms, pass })) })
  const { ask } = await open(proxy.port)
  const first = ask('a')
  while (asked.length < 1) await new Promise(setImmediate)
  assert.deepEqual(engine.words, [])
  proxy.setDelayMs(0)
  const second = ask('b')
  asked[0]?.pass()
  await Promise.all([first, second])
  assert.deepEqual([engine.words, asked.map(({ ms }) => ms)], [['a', 'b'], [40]])
})

it('resets what is open, serves what comes after; closed, it resets that too', async () => {
  await using engine = await createEngine()
  await using proxy = await createFaultProxy({ targetPort: engine.port })
  const first = await open(proxy.port)
  assert.equal(await first.ask('a'), 'done:a ')
  proxy.cut()
  assert.equal(await first.ask('b'), 'ECONNRESET')
  assert.equal(await (await open(proxy.port)).ask('c'), 'done:c ')
  proxy.close()
  // A reset may be there before the connection is.
  assert.equal(await open(proxy.port).then(({ ask }) => ask('d'), (error: { code: string }) => error.code), 'ECONNRESET')
  proxy.open()
  assert.equal(await (await open(proxy.port)).ask('e'), 'done:e ')
  assert.deepEqual(engine.words, ['a', 'c', 'e'])
})

it('loses the answer to a request that was carried out, once', async () => {
  await using engine = await createEngine()
  await using proxy = await createFaultProxy({ targetPort: engine.port })
  const { ask } = await open(proxy.port)
  const lost = proxy.loseAnswer({ request: (bytes) => bytes.includes('commit'), answer: (bytes) => bytes.includes('done:commit') })
  assert.equal(await ask('begin'), 'done:begin ')
  assert.equal(await ask('commit'), 'ECONNRESET')
  await lost
  assert.deepEqual(engine.words, ['begin', 'commit'])
  assert.equal(await (await open(proxy.port)).ask('commit'), 'done:commit ')
  assert.equal(engine.words.length, 3)
})

it('is a refused client when the engine is away, and a served one when it is back', async () => {
  const engine = await createEngine()
  await using proxy = await createFaultProxy({ targetPort: engine.port })
  await engine[Symbol.asyncDispose]()
  const { ask } = await open(proxy.port)
  assert.equal(await ask('a'), 'ECONNRESET')
  assert.equal(proxy.connections, 0)
})
