// The log beside brokers that promise the same: batches of 1,000 records of 200 bytes, acknowledged when they are on disk.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { createCtx } from '@rondo/context'
import { openEventLog } from '@rondo/event-log'
import { startEngine } from '@rondo/tools/engines'
import type { BenchOptions, BenchResult } from '../result.ts'
import { runProducerPerformance } from '../stores/run-producer-performance.ts'

const RECORDS = 1_000
const VALUE_BYTES = 200
const AT_ONCE = 8
const TURNS = 3
const NOW = 1_790_000_000_000
const TOPIC = 'bench'
const ctx = createCtx()

type Reference = { name: string; mark?: number; recordsPerSecond: number }

/**
 * The best of three turns of each; the log takes its turns before and after every broker, because a shared disk is not the same a minute later. Brokers run on this machine, started for it. NATS
 * acknowledges message by message, so a thousand are under way.
 */
export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const records = small ? 100_000 : 2_000_000
  const log: number[] = [await appendToLog(records)]
  const references: Reference[] = []
  const beside = async (name: string, measure: () => Promise<number>, mark?: number): Promise<BenchResult[]> => {
    try {
      references.push({ name, recordsPerSecond: await measure(), ...(mark === undefined ? {} : { mark }) })
    } catch (error) {
      return [{ name: `event log beside ${name}`, figure: `it did not run: ${error instanceof Error ? error.message : String(error)}` }]
    }
    log.push(await appendToLog(records))
    return []
  }
  const missing = [
    ...(await beside('kafka-producer-perf-test, flush.messages=1', () => appendToKafka(records / 4, true), 3)),
    ...(await beside('kafka-producer-perf-test', () => appendToKafka(records, false), 1.25)),
    ...(await beside('NATS JetStream, sync always', () => appendToNats(small ? 2_000 : 20_000))),
  ]
  const best = Math.max(...log)
  const figure = `${round(best)} records/s`
  return [
    ...references.map(({ name, mark, recordsPerSecond }) => ({
      name: 'event log: 1,000 records of 200 bytes a call, 8 under way, durable',
      figure,
      reference: `${name}: ${round(recordsPerSecond)} records/s`,
      ratio: best / recordsPerSecond,
      ...(mark === undefined ? {} : { mark: `≥ ${mark}`, ok: best / recordsPerSecond >= mark }),
    })),
    ...missing,
  ]
}

/** Records per second, the best of the turns; the first turn is thrown away. */
async function appendToLog(count: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-bench-'))
  const log = await openEventLog(`file:${folder}`)
  try {
    await log.createTopic(TOPIC, { partitions: 1 }, ctx)
    const records = Array.from({ length: RECORDS }, (_, index) => ({ key: '', value: Buffer.alloc(VALUE_BYTES, index) }))
    let best = 0
    for (let turn = 0; turn <= TURNS; turn += 1) {
      let left = count / RECORDS
      const caller = async (): Promise<void> => {
        while (left > 0) {
          left -= 1
          await log.append([{ topic: TOPIC, records }], NOW, ctx)
        }
      }
      const seconds = await measureSeconds(() => Promise.all(Array.from({ length: AT_ONCE }, caller)))
      if (turn > 0) best = Math.max(best, count / seconds)
    }
    return best
  } finally {
    await log.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** By its own tool, acks of all, batches of 1,000. */
async function appendToKafka(count: number, flush: boolean): Promise<number> {
  await using kafka = await startEngine('kafka')
  const log = await openEventLog(`${kafka.url}/?flush=${flush ? 1 : 0}`)
  await log.createTopic(TOPIC, { partitions: 1 }, ctx)
  await log.close()
  let best = 0
  for (let turn = 0; turn < TURNS; turn += 1) best = Math.max(best, (await runProducerPerformance(kafka.url.replace('kafka://', ''), TOPIC, count, VALUE_BYTES, RECORDS)).recordsPerSecond)
  return best
}

async function appendToNats(count: number): Promise<number> {
  await using nats = await startEngine('nats')
  const connection = await connect({ servers: nats.url.replace('nats://', '') })
  try {
    await (await jetstreamManager(connection)).streams.add({ name: TOPIC, subjects: [TOPIC], storage: 'file' })
    const stream = jetstream(connection)
    const value = Buffer.alloc(VALUE_BYTES, 1)
    let best = 0
    for (let turn = 0; turn < TURNS; turn += 1) {
      let left = count
      const caller = async (): Promise<void> => {
        while (left > 0) {
          left -= 1
          await stream.publish(TOPIC, value, { timeout: 60_000 })
        }
      }
      best = Math.max(best, count / (await measureSeconds(() => Promise.all(Array.from({ length: RECORDS }, caller)))))
    }
    return best
  } finally {
    await connection.close()
  }
}

async function measureSeconds(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await work()
  return (performance.now() - startMs) / 1000
}

function round(value: number): string {
  return Math.round(value).toLocaleString('en')
}
