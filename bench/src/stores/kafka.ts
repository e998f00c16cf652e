// The scales of the log on Kafka: what appending and replaying cost this process, beside the bare client library, and beside Kafka's own tool, in the same run.
import { Admin, Consumer, MessagesStreamModes, ProduceAcks, Producer } from '@platformatic/kafka'
import { createCtx } from '@rondo/context'
import { openEventLog, type EventLog, type LogRecord, type RecordBlock } from '@rondo/event-log'
import { engineUrl } from '@rondo/tools/engines'
import type { BenchOptions, BenchResult } from '../result.ts'
import { compareCalls, describeCost, measureCalls } from './compare-calls.ts'
import { runProducerPerformance } from './run-producer-performance.ts'

const RECORDS = 100
const VALUE_BYTES = 280
const AT_ONCE = 8
const TURNS = 6
const NOW = 1_790_000_000_000
const client = '@platformatic/kafka'
const ctx = createCtx()

/** Batches of 100 records of about 300 bytes, 8 under way, into one partition each, acknowledged by all replicas, each record once (idempotent); then reading all of it. */
export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const { url, skip } = engineUrl('kafka')
  if (skip !== false) return [{ name: 'kafka', figure: skip }]
  const prefix = `rondo-bench-${process.pid}.`
  const bootstrapBrokers = [url.replace('kafka://', '')]
  const log = await openEventLog(`${url}/?prefix=${prefix}`)
  const producer = new Producer<string, Buffer, Buffer, Buffer>({ clientId: 'bench', bootstrapBrokers, idempotent: true, acks: ProduceAcks.ALL, serializers: { key: (key) => Buffer.from(key ?? '') } })
  try {
    const calls = small ? 50 : 400
    for (const topic of ['columns', 'objects', 'bare']) await log.createTopic(topic, { partitions: 1 }, ctx)
    const records = makeRecords()
    const columns = toBlock(records)
    const bare = () => producer.send({ messages: records.map(({ key, value }) => ({ topic: `${prefix}bare`, partition: 0, key, value, timestamp: BigInt(NOW) })) })
    const append = { calls, atOnce: AT_ONCE, turns: TURNS, units: { count: RECORDS, name: 'records' }, bare, client }
    const all = (TURNS + 1) * calls * RECORDS
    return [
      await compareCalls({ ...append, name: 'kafka: append of columns', ours: () => log.append([{ topic: 'columns', records: columns }], NOW, ctx) }),
      await compareCalls({ ...append, name: 'kafka: append of objects', ours: () => log.append([{ topic: 'objects', records }], NOW, ctx) }),
      await compareCalls({ name: 'kafka: replay', calls: 1, atOnce: 1, turns: 2, units: { count: all, name: 'records' }, ours: () => replay(log, all), bare: () => replayBare(bootstrapBrokers, `${prefix}bare`, all), client }),
      await compareWithTool(url, prefix, { topic: 'tool', flush: false, calls: calls * TURNS }),
      await compareWithTool(url, prefix, { topic: 'tool-flushed', flush: true, calls: small ? calls : calls * 2 }),
    ]
  } finally {
    await producer.close()
    await log.close()
    await removeTopics(bootstrapBrokers, prefix)
  }
}

/** Kafka's tool keeps as many batches waiting as its memory holds, so that its latency is mostly that of waiting. Its start is not counted. */
async function compareWithTool(url: string, prefix: string, { topic, flush, calls }: { topic: string; flush: boolean; calls: number }): Promise<BenchResult> {
  const log = await openEventLog(`${url}/?prefix=${prefix}${flush ? '&flush=1' : ''}`)
  try {
    await log.createTopic(topic, { partitions: 1 }, ctx)
    const columns = toBlock(makeRecords())
    const append = (): Promise<unknown> => log.append([{ topic, records: columns }], NOW, ctx)
    // The first calls are still compiled.
    await measureCalls(append, 0, calls / 4, AT_ONCE)
    const cost = await measureCalls(append, 0, calls, AT_ONCE)
    const tool = await runProducerPerformance(url.replace('kafka://', ''), `${prefix}${topic}`, calls * RECORDS, VALUE_BYTES)
    const round = (value: number): string => Math.round(value).toLocaleString('en')
    return {
      name: `kafka: append of columns${flush ? ', flush=1' : ''}`,
      figure: describeCost(cost, { count: RECORDS, name: 'records' }),
      reference: `kafka-producer-perf-test: ${round(tool.recordsPerCpuSecond)} records per CPU-second, ${round(tool.recordsPerSecond)}/s, p99 ${tool.p99Ms} ms`,
      ratio: (calls * RECORDS) / cost.cpuSeconds / tool.recordsPerCpuSecond,
    }
  } catch (error) {
    return { name: `kafka: append of columns${flush ? ', flush=1' : ''}`, figure: `Kafka's own tool did not run: ${error instanceof Error ? error.message : String(error)}` }
  } finally {
    await log.close()
  }
}

async function replay(log: EventLog, records: number): Promise<void> {
  let bytes = 0
  for (let offset = 0; offset < records; ) {
    const found = await log.read({ topic: 'columns', partition: 0, offset }, ctx)
    for (const { value } of found) bytes += value.byteLength
    offset += found.length
  }
  check(bytes, records)
}

async function replayBare(bootstrapBrokers: string[], topic: string, records: number): Promise<void> {
  const consumer = new Consumer<string, Buffer, Buffer, Buffer>({ clientId: 'bench', groupId: `${topic}-replay`, bootstrapBrokers, deserializers: { key: (key) => key?.toString() ?? '' } })
  try {
    const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes.MANUAL, offsets: [{ topic, partition: 0, offset: 0n }], autocommit: false, maxBytes: 8 * 1024 * 1024, maxWaitTime: 100 })
    let count = 0
    let bytes = 0
    for await (const { value } of stream) {
      bytes += value.byteLength
      count += 1
      if (count === records) break
    }
    check(bytes, records)
  } finally {
    await consumer.close(true)
  }
}

function check(bytes: number, records: number): void {
  if (bytes !== records * VALUE_BYTES) throw new Error(`Replay gave ${bytes} bytes, not ${records * VALUE_BYTES}.`)
}

function makeRecords(): (LogRecord & { value: Buffer })[] {
  return Array.from({ length: RECORDS }, (_, index) => ({ key: `user-${100_000 + index * 37}`, value: Buffer.alloc(VALUE_BYTES, index) }))
}

function toBlock(records: LogRecord[]): RecordBlock {
  return {
    keys: Buffer.from(records.map(({ key }) => key).join('')),
    keyBytes: Uint32Array.from(records, ({ key }) => Buffer.byteLength(key)),
    values: Buffer.concat(records.map(({ value }) => value)),
    valueBytes: Uint32Array.from(records, ({ value }) => value.byteLength),
  }
}

async function removeTopics(bootstrapBrokers: string[], prefix: string): Promise<void> {
  const admin = new Admin({ clientId: 'bench', bootstrapBrokers })
  try {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix))
    if (topics.length > 0) await admin.deleteTopics({ topics })
  } finally {
    await admin.close()
  }
}
