// Kafka fails as it does in life: killed in the middle, slow, silent, or an answer lost after the fact. Counts prove that every record is there once.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createCtx } from '@rondo/context'
import type { AppError } from '@rondo/errors'
import { createFaultProxy } from '@rondo/testing'
import { engineUrl, startEngine, type StartedEngine } from '@rondo/tools/engines'
import { openEventLog, type Appended, type EventLog } from '../src/index.ts'
import { createPrefix } from './kafka-under-test.ts'

const { skip } = engineUrl('kafka')
const ctx = createCtx()
const NOW = Date.UTC(2026, 8, 21, 9)
const PRODUCE = 0
const OFFSET_COMMIT = 8

/** The request that bytes begin with. */
function isRequest(key: number): (bytes: Buffer) => boolean {
  return (bytes) => bytes.byteLength > 8 && bytes.readInt16BE(4) === key
}

type Acknowledged = { place: Appended; values: string[] }

/** Callers append side by side, each its next records once the last ones are durable. */
async function appendMany(log: EventLog, topics: string[], calls: number, onAppended: (count: number) => void = () => undefined): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = []
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < calls) {
      const call = next
      next += 1
      const topic = topics[call % topics.length] as string
      const values = Array.from({ length: 1 + (call % 7) }, (_, index) => `${call}-${index}${'.'.repeat((call * 37) % 500)}`)
      const places = await log.append([{ topic, records: values.map((value) => ({ key: `caller-${call % 5}`, value: Buffer.from(value) })) }], NOW + call, ctx)
      assert.equal(places.length, 1)
      acknowledged.push({ place: places[0] as Appended, values })
      onAppended(acknowledged.length)
    }
  }
  await Promise.all(Array.from({ length: 8 }, caller))
  return acknowledged
}

/** Every acknowledged record once and in its place, and nothing else. */
async function checkOnce(log: EventLog, acknowledged: Acknowledged[]): Promise<void> {
  const byPlace = new Map<string, string>()
  const seen = new Set<string>()
  for (const topic of new Set(acknowledged.map(({ place }) => place.topic))) {
    const [{ end } = { end: -1 }] = await log.offsets(topic, ctx)
    for (let offset = 0; offset < end; ) {
      const records = await log.read({ topic, partition: 0, offset }, ctx)
      assert.ok(records.length > 0)
      for (const record of records) {
        const value = Buffer.from(record.value).toString()
        assert.equal(record.offset, offset)
        assert.ok(!seen.has(value), `"${value}" is there twice`)
        seen.add(value)
        byPlace.set(`${topic}@${offset}`, value)
        offset += 1
      }
    }
  }
  for (const { place, values } of acknowledged) for (const [index, value] of values.entries()) assert.equal(byPlace.get(`${place.topic}@${place.firstOffset + index}`), value)
  assert.equal(seen.size, acknowledged.reduce((sum, { values }) => sum + values.length, 0))
}

async function makeTopics(log: EventLog): Promise<string[]> {
  const topics = ['plays', 'skips']
  for (const topic of topics) await log.createTopic(topic, { partitions: 1 }, ctx)
  return topics
}

describe('Kafka fails', { skip }, () => {
  let kafka: StartedEngine
  before(async () => {
    kafka = await startEngine('kafka')
  })
  after(() => kafka[Symbol.asyncDispose]())
  const open = (parameters = '', url = kafka.url): Promise<EventLog> => openEventLog(`${url}/?prefix=${createPrefix()}&${parameters}`)

  it('EL28 the broker is killed in the middle of batches and returns: every record once, in its place', async () => {
    const log = await open('timeoutMs=120000')
    const topics = await makeTopics(log)
    await log.commit('g', [{ topic: 'plays', partition: 0, offset: 3 }], ctx)
    let returning: Promise<void> | undefined
    const acknowledged = await appendMany(log, topics, 1_200, (count) => {
      if (count === 300) {
        returning = (async () => {
          await kafka.kill()
          const error = await log.ready(ctx).then(() => undefined, (thrown: AppError) => thrown)
          assert.equal(error?.code, 'LOG_UNAVAILABLE')
          assert.match(error?.message ?? '', /^Kafka at "kafka:\/\/127\.0\.0\.1:\d+\/\?prefix=/)
          await kafka.start()
        })()
      }
    })
    await returning
    await log.ready(ctx)
    await checkOnce(log, acknowledged)
    assert.deepEqual(await log.committed('g', 'plays', ctx), [{ topic: 'plays', partition: 0, offset: 3 }])
    await log.close()
  })

  it('EL28 an answer lost after the append was made: the same records are sent again and are there once', async () => {
    await using proxy = await createFaultProxy(kafka.proxy)
    const log = await open('', kafka.urlAt(proxy.port))
    const topics = await makeTopics(log)
    let lost = 0
    const acknowledged = await appendMany(log, topics, 200, (count) => {
      if (count % 20 === 0) void proxy.loseAnswer({ request: isRequest(PRODUCE) }).then(() => (lost += 1))
    })
    assert.ok(lost >= 5, `${lost} answers were lost`)
    await checkOnce(log, acknowledged)
    await log.close()
  })

  it('EL28 an answer lost, and the broker restarted before the next try, with timestamps so old that it forgets its producers: every record once', async () => {
    await using proxy = await createFaultProxy(kafka.proxy)
    const log = await open('timeoutMs=120000', kafka.urlAt(proxy.port))
    await makeTopics(log)
    const [first] = await log.append([{ topic: 'plays', records: [{ key: 'k', value: Buffer.from('first') }] }], NOW, ctx)
    const lost = proxy.loseAnswer({ request: isRequest(PRODUCE) })
    const appended = log.append([{ topic: 'plays', records: [{ key: 'k', value: Buffer.from('second') }] }], NOW, ctx)
    await lost
    proxy.close()
    await kafka.kill()
    await kafka.start()
    proxy.open()
    const [second] = await appended
    await checkOnce(log, [{ place: first as Appended, values: ['first'] }, { place: second as Appended, values: ['second'] }])
    await log.close()
  })

  it('EL28 an answer lost after a commit: the position is kept', async () => {
    await using proxy = await createFaultProxy(kafka.proxy)
    const log = await open('', kafka.urlAt(proxy.port))
    await makeTopics(log)
    const lost = proxy.loseAnswer({ request: isRequest(OFFSET_COMMIT) })
    await log.commit('g', [{ topic: 'plays', partition: 0, offset: 7 }], ctx)
    await lost
    assert.deepEqual(await log.committed('g', 'plays', ctx), [{ topic: 'plays', partition: 0, offset: 7 }])
    await log.close()
  })

  it('EL28 connections cut again and again: every record once', async () => {
    await using proxy = await createFaultProxy(kafka.proxy)
    const log = await open('', kafka.urlAt(proxy.port))
    const topics = await makeTopics(log)
    const acknowledged = await appendMany(log, topics, 400, (count) => {
      if (count % 40 === 0) proxy.cut()
    })
    await checkOnce(log, acknowledged)
    await log.close()
  })

  it('EL28 a slow broker: who waits shares the next batch, so that many appends take few round trips', async () => {
    await using proxy = await createFaultProxy({ ...kafka.proxy, delayMs: 0 })
    const log = await open('', kafka.urlAt(proxy.port))
    const topics = await makeTopics(log)
    await appendMany(log, topics, 16)
    let requests = 0
    proxy.setDelayMs(30)
    const counting = { request: (bytes: Buffer): boolean => (isRequest(PRODUCE)(bytes) && (requests += 1), false) }
    void proxy.loseAnswer(counting)
    await Promise.all(Array.from({ length: 200 }, (_, call) => log.append([{ topic: topics[call % 2] as string, records: [{ key: 'k', value: Buffer.from(`slow ${call}`) }] }], NOW, ctx)))
    assert.ok(requests >= 1 && requests <= 4, `${requests} requests for 200 appends to two topics`)
    proxy.setDelayMs(0)
    await log.close()
  })

  it('EL20 what was never sent is refused after its time and never appears', async () => {
    await using proxy = await createFaultProxy(kafka.proxy)
    const log = await open('timeoutMs=300', kafka.urlAt(proxy.port))
    const topics = await makeTopics(log)
    const first = await appendMany(log, topics, 8)
    proxy.close()
    // By then every connection has noticed: nothing is written into one that is gone.
    await assert.rejects(log.ready(ctx), { code: 'LOG_UNAVAILABLE' })
    await assert.rejects(log.read({ topic: 'plays', partition: 0, offset: 0 }, ctx), { code: 'LOG_UNAVAILABLE' })
    const refused = await Promise.allSettled(Array.from({ length: 20 }, (_, call) => log.append([{ topic: 'plays', records: [{ key: 'k', value: Buffer.from(`refused ${call}`) }] }], NOW, ctx)))
    for (const result of refused) assert.equal(result.status === 'rejected' ? (result.reason as AppError).code : result.status, 'LOG_UNAVAILABLE')
    proxy.open()
    await log.ready(ctx)
    const second = await log.append([{ topic: 'plays', records: [{ key: 'k', value: Buffer.from('after') }] }], NOW, ctx)
    await checkOnce(log, [...first, { place: second[0] as Appended, values: ['after'] }])
    await log.close()
  })

  it('EL20 what may have been written when the log closes is in doubt, and told so', async () => {
    await using proxy = await createFaultProxy({ ...kafka.proxy, wait: () => new Promise(() => undefined) })
    const log = await open('timeoutMs=400', kafka.urlAt(proxy.port))
    await makeTopics(log)
    await log.append([{ topic: 'plays', records: [{ key: 'k', value: Buffer.from('known') }] }], NOW, ctx)
    // From now on nothing arrives any more.
    proxy.setDelayMs(1)
    const append = log.append([{ topic: 'plays', records: [{ key: 'k', value: Buffer.from('sent') }] }], NOW, ctx)
    const [outcome] = await Promise.allSettled([append, log.close()])
    assert.equal(outcome.status === 'rejected' ? (outcome.reason as AppError).code : outcome.status, 'APPEND_IN_DOUBT')
  })

  it('EL12 a long poll outlasts a broker that goes away', async () => {
    await using proxy = await createFaultProxy(kafka.proxy)
    const log = await open('', kafka.urlAt(proxy.port))
    await makeTopics(log)
    const waiting = log.waitFor({ topic: 'plays', partition: 0, offset: 0 }, 60_000, ctx)
    await log.offsets('plays', ctx)
    proxy.cut()
    await log.append([{ topic: 'plays', records: [{ key: 'k', value: Buffer.from('x') }] }], NOW, ctx)
    assert.equal(await waiting, true)
    await log.close()
  })
})
