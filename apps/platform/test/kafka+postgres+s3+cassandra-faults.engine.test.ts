// A house of two processes whose engines go away in the middle of its work and come back: nothing acknowledged is lost, nothing counts twice, nobody has to start anything anew.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createTempFolder, type TempFolder } from '@rondo/testing'
import { startEngine, type StartedEngine } from '@rondo/tools/engines'
import { assertDelivered } from './delivered.ts'
import { startDistributedHouse, type DistributedHouse } from './distributed-house.ts'
import { makeListening, type Listening } from './listening-events.ts'
import { findHouseEngines, toVariables } from './own-stores.ts'
import { call, listRows, waitForReadiness, type RunningPlatform } from './running-platform.ts'
import { sendListening, type Sending } from './send-listening.ts'

const { skip } = findHouseEngines()
const EVENTS = 6_000
const BATCH = 100

type Engines = Record<'kafka' | 'postgres' | 's3' | 'cassandra', StartedEngine>

describe('a house on engines that go away', { skip, timeout: 270_000 }, () => {
  let folder: TempFolder
  let engines: Engines
  let house: DistributedHouse
  const sent: Listening[] = []

  before(async () => {
    folder = await createTempFolder()
    const [kafka, postgres, s3, cassandra] = await Promise.all([startEngine('kafka'), startEngine('postgres'), startEngine('s3'), startEngine('cassandra')])
    engines = { kafka, postgres, s3, cassandra }
    house = await startDistributedHouse(folder.path, toVariables({ eventLog: kafka.url, relational: postgres.url, keyValue: cassandra.url, objects: s3.url, analytics: 'duckdb:' }))
  })
  after(async () => {
    await house[Symbol.asyncDispose]()
    for (const engine of Object.values(engines)) await engine[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  /** Sends an import through the front, lets `fault` happen after a third of it, and accounts for every event in the end. */
  const importThrough = async (seed: string, fault: (sending: Sending) => Promise<void>): Promise<void> => {
    const listening = makeListening({ seed, count: EVENTS, occurredAtMs: Date.now() })
    const third = Promise.withResolvers<void>()
    const over = new AbortController()
    const findUrl = (): string => {
      over.signal.throwIfAborted()
      return house.front.url
    }
    const sending = sendListening(listening.events, BATCH, findUrl, () => {
      if (sending.answered === Math.round(EVENTS / BATCH / 3)) third.resolve()
    })
    try {
      await third.promise
      await fault(sending)
    } catch (thrown) {
      over.abort(thrown)
      await sending.done.catch(() => undefined)
      throw thrown
    }
    await sending.done
    assert.deepEqual(sending.acknowledged, new Set([...listening.good.values()].flatMap((ids) => [...ids])), 'in the end every good event was acknowledged')
    sent.push(listening)
    await assertDelivered(house.front, sent)
  }

  /** While the engine is away, `processes` say so by its name and address, and live; when it is back, they find it. */
  const missAndFind = async (engine: StartedEngine, word: RegExp, processes: RunningPlatform[], back: () => void | Promise<void>): Promise<void> => {
    const address = new URL(engine.url).host
    for (const process of processes) {
      const { text } = await waitForReadiness(process, 503)
      assert.match(text, word)
      assert.ok(text.includes(address), text)
      assert.equal((await call(process.url, 'GET', '/healthz', { key: null })).status, 200)
    }
    await back()
    for (const process of processes) await waitForReadiness(process, 200)
  }

  test('PF81 Kafka killed in the middle of an import, and started again', async () => {
    await importThrough('kafka', async () => {
      await engines.kafka.kill()
      await missAndFind(engines.kafka, /Kafka/, [house.rear], () => engines.kafka.start())
    })
  })

  test('PF81 PostgreSQL stopped in the middle of an import, and started again', async () => {
    await importThrough('postgres', async () => {
      await engines.postgres.stop()
      await missAndFind(engines.postgres, /database/, [house.rear, house.front], () => engines.postgres.start())
    })
  })

  test('PF81 the gateway of S3 killed while events are landed, and started again', async () => {
    await importThrough('s3', async () => {
      const landing = call(house.front.url, 'POST', '/api/events/v1/land')
      await engines.s3.kill()
      await missAndFind(engines.s3, /object store/, [house.rear, house.front], () => engines.s3.start())
      const { status, text } = await landing
      assert.ok(status === 200 || status === 503, text)
    })
  })

  test('PF81 Cassandra paused while lists are published, and resumed', async () => {
    const refresh = (): ReturnType<typeof call> => call(house.front.url, 'POST', '/api/recommendations/v1/refresh', { body: { provisional: true } })
    const first = await refresh()
    assert.equal(first.status, 200, first.text)
    const publishing = refresh()
    engines.cassandra.pause()
    await missAndFind(engines.cassandra, /key-value store/, [house.front], () => engines.cassandra.resume())
    const during = await publishing
    assert.ok(during.status === 200 || during.status === 503, during.text)
    const again = await refresh()
    assert.deepEqual([again.status, again.json['users'], again.json['interactions']], [200, first.json['users'], first.json['interactions']])
    const recommended = await listRows<{ trackId: string }>(house.front.url, '/api/recommendations/v1/users/user-1/recommend?k=10')
    assert.equal(new Set(recommended.map(({ trackId }) => trackId)).size, 10)
  })

  test('PF81 PF82 either process killed in the middle of an import, also while Kafka is away', async () => {
    await importThrough('processes', async (sending) => {
      await house.rear.kill()
      await house.startRear()
      const { answered } = sending
      while (sending.answered < answered + 5) await pause(20)
      await house.front.kill()
      await engines.kafka.kill()
      await house.rear.kill()
      // Rooms at the front need no Kafka; the others say what they miss.
      await house.startFront()
      assert.equal((await call(house.front.url, 'GET', '/readyz?of=recommendations&of=experiments&of=catalog', { key: null })).status, 200)
      assert.match((await waitForReadiness(house.front, 503)).text, /The events room does not answer/)
      await assert.rejects(house.startRear(), /No Kafka answers/)
      await engines.kafka.start()
      await house.startRear()
    })
    for (const process of [house.rear, house.front]) await waitForReadiness(process, 200)
  })

  test('PF81 nothing of all this ended a process by itself', async () => {
    assert.deepEqual([await house.rear.stop(), await house.front.stop()], [0, 0])
  })
})
