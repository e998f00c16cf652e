import { Kafka, logLevel } from 'kafkajs'
import { Producer, Consumer, Admin, stringSerializers, stringDeserializers, MessagesStreamModes } from '@platformatic/kafka'
const k = new Kafka({ clientId: 'kjs', brokers: ['127.0.0.1:9392'], logLevel: logLevel.WARN })
const p = k.producer({ idempotent: true }); await p.connect()
console.log(await p.send({ topic: 't', messages: [{ key: 'a', value: 'one' }, { key: 'b', value: 'two', headers: { h: 'x' } }] }))
await p.disconnect()
const admin = k.admin(); await admin.connect(); console.log(await admin.listTopics(), await admin.fetchTopicOffsets('t')); 
const c = k.consumer({ groupId: 'kjs-g' }); await c.connect(); await c.subscribe({ topic: 't', fromBeginning: true })
const got: string[] = []
await new Promise<void>((ok) => void c.run({ eachMessage: async ({ message }) => { got.push(`${message.offset}:${message.key}:${message.value}:${message.headers?.['h']}`); if (got.length === 2) ok() } }))
console.log(got); console.log(JSON.stringify((await admin.describeGroups(['kjs-g'])).groups[0], null, 0).slice(0, 300)); console.log((await admin.listGroups()).groups)
await c.disconnect(); console.log(JSON.stringify(await admin.fetchOffsets({ groupId: 'kjs-g', topics: ['t'] }))); await admin.disconnect()
const pp = new Producer({ clientId: 'pp', bootstrapBrokers: ['127.0.0.1:9392'], serializers: stringSerializers, idempotent: true })
console.log(await pp.send({ messages: [{ topic: 't', key: 'x', value: 'three' }, { topic: 't4', key: 'y', value: 'four' }] })); await pp.close()
const pc = new Consumer({ groupId: 'pg', clientId: 'pc', bootstrapBrokers: ['127.0.0.1:9392'], deserializers: stringDeserializers })
const stream = await pc.consume({ topics: ['t', 't4'], mode: MessagesStreamModes.EARLIEST, autocommit: true })
let n = 0
for await (const m of stream) { console.log(m.topic, m.partition, m.offset, m.key, m.value); if (++n === 4) break }
await pc.close(true)
const ad = new Admin({ clientId: 'ad', bootstrapBrokers: ['127.0.0.1:9392'] }); console.log(await ad.listTopics(), (await ad.metadata({ topics: ['t'] })).topics); await ad.close()
