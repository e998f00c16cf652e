// What a front knows of its peers: who answers, who is ready, since when one is away, and how seldom they are asked.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createManualClock } from '@rondo/time'
import { createPeers } from './ask-peers.ts'

type Peer = AsyncDisposable & { url: string; asked: string[]; answer: string | undefined }

/** Answers every request with `answer`, or never while there is none. */
async function startPeer(answer: string | undefined): Promise<Peer> {
  const server = createServer((request, response) => {
    peer.asked.push(request.url ?? '')
    if (peer.answer !== undefined) response.end(peer.answer)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const peer: Peer = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: [], answer, async [Symbol.asyncDispose]() { server.closeAllConnections(); server.close(); await once(server, 'close') } }
  return peer
}

const sayReady = (...services: { service: string; ready: boolean; reason?: string }[]): string => JSON.stringify({ ready: services.every(({ ready }) => ready), services })

test('PF90 a peer is asked for its own rooms, and is away since it was first found so', async () => {
  await using peer = await startPeer(sayReady({ service: 'events', ready: true }, { service: 'pipelines', ready: true }))
  const clock = createManualClock(Date.parse('2026-09-21T09:00:00Z'))
  const peers = createPeers({ events: peer.url, pipelines: peer.url, catalog: 'http://127.0.0.1:9' }, new Set(['catalog']), clock)
  assert.deepEqual(await peers.readiness(), ['events', 'pipelines'].map((service) => ({ service, ready: true, address: peer.url })))
  await peers.readiness()
  assert.deepEqual([peer.asked, await peers.away()], [['/readyz?of=events&of=pipelines'], []])

  peer.answer = sayReady({ service: 'events', ready: false, reason: 'Kafka does not answer.' })
  for (const away of [1, 2]) {
    clock.advance(5_000)
    assert.deepEqual(await peers.away(), [
      { room: 'events', address: peer.url, reason: `The events room at ${peer.url} is not ready: Kafka does not answer.`, since: '2026-09-21T09:00:05.000Z' },
      { room: 'pipelines', address: peer.url, reason: `What answers at ${peer.url} does not run the pipelines room.`, since: '2026-09-21T09:00:05.000Z' },
    ], `asked ${away} times`)
  }

  for (const answer of ['the page of another program', 'null', '{"services":{}}', '{"services":[null]}', '{"services":[{"service":"events","ready":"yes"}]}']) {
    peer.answer = answer
    clock.advance(5_000)
    assert.deepEqual((await peers.away()).map(({ reason }) => reason), ['events', 'pipelines'].map((room) => `The ${room} room does not answer at ${peer.url}.`), answer)
  }

  peer.answer = sayReady({ service: 'events', ready: true }, { service: 'pipelines', ready: true })
  clock.advance(5_000)
  assert.deepEqual(await peers.away(), [])
})

test('PF90 who asks often waits for no peer: an answer serves for five seconds, and is asked for again after one', async () => {
  await using peer = await startPeer(sayReady({ service: 'events', ready: true }))
  const clock = createManualClock(0)
  const peers = createPeers({ events: peer.url }, new Set(), clock)
  const isReady = async (): Promise<boolean | undefined> => (await peers.readiness())[0]?.ready
  assert.equal(await isReady(), true)
  peer.answer = undefined
  clock.advance(1_000)
  assert.deepEqual([await isReady(), await isReady()], [true, true])
  clock.advance(4_000)
  assert.equal(await isReady(), false)
  assert.equal(peer.asked.length, 2, 'one question was under way all the time')
  assert.equal(await isReady(), false)
  assert.equal(peer.asked.length, 2)
})

test('PF90 a peer that takes the question and never answers is away after two seconds', async () => {
  await using peer = await startPeer(undefined)
  const startedAt = performance.now()
  const [state] = await createPeers({ experiments: peer.url }, new Set(), createManualClock(0)).readiness()
  assert.deepEqual(state, { service: 'experiments', ready: false, address: peer.url, reason: `The experiments room does not answer at ${peer.url}.` })
  assert.ok(performance.now() - startedAt < 4_000)
})
