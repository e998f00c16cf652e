// The scales of the log on Kafka: what an append and a replay cost this process, beside the bare client library doing the same in the same run.
import { Admin, Consumer, MessagesStreamModes, ProduceAcks, Producer } from '@platformatic/kafka'
import { createCtx, type Ctx } from '@rondo/context'
import { openEventLog, type EventLog, type LogRecord, type RecordBlock } from '@rondo/event-log'
import { engineUrl } from '@rondo/tools/engines'
import type { BenchOptions, BenchResult } from '../result.ts'

const RECORDS = 100
const VALUE_BYTES = 280
const AT_ONCE = 8
const TURNS = 6
const NOW = 1_790_000_000_000
/** Our overhead at most 15 %. */
const MARK = 1 / 1.15

type Call = () => Promise<unknown>
type Cost = { cpuSeconds: number; latenciesMs: number[] }
type Contestants = { columns: Cost; objects: Cost; bare: Cost }

/**
 * Batches of 100 records of about 300 bytes, 8 under way, into one partition each, acknowledged by all replicas, each record once (idempotent); then reading all of
 * it. The contestants take turns, because a machine that others use is another one a second later; figures are sums over all turns but the first.
 */
export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const { url, skip } = engineUrl('kafka')
  if (skip !== false) return [{ name: 'kafka', figure: skip }]
  const prefix = `rondo-bench-${process.pid}.`
  const bootstrapBrokers = [url.replace('kafka://', '')]
  const ctx = createCtx()
  const log = await openEventLog(`${url}/?prefix=${prefix}`)
  const producer = new Producer<string, Buffer, Buffer, Buffer>({ clientId: 'bench', bootstrapBrokers, idempotent: true, acks: ProduceAcks.ALL, serializers: { key: (key) => Buffer.from(key ?? '') } })
  try {
    for (const topic of ['columns', 'objects', 'bare']) await log.createTopic(topic, { partitions: 1 }, ctx)
    const calls = small ? 50 : 400
    const append = await compareAppends(log, producer, `${prefix}bare`, calls, ctx)
    const replay = await compareReplays(log, bootstrapBrokers, `${prefix}bare`, (TURNS + 1) * calls * RECORDS, ctx)
    return [
      toRow('append of columns', append.columns, append.bare, TURNS * calls * RECORDS),
      toRow('append of objects', append.objects, append.bare, TURNS * calls * RECORDS),
      toRow('replay', replay.ours, replay.bare, replay.records),
    ]
  } finally {
    await producer.close()
    await log.close()
    await removeTopics(bootstrapBrokers, prefix)
  }
}

async function compareAppends(log: EventLog, producer: Producer<string, Buffer, Buffer, Buffer>, bareTopic: string, calls: number, ctx: Ctx): Promise<Contestants> {
  const records = makeRecords()
  const block = toBlock(records)
  const contestants: [keyof Contestants, Call][] = [
    ['columns', () => log.append([{ topic: 'columns', records: block }], NOW, ctx)],
    ['objects', () => log.append([{ topic: 'objects', records }], NOW, ctx)],
    ['bare', () => producer.send({ messages: records.map(({ key, value }) => ({ topic: bareTopic, partition: 0, key, value, timestamp: BigInt(NOW) })) })],
  ]
  const costs: Contestants = { columns: createCost(), objects: createCost(), bare: createCost() }
  for (let turn = 0; turn <= TURNS; turn += 1) {
    for (const [name, call] of contestants) {
      const cost = await measure(call, calls, AT_ONCE)
      if (turn > 0) addCost(costs[name], cost)
    }
  }
  return costs
}

async function compareReplays(log: EventLog, bootstrapBrokers: string[], bareTopic: string, records: number, ctx: Ctx): Promise<{ ours: Cost; bare: Cost; records: number }> {
  const ours = createCost()
  const bare = createCost()
  for (let turn = 0; turn <= 2; turn += 1) {
    const mine = await measure(() => replay(log, records, ctx), 1, 1)
    const theirs = await measure(() => replayBare(bootstrapBrokers, bareTopic, records), 1, 1)
    if (turn === 0) continue
    addCost(ours, mine)
    addCost(bare, theirs)
  }
  return { ours, bare, records: records * 2 }
}

async function replay(log: EventLog, records: number, ctx: Ctx): Promise<void> {
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

function toRow(name: string, mine: Cost, bare: Cost, records: number): BenchResult {
  const ratio = bare.cpuSeconds / mine.cpuSeconds
  const p99 = (cost: Cost): string => (cost.latenciesMs.length < 100 ? '' : `, p99 ${(cost.latenciesMs.toSorted((a, b) => a - b)[Math.floor(cost.latenciesMs.length * 0.99)] ?? 0).toFixed(1)} ms`)
  return {
    name: `kafka: ${name}`,
    figure: `${Math.round(records / mine.cpuSeconds).toLocaleString('en')} records per CPU-second${p99(mine)}`,
    reference: `@platformatic/kafka alone${p99(bare)}`,
    ratio,
    mark: '≥ 0.87',
    ok: ratio >= MARK,
  }
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

async function measure(call: Call, calls: number, atOnce: number): Promise<Cost> {
  const cost = createCost()
  let left = calls
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const startMs = performance.now()
      await call()
      cost.latenciesMs.push(performance.now() - startMs)
    }
  }
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: atOnce }, caller))
  const { user, system } = process.cpuUsage(before)
  cost.cpuSeconds = (user + system) / 1e6
  return cost
}

function createCost(): Cost {
  return { cpuSeconds: 0, latenciesMs: [] }
}

function addCost(sum: Cost, cost: Cost): void {
  sum.cpuSeconds += cost.cpuSeconds
  sum.latenciesMs.push(...cost.latenciesMs)
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
