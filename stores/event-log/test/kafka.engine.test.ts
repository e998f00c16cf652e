// The Kafka driver keeps the rules of the log, and those that only an engine has.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Admin, ProduceAcks, Producer, stringSerializers } from '@platformatic/kafka'
import { createCtx } from '@rondo/context'
import { engineUrl } from '@rondo/tools/engines'
import { testEventLog } from '../src/conformance.ts'
import { openEventLog } from '../src/index.ts'
import { createPrefix, openUnderTest, removeAll } from './kafka-under-test.ts'
import { checkKilledConsumers } from './kill-consumer.ts'
import { checkKilledWriters } from './kill-writer.ts'

const { url, skip } = engineUrl('kafka')
const brokers = [url.replace('kafka://', '')]
const ctx = createCtx()
const NOW = Date.UTC(2026, 8, 21, 9)
const TOPIC = 2
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

async function withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin({ clientId: 'rondo-test', bootstrapBrokers: brokers })
  try {
    return await work(admin)
  } finally {
    await admin.close()
  }
}

async function readSettings(topic: string): Promise<Record<string, string | null | undefined>> {
  const [found] = await withAdmin((admin) => admin.describeConfigs({ resources: [{ resourceType: TOPIC, resourceName: topic }] }))
  return Object.fromEntries((found?.configs ?? []).map(({ name, value }) => [name, value]))
}

describe('on Kafka', { skip }, () => {
  testEventLog('kafka', () => openUnderTest(url))
  testEventLog('kafka, packed, aged by the broker', () => openUnderTest(url, 'compression=zstd&retention=broker'))

  it('EL1 a topic that others made with another partition count is refused; one with the same is taken over', async () => {
    await using under = await openUnderTest(url)
    await withAdmin((admin) => admin.createTopics({ topics: [`${under.prefix}theirs`], partitions: 3, replicas: 1 }))
    await assert.rejects(under.log.createTopic('theirs', { partitions: 2 }, ctx), { code: 'TOPIC_MISMATCH', message: 'Topic "theirs" has 3 partitions, not 2.' })
    await under.log.createTopic('theirs', { partitions: 3, retentionMs: 1000 }, ctx)
    assert.deepEqual(await under.log.listTopics(ctx), [{ topic: 'theirs', config: { partitions: 3, retentionMs: 1000 } }])
  })

  it('EL29 a topic that would lose or change records is refused by its setting', async () => {
    await using under = await openUnderTest(url)
    for (const [name, value] of [['cleanup.policy', 'compact'], ['message.timestamp.type', 'LogAppendTime']] as const) {
      const topic = `by-${value.toLowerCase()}`
      await withAdmin((admin) => admin.createTopics({ topics: [under.prefix + topic], partitions: 1, replicas: 1, configs: [{ name, value }] }))
      await assert.rejects(under.log.createTopic(topic, { partitions: 1 }, ctx), { code: 'TOPIC_MISMATCH', message: new RegExp(`has ${name} "${value}", not`) })
    }
  })

  it('EL29 retention stands in the settings of the topic, for the caller or for the broker to keep', async () => {
    for (const [parameters, age, wish] of [['', '-1', '5000'], ['retention=broker', '5000', '86400000']] as const) {
      await using under = await openUnderTest(url, parameters)
      await under.log.createTopic('t', { partitions: 1, retentionMs: 5000, retentionBytes: 1_000_000 }, ctx)
      const settings = await readSettings(`${under.prefix}t`)
      assert.deepEqual([settings['retention.ms'], settings['delete.retention.ms'], settings['retention.bytes'], settings['cleanup.policy']], [age, wish, '1000000', 'delete'])
      await under.log.createTopic('t', { partitions: 1 }, ctx)
      assert.deepEqual(await under.log.listTopics(ctx), [{ topic: 't', config: { partitions: 1 } }])
      const changed = await readSettings(`${under.prefix}t`)
      assert.deepEqual([changed['retention.ms'], changed['retention.bytes']], ['-1', '-1'])
    }
  })

  it('EL29 two logs with different prefixes see nothing of each other', async () => {
    await using one = await openUnderTest(url)
    await using other = await openUnderTest(url)
    for (const { log } of [one, other]) await log.createTopic('t', { partitions: 1 }, ctx)
    await one.log.append([{ topic: 't', records: [{ key: 'k', value: text('x') }] }], NOW, ctx)
    await one.log.commit('g', [{ topic: 't', partition: 0, offset: 1 }], ctx)
    assert.equal((await other.log.offsets('t', ctx))[0]?.end, 0)
    assert.deepEqual(await other.log.committed('g', 't', ctx), [])
    assert.equal((await other.log.listTopics(ctx)).length, 1)
  })

  it('EL6 a record larger than the topic takes is refused by name before anything is sent, also where others made the topic smaller', async () => {
    await using under = await openUnderTest(url)
    await withAdmin((admin) => admin.createTopics({ topics: [`${under.prefix}small`], partitions: 1, replicas: 1, configs: [{ name: 'max.message.bytes', value: '1000' }] }))
    await under.log.createTopic('t', { partitions: 1 }, ctx)
    const records = [{ key: 'k', value: new Uint8Array(2000) }]
    await assert.rejects(under.log.append([{ topic: 't', records }, { topic: 'small', records }], NOW, ctx), { code: 'RECORD_TOO_LARGE', message: /of 20\d\d bytes for topic "small" is larger than the limit of 939 bytes/ })
    assert.equal((await under.log.offsets('t', ctx))[0]?.end, 0)
    // A record at the limit of the address fits, whatever its headers take.
    const { maxRecordBytes } = under.log.capabilities
    await under.log.append([{ topic: 't', records: [{ key: 'k'.repeat(256), value: new Uint8Array(maxRecordBytes - 30_000), headers: Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`h${index}`, ''])) }] }], NOW, ctx)
  })

  it('EL29 records larger than the usual limit go where the address says so', async () => {
    await using under = await openUnderTest(url, 'maxRecordBytes=3000000')
    await under.log.createTopic('t', { partitions: 1 }, ctx)
    const value = new Uint8Array(3_000_000).fill(7)
    await under.log.append([{ topic: 't', records: [{ key: 'k', value }, { key: 'k', value }] }], NOW, ctx)
    assert.deepEqual((await under.log.read({ topic: 't', partition: 0, offset: 1 }, ctx)).map((record) => record.value.byteLength), [3_000_000])
  })

  it('EL10 instants that Kafka cannot keep are refused', async () => {
    await using under = await openUnderTest(url)
    await under.log.createTopic('t', { partitions: 1 }, ctx)
    for (const timestampMs of [-1, 0.5]) await assert.rejects(under.log.append([{ topic: 't', records: [{ key: 'k', value: text('x') }] }], timestampMs, ctx), { code: 'BAD_TIMESTAMP' })
    for (const timestampMs of [0, Date.UTC(2099, 0, 1)]) await under.log.append([{ topic: 't', records: [{ key: 'k', value: text('x') }] }], timestampMs, ctx)
  })

  it('EL3 what other programs wrote is read: no key, no value, headers, every compression', async () => {
    await using under = await openUnderTest(url)
    await under.log.createTopic('t', { partitions: 1 }, ctx)
    const producer = new Producer({ clientId: 'other', bootstrapBrokers: brokers, serializers: stringSerializers })
    const topic = `${under.prefix}t`
    try {
      for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
        await producer.send({ acks: ProduceAcks.ALL, compression, messages: [{ topic, partition: 0, key: 'k', value: compression, headers: { h: 'x' }, timestamp: 5n }, { topic, partition: 0, value: 'no key' }] })
      }
    } finally {
      await producer.close()
    }
    const records = await under.log.read({ topic: 't', partition: 0, offset: 0 }, ctx)
    assert.deepEqual(records.map(({ key, value }) => `${key}=${Buffer.from(value).toString()}`), ['none', 'gzip', 'snappy', 'lz4', 'zstd'].flatMap((name) => [`k=${name}`, '=no key']))
    assert.deepEqual([records[0]?.headers, records[0]?.timestampMs, records[1]?.headers], [{ h: 'x' }, 5, undefined])
  })

  it('EL12 a long poll hears of what another process appends', async () => {
    await using under = await openUnderTest(url)
    await under.log.createTopic('t', { partitions: 2 }, ctx)
    const other = await openEventLog(`${url}/?prefix=${under.prefix}`)
    const waits = [0, 1].map((partition) => under.log.waitFor({ topic: 't', partition, offset: 0 }, 60_000, ctx))
    await other.append([{ topic: 't', records: Array.from({ length: 20 }, (_, index) => ({ key: `k${index}`, value: text('x') })) }], NOW, ctx)
    assert.deepEqual(await Promise.all(waits), [true, true])
    assert.equal(await under.log.waitFor({ topic: 't', partition: 0, offset: 900 }, 300, ctx), false)
    await other.close()
  })

  it('EL13 what a group of another program still needs is kept', async () => {
    await using under = await openUnderTest(url)
    await under.log.createTopic('t', { partitions: 1, retentionMs: 1000 }, ctx)
    await under.log.append([{ topic: 't', records: Array.from({ length: 50 }, () => ({ key: 'k', value: text('x') })) }], NOW, ctx)
    const theirs = await openEventLog(url)
    await theirs.commit(`${under.prefix}theirs`, [{ topic: `${under.prefix}t`, partition: 0, offset: 30 }], ctx)
    await theirs.close()
    assert.deepEqual(await under.log.enforceRetention(NOW + 1_000_000, ctx), { droppedRecords: 30 })
  })

  it('EL14 what was acknowledged before the writing process was killed is there, once, whole and in its place', async () => {
    const prefix = createPrefix()
    await checkKilledWriters(`${url}/?prefix=${prefix}`, 4)
    await removeAll(url, prefix)
  })

  it('EL11 a consumer killed between processing and commit does its last step again, and ids make it count once', async () => {
    const prefix = createPrefix()
    await checkKilledConsumers(`${url}/?prefix=${prefix}`, 4)
    await removeAll(url, prefix)
  })
})
