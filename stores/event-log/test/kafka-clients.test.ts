// Published Kafka clients on a log without a broker, as they are. Those that are not on this machine are skipped by name.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { Consumer, MessagesStreamModes, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { openFace } from './face-of-log.ts'
import { listValues, runProgram } from './programs.ts'

const hasKcat = await promisify(execFile)('kcat', ['-V']).then(() => true, () => false)
const LINES = Array.from({ length: 200 }, (_, index) => `line ${index} ${'.'.repeat(index)}`)

describe('Kafka clients on a log', { timeout: 120_000 }, () => {
  it('EL58 @platformatic/kafka: an idempotent producer, and a consumer of two topics that goes on where it committed', async () => {
    await using face = await openFace()
    const producer = new Producer({ clientId: 'p', bootstrapBrokers: [face.address], serializers: stringSerializers, idempotent: true })
    await producer.send({ messages: LINES.map((value, index) => ({ topic: index % 2 === 0 ? 't' : 't4', key: `k${index}`, value })) })
    await producer.close()
    const read = async (count: number): Promise<string[]> => {
      const consumer = new Consumer({ groupId: 'g', clientId: 'c', bootstrapBrokers: [face.address], deserializers: stringDeserializers })
      const stream = await consumer.consume({ topics: ['t', 't4'], mode: MessagesStreamModes.COMMITTED, fallbackMode: 'earliest', autocommit: false, maxWaitTime: 100 })
      const values: string[] = []
      for await (const message of stream) {
        values.push(message.value ?? '')
        await message.commit()
        if (values.length === count) break
      }
      await consumer.close(true)
      return values
    }
    const first = await read(80)
    const rest = await read(120)
    assert.deepEqual([...first, ...rest].toSorted(), LINES.toSorted())
  })

  it('EL58 kafkajs: members of a group share partitions, and headers and keys come back', async () => {
    await using face = await openFace()
    const kafka = new Kafka({ clientId: 'k', brokers: [face.address], logLevel: logLevel.NOTHING })
    const consumers = [kafka.consumer({ groupId: 'g', maxWaitTimeInMs: 100 }), kafka.consumer({ groupId: 'g', maxWaitTimeInMs: 100 })]
    const shares: number[][] = [[], []]
    const seen: string[] = []
    const all = Promise.withResolvers<void>()
    for (const [index, consumer] of consumers.entries()) {
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => void (shares[index] = payload.memberAssignment['t4'] ?? []))
      await consumer.connect()
      await consumer.subscribe({ topic: 't4', fromBeginning: true })
    }
    await Promise.all(consumers.map((consumer) => consumer.run({
      eachMessage: async ({ message }) => {
        seen.push(`${String(message.key)} ${String(message.headers?.['h'])}`)
        if (seen.length === 50) all.resolve()
      },
    })))
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
    await producer.connect()
    await producer.send({ topic: 't4', messages: Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, value: 'v', headers: { h: `ü${index}` } })) })
    await all.promise
    await Promise.all([producer.disconnect(), ...consumers.map((consumer) => consumer.disconnect())])
    assert.deepEqual(seen.toSorted(), Array.from({ length: 50 }, (_, index) => `k${index} ü${index}`).toSorted())
    assert.deepEqual(shares.flat().toSorted((a, b) => a - b), [0, 1, 2, 3])
    assert.ok(shares.every(({ length }) => length === 2), JSON.stringify(shares))
  })

  it('EL70 kcat without acknowledgement loses nothing, though it closes as soon as it has sent', { skip: hasKcat ? false : 'kcat is not installed (apt-get install kcat)' }, async () => {
    await using face = await openFace()
    for (let round = 1; round <= 5; round += 1) {
      await runProgram('kcat', ['-b', face.address, '-P', '-t', 't', '-z', 'zstd', '-X', 'acks=0'], LINES)
      while (face.server.connections > 0) await new Promise((resolve) => setImmediate(resolve))
      assert.equal((await listValues(face, 't')).length, round * LINES.length)
    }
  })

  it('EL59 kcat: topics, every compression, offsets, groups and signing in', { skip: hasKcat ? false : 'kcat is not installed (apt-get install kcat)' }, async () => {
    await using face = await openFace({}, true)
    const kcat = (args: string[], input?: string[]): Promise<string[]> =>
      runProgram('kcat', ['-b', face.address, '-X', 'security.protocol=SASL_PLAINTEXT', '-X', 'sasl.mechanisms=PLAIN', '-X', 'sasl.username=u', '-X', 'sasl.password=good', ...args], input)
    assert.ok((await kcat(['-L'])).some((line) => line.includes('topic "t4" with 4 partitions')))
    for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) await kcat(['-P', '-t', 't', '-z', compression, '-X', 'enable.idempotence=true'], LINES)
    const five = Array.from({ length: 5 }, () => LINES).flat()
    assert.deepEqual(await listValues(face, 't'), five)
    assert.deepEqual(await kcat(['-C', '-t', 't', '-o', 'beginning', '-e', '-q']), five)
    assert.deepEqual(await kcat(['-C', '-t', 't', '-o', '-3', '-e', '-q', '-f', '%o %s\n']), LINES.slice(-3).map((line, index) => `${997 + index} ${line}`))
    const group = ['-G', 'g', '-X', 'auto.offset.reset=earliest', '-q']
    assert.deepEqual(await kcat([...group, '-c', '400', 't']), five.slice(0, 400))
    assert.deepEqual(await kcat([...group, '-c', '600', 't']), five.slice(400))
  })
})
