import { createCtx } from '@rondo/context'
import { openEventLog } from './src/index.ts'
import { createTopicsOfLog, serveKafka } from './src/kafka-server/serve-kafka.ts'
const log = await openEventLog(process.argv[2] ?? 'memory:')
await log.createTopic('t', { partitions: 1 }, createCtx())
await log.createTopic('t4', { partitions: 4 }, createCtx())
const all = { name: 'all', may: async () => true }
const s = await serveKafka({ log, topics: createTopicsOfLog(log, () => Date.now()), signIn: async ({ password }) => (password === 'good' ? all : undefined), ...(process.env.ANON === '0' ? {} : { anonymous: all }), listen: { host: '127.0.0.1', port: Number(process.env.PORT ?? 9392) }, onTrouble: (m, f) => console.log(m, f) })
console.log('listening', s.address)
