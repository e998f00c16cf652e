// Kafka's clients at the collector's door: the same rules as over HTTP, the same events as readEvents gives.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Kafka, logLevel, Partitioners, type Admin } from 'kafkajs'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, DAY_MS } from '@rondo/time'
import { ctx, play, searchMade, START_MS, trackPlayed, WRITE_KEY, type House, type HouseOptions } from './events-house.ts'
import { CLIENT_SECRET, consume, createClient, openKafkaHouse, openProducer, SERVICE_KEY } from './kafka-house.ts'

async function withHouse(work: (house: House & { port: number }, clock: ReturnType<typeof createManualClock>) => Promise<void>, options: HouseOptions = {}): Promise<void> {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openKafkaHouse(folder.path, clock, options)
  try {
    for (const type of [trackPlayed, searchMade]) await house.api.putType({ type: type.name, body: type }, ctx)
    await work(Object.assign(house, { port: house.service.kafka?.port ?? 0 }), clock)
  } finally {
    await house.close()
  }
}

/** Among what settings are asked of. */
const TOPIC = 2

const toValue = (event: object): { value: string } => ({ value: JSON.stringify(event) })
const untyped = (event: object): object => Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'type'))

describe('Kafka clients', { timeout: 60_000 }, () => {
  it('EV70 types are topics; what is produced is checked, deduplicated and counted as over HTTP, and a dead event spoils no batch', () =>
    withHouse(async ({ port, api }) => {
      const admin = createClient(port, SERVICE_KEY).admin()
      await admin.connect()
      assert.deepEqual(await admin.listTopics(), ['track-played', 'search-made'])
      await admin.disconnect()
      await using producer = await openProducer(port, WRITE_KEY)
      await producer.send({
        topic: 'track-played',
        messages: [toValue(play('p1')), toValue(play('p1')), toValue(play('d1', 'u1', undefined, { playedMs: -1 })), { value: 'no json' }, { value: null }, { value: '[1]' }, toValue(untyped(play('p2')))],
      })
      // Nested "type", and broken over lines; a line break within a text is no JSON.
      await producer.send({ topic: 'search-made', messages: [{ value: JSON.stringify({ id: 's1', properties: { query: '"type"' } }, undefined, 2) }, { value: '{"id":"s2","properties":{"query":"a\nb"}}' }, { value: ' { } ' }] })
      await api.land({}, ctx)
      const counts = Object.fromEntries((await api.counts({}, ctx)).rows.map(({ type, delivered, duplicate, dead, inFlight }) => [type, { delivered, duplicate, dead, inFlight }]))
      assert.deepEqual(counts['track-played'], { delivered: 2, duplicate: 1, dead: 1, inFlight: 0 })
      assert.deepEqual(counts['search-made'], { delivered: 1, duplicate: 0, dead: 1, inFlight: 0 })
      assert.deepEqual(counts['unknown'], { delivered: 0, duplicate: 0, dead: 4, inFlight: 0 })
      const { rows } = await api.listDead({ type: 'search-made' }, ctx)
      assert.match(rows[0]?.reason ?? '', /id is missing/)
      await assert.rejects(producer.send({ topic: 'never-registered', messages: [{ value: '{}' }] }), /does not host this topic-partition/)
    }))

  it('EV71 what is fetched is what readEvents gives, at the offsets of the log; a group goes on where it committed', () =>
    withHouse(async ({ port, api, send }) => {
      await send(Array.from({ length: 30 }, (_, index) => play(`p${index}`, `u${index % 3}`)))
      const expected = (await api.readEvents({ type: 'track-played', order: 'asc' }, ctx)).rows
      const first = await consume(port, 'billing', 'track-played', 20)
      assert.deepEqual(first.map(({ value, offset }) => ({ ...value, cursor: `v1.${Number(offset) + 1}` })), expected.slice(0, 20))
      assert.deepEqual(first.slice(0, 4).map(({ key }) => key), ['u0', 'u1', 'u2', 'u0'])
      assert.deepEqual((await consume(port, 'billing', 'track-played', 10)).map(({ offset }) => offset), ['20', '21', '22', '23', '24', '25', '26', '27', '28', '29'])
      const admin = createClient(port, SERVICE_KEY, 5).admin()
      await admin.connect()
      assert.deepEqual((await admin.fetchOffsets({ groupId: 'billing', topics: ['track-played'] }))[0]?.partitions.map(({ offset }) => offset), ['30'])
      assert.deepEqual(await admin.fetchTopicOffsetsByTimestamp('track-played', START_MS), [{ partition: 0, offset: '0' }])
      await admin.disconnect()
    }))

  it('EV72 keys open what they open over HTTP: writing with a write key, reading with a service key, nothing without one', () =>
    withHouse(async ({ port, api, send }) => {
      await send([play('p1')])
      await using stranger = await openProducer(port, undefined)
      await assert.rejects(stranger.send({ topic: 'track-played', messages: [toValue(play('p9'))] }))
      await assert.rejects(openProducer(port, 'guessed'), /No such key is known/)
      const admin = createClient(port, WRITE_KEY).admin()
      await admin.connect()
      await assert.rejects(admin.fetchTopicOffsets('track-played'), /Not authorized to access topics/)
      await assert.rejects(admin.listGroups(), /Not authorized to access group/)
      await admin.disconnect()
      // The key may stand as the user name as well, and what an admin or a service may write over HTTP it may here.
      const kafka = new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING, sasl: { mechanism: 'plain', username: SERVICE_KEY, password: 'x' } })
      const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
      await producer.connect()
      await producer.send({ topic: 'track-played', messages: [toValue(play('p2'))] })
      await producer.disconnect()
      assert.deepEqual((await api.readEvents({ type: 'track-played' }, ctx)).rows.map(({ id }) => id), ['p2', 'p1'])
    }))

  it('EV130 what a key may not know it is not told: a write key describes types by name and lists none, a client key neither', () =>
    withHouse(async ({ port, send }) => {
      await send([play('p1')])
      const ask = async <T>(key: string, question: (admin: Admin) => Promise<T>): Promise<T | string> => {
        const admin = createClient(port, key).admin()
        await admin.connect()
        try {
          return await question(admin)
        } catch (thrown) {
          return thrown instanceof Error && 'type' in thrown ? String(thrown.type) : String(thrown)
        } finally {
          await admin.disconnect()
        }
      }
      const describeTopic = (admin: Admin): Promise<string[]> => admin.fetchTopicMetadata({ topics: ['track-played'] }).then(({ topics }) => topics.map(({ name }) => name))
      const configs = (admin: Admin): Promise<unknown> => admin.describeConfigs({ includeSynonyms: false, resources: [{ type: TOPIC, name: 'track-played' }] }).then(({ resources }) => resources.length)
      const questions: ((admin: Admin) => Promise<unknown>)[] = [(admin) => admin.listTopics(), describeTopic, configs, (admin) => admin.fetchTopicOffsets('track-played'), (admin) => admin.fetchOffsets({ groupId: 'g', topics: ['track-played'] }), (admin) => admin.describeGroups(['g']).then(({ groups }) => groups.map(({ state }) => state))]
      const answers: Record<string, unknown[]> = {}
      for (const key of [SERVICE_KEY, WRITE_KEY, CLIENT_SECRET]) answers[key] = await Promise.all(questions.map((question) => ask(key, question)))
      // What kafkajs makes of a coordinator that it may not ask for (GROUP_AUTHORIZATION_FAILED).
      const [noTopic, noGroup] = ['TOPIC_AUTHORIZATION_FAILED', 'KafkaJSNumberOfRetriesExceeded: No brokers in the broker pool']
      assert.deepEqual(answers[WRITE_KEY], [[], ['track-played'], 1, noTopic, noGroup, noGroup])
      assert.deepEqual(answers[CLIENT_SECRET], [[], noTopic, noTopic, noTopic, noGroup, noGroup])
      assert.deepEqual((answers[SERVICE_KEY] ?? []).slice(0, 3), [['track-played', 'search-made'], ['track-played'], 1])
    }))

  it('EV73 a key that has sent what it may is told to wait, and what it sends then is taken', () =>
    withHouse(async ({ port, api }, clock) => {
      await using producer = await openProducer(port, WRITE_KEY)
      await producer.send({ topic: 'track-played', messages: [toValue(play('p1')), toValue(play('p2'))] })
      await assert.rejects(producer.send({ topic: 'track-played', messages: [toValue(play('p3'))] }), /timed out/i)
      clock.advance(2_000)
      await producer.send({ topic: 'track-played', messages: [toValue(play('p3'))] })
      assert.equal((await api.readEvents({ type: 'track-played' }, ctx)).rows.length, 3)
    }, { quotas: { test: { eventsPerSecond: 1, burst: 2 } } }))

  it('EV75 a group of a Kafka client that reads no more holds back no retention', () =>
    withHouse(async ({ port, send, settle, eventLog }, clock) => {
      await send([play('p1'), play('p2')])
      assert.equal((await consume(port, 'gone', 'track-played', 1)).length, 1)
      assert.deepEqual(await eventLog.committed('kafka.gone', 'events.track-played', ctx), [{ topic: 'events.track-played', partition: 0, offset: 1 }])
      await settle()
      clock.advance(100 * DAY_MS)
      await settle()
      clock.advance(DAY_MS)
      await settle()
      assert.deepEqual(await eventLog.offsets('events.track-played', ctx), [{ topic: 'events.track-played', partition: 0, start: 2, end: 2 }])
      // It goes on with what comes, where there is something again.
      await send([play('p3', 'u1', new Date(clock.now()).toISOString())])
      assert.deepEqual((await consume(port, 'gone', 'track-played', 1)).map(({ value }) => value['id']), ['p3'])
    }))
})
