// OFREP's event stream over a real port: by plain HTTP, and as OpenFeature's published web provider hears it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider'
import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk'
import { createHost, createSilentLog } from '@rondo/host'
import { DAY_MS } from '@rondo/time'
import { EventSource } from 'eventsource'
import { createEventStreams } from '../src/dialects/ofrep/stream.ts'
import { createStreamRight } from '../src/dialects/ofrep/stream-right.ts'
import { createFlagSet } from '../src/flag-set.ts'
import { admin, findPrincipal, openHouse, putShelf, shelf, shelfTest, type House } from './house.ts'

type Bulk = { flags: unknown[]; eventStreams: { type: string; endpoint: { requestUri: string }; inactivityDelaySec: number }[]; metadata: { revision: string } }

async function listen(house: House): Promise<AsyncDisposable & { url: string; evaluate(headers?: Record<string, string>): Promise<Response> }> {
  const host = createHost({ services: [house.service], authenticate: async (secret, kinds) => findPrincipal(secret, kinds), session: async () => undefined, log: createSilentLog(), bind: '127.0.0.1', port: 0 })
  const { url } = await host.listen()
  const evaluate = (headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}/ofrep/v1/evaluate/flags`, { method: 'POST', headers: { authorization: 'Bearer client-web', ...headers }, body: JSON.stringify({ context: { targetingKey: 'u' } }) })
  return { url, evaluate, [Symbol.asyncDispose]: () => host.close() }
}

/** Blocks of a stream, one at a time. */
async function openStream(url: string, headers: Record<string, string> = {}) {
  const leaving = new AbortController()
  const response = await fetch(url, { headers, signal: leaving.signal })
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    response,
    leave: () => leaving.abort(),
    /** Undefined at the end. */
    async next(): Promise<string | undefined> {
      while (!text.includes('\n\n')) {
        const { value, done } = await reader.read()
        if (done) return undefined
        text += value
      }
      const [block = '', ...rest] = text.split('\n\n')
      text = rest.join('\n\n')
      return block
    },
  }
}

const change = (house: House, description: string) => house.api.putFlag({ key: 'shelf', body: { ...shelf, description } }, admin)

test('EX26 the bulk answer names a stream, which tells to evaluate again when a flag, a segment or an experiment changes', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await using server = await listen(house)
  const first = await server.evaluate()
  const { eventStreams, metadata } = (await first.json()) as Bulk
  assert.deepEqual(eventStreams.map(({ type, inactivityDelaySec }) => [type, inactivityDelaySec]), [['sse', 120]])
  const stream = await openStream(server.url + (eventStreams[0]?.endpoint.requestUri ?? ''))
  assert.deepEqual([stream.response.status, stream.response.headers.get('content-type'), stream.response.headers.get('cache-control')], [200, 'text/event-stream; charset=utf-8', 'no-store'])
  assert.equal(await stream.next(), `retry: 3000\nid: ${metadata.revision}`, 'nothing changed since the answer')

  const changes = [
    () => change(house, 'changed'),
    () => house.api.putSegment({ name: 'free', body: { name: 'free', owner: 'x', when: { attribute: 'plan', eq: 'free' } } }, admin),
    () => house.api.createExperiment({ body: { ...shelfTest, autoStart: true } }, admin),
    () => house.api.stopExperiment({ id: shelfTest.id, body: {} }, admin),
  ]
  for (const act of changes) {
    await act()
    const block = (await stream.next()) ?? ''
    const { revision } = ((await (await server.evaluate()).json()) as Bulk).metadata
    assert.equal(block, `id: ${revision}\ndata: {"type":"refetchEvaluation","etag":"${revision}"}`)
  }
  await house.api.putFlag({ key: 'shelf', body: { ...shelf, description: 'changed' } }, admin)
  await change(house, 'once more')
  const { revision } = ((await (await server.evaluate()).json()) as Bulk).metadata
  assert.match((await stream.next()) ?? '', new RegExp(revision), 'what changes nothing says nothing')
  stream.leave()
})

test('EX26 who missed a change between the answer and the stream, or while away, is told at once', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await using server = await listen(house)
  const { eventStreams, metadata } = (await (await server.evaluate()).json()) as Bulk
  const url = server.url + (eventStreams[0]?.endpoint.requestUri ?? '')
  await change(house, 'between')
  const { revision } = ((await (await server.evaluate()).json()) as Bulk).metadata
  for (const [headers, told] of [[{}, true], [{ 'last-event-id': metadata.revision }, true], [{ 'last-event-id': revision }, false]] as const) {
    const stream = await openStream(url, headers)
    await stream.next()
    if (!told) await change(house, 'after')
    assert.match((await stream.next()) ?? '', /refetchEvaluation/)
    stream.leave()
  }
})

test('EX27 the address carries its own right: the same while nothing changes, over restarts too, and no good when forged or old', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await using server = await listen(house)
  const first = await server.evaluate()
  const [etag, { eventStreams }] = [first.headers.get('etag') ?? '', (await first.json()) as Bulk]
  const uri = eventStreams[0]?.endpoint.requestUri ?? ''
  assert.ok(uri.startsWith('/') && !uri.includes('client-web'))
  assert.equal((await server.evaluate({ 'if-none-match': etag })).status, 304)
  await house.restart()
  assert.deepEqual((((await house.call('/ofrep/v1/evaluate/flags', {})).json) as Bulk).eventStreams, eventStreams)
  const forged = uri.replace(/right=(\d+)/, (_, digits: string) => `right=${Number(digits) + 1}`)
  for (const wrong of [forged, '/ofrep/v1/stream', '/ofrep/v1/stream?right=', `/ofrep/v1/stream?right=1.${'A'.repeat(43)}`]) {
    const answer = await fetch(server.url + wrong)
    assert.deepEqual([answer.status, answer.headers.get('content-type')?.split(';')[0]], [401, 'application/json'], wrong)
    assert.match(JSON.stringify(await answer.json()), /evaluate all flags again/)
  }
  // A month later the address has changed, and its tag with it, so that clients hear of the new one; the old still works for a while.
  house.wallClock.advance(30 * DAY_MS)
  assert.equal((await server.evaluate({ 'if-none-match': etag })).status, 200)
  house.wallClock.advance(30 * DAY_MS)
  assert.equal((await fetch(server.url + uri)).status, 401)
})

test('EX27 the days of a simulated world change no address', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await using server = await listen(house)
  const first = await server.evaluate()
  const uri = ((await first.json()) as Bulk).eventStreams[0]?.endpoint.requestUri ?? ''
  house.clock.advance(300 * DAY_MS)
  assert.equal((await server.evaluate({ 'if-none-match': first.headers.get('etag') ?? '' })).status, 304)
  const stream = await openStream(server.url + uri)
  assert.equal(stream.response.status, 200)
  stream.leave()
})

test('EX28 a quiet stream beats; a place is free again when a client leaves; streams are bounded and end with the service', async () => {
  await using house = await openHouse()
  const flags = createFlagSet(house.relational, 'test')
  await flags.reload(admin)
  let beat = (): void => undefined
  const streams = createEventStreams(flags, createStreamRight('key', house.wallClock), () => new Promise((resolve) => (beat = resolve)), 2)
  const url = new URL(streams.describe()[0]?.endpoint.requestUri ?? '', 'http://127.0.0.1')
  const request = { method: 'GET', url: url.pathname, params: {}, query: url.searchParams, headers: {}, body: Buffer.alloc(0) }
  const connect = async () => {
    const leaving = new AbortController()
    const { status, headers, body } = await streams.route.handle(request, { ...admin, signal: leaving.signal })
    const blocks = typeof body === 'object' && Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : undefined
    const first = await blocks?.next()
    return { status, headers, first, blocks, leaving }
  }
  const one = await connect()
  const two = await connect()
  const waiting = one.blocks?.next()
  const [third, open] = [await connect(), streams.open()]
  assert.deepEqual([one.status, two.status, third.status, third.headers?.['retry-after'], open], [200, 200, 503, '60', 2])
  beat()
  assert.deepEqual(await waiting, { value: ': beat\n\n', done: false })
  const leaving = two.blocks?.next()
  two.leaving.abort()
  beat()
  assert.deepEqual(await leaving, { value: undefined, done: true })
  assert.deepEqual([streams.open(), (await connect()).status], [1, 200])
  const ended = one.blocks?.next()
  streams.close()
  beat()
  assert.equal((await ended)?.done, true)
})

test('EX28 a host with open streams closes', async () => {
  await using house = await openHouse()
  await putShelf(house)
  const server = await listen(house)
  const { eventStreams } = (await (await server.evaluate()).json()) as Bulk
  const stream = await openStream(server.url + (eventStreams[0]?.endpoint.requestUri ?? ''))
  await stream.next()
  const closed = server[Symbol.asyncDispose]()
  await stream.next().catch(() => undefined)
  await closed
})

test('EX26 OpenFeature\'s web provider follows the stream', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await using server = await listen(house)
  const before = Reflect.get(globalThis, 'EventSource') as unknown
  Reflect.set(globalThis, 'EventSource', EventSource)
  try {
    const provider = new OFREPWebProvider({ baseUrl: server.url, headers: [['Authorization', 'Bearer client-web']], cacheMode: 'disabled' })
    await OpenFeature.setContext({ targetingKey: 'u' })
    await OpenFeature.setProviderAndWait(provider)
    const client = OpenFeature.getClient()
    assert.deepEqual(client.getObjectValue('shelf', {}), { list: 'popular' })
    for (const list of ['personal', 'popular']) {
      const changed = new Promise((resolve) => client.addHandler(ProviderEvents.ConfigurationChanged, resolve))
      await house.api.putFlag({ key: 'shelf', body: { ...shelf, rules: [{ name: 'everyone', assign: [{ variant: list, share: 1 }] }] } }, admin)
      await changed
      assert.deepEqual(client.getObjectValue('shelf', {}), { list })
    }
  } finally {
    await OpenFeature.close()
    Reflect.set(globalThis, 'EventSource', before)
  }
})
