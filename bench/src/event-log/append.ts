// The scales of the log: durable appends beside the bare disk, and replay.
import fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCtx, type Ctx } from '@rondo/context'
import { openEventLog, type EventLog, type LogRecord } from '@rondo/event-log'
import type { BenchResult } from '../result.ts'

const BATCH_RECORDS = 100
const VALUE_BYTES = 280
const IN_FLIGHT = 8
const TURNS = 8
const TOPIC = 'track-played'

type Cost = { wallSeconds: number; cpuSeconds: number }

/**
 * Batches of 100 records of about 300 bytes, 8 in flight, into one partition, each durable before the next of its caller; then reading all
 * of it. The log and the bare disk take turns, because a shared disk is not the same disk a second later; figures are sums over all turns; the best of three replays.
 */
export async function run({ small = false }: { small?: boolean } = {}): Promise<BenchResult[]> {
  const batches = small ? 200 : 1_000
  const folder = await fs.mkdtemp(join(tmpdir(), 'rondo-bench-'))
  const ctx = createCtx()
  try {
    const log = await openEventLog(`file:${join(folder, 'log')}`)
    await log.createTopic(TOPIC, { partitions: 1 }, ctx)
    await appendAll(log, batches, ctx)
    const append: Cost = { wallSeconds: 0, cpuSeconds: 0 }
    const bare: Cost = { wallSeconds: 0, cpuSeconds: 0 }
    for (let turn = 0; turn < TURNS; turn += 1) {
      addCost(append, await measure(() => appendAll(log, batches, ctx)))
      addCost(bare, await measure(() => writeBare(join(folder, `bare-${turn}`), batches)))
    }
    const records = batches * BATCH_RECORDS * TURNS
    let replayed = 0
    const replays: Cost[] = []
    for (let turn = 0; turn < 3; turn += 1) {
      replays.push(
        await measure(async () => {
          replayed = await replayAll(log, ctx)
        }),
      )
    }
    const replay = replays.reduce((best, cost) => (cost.wallSeconds < best.wallSeconds ? cost : best))
    await log.close()
    const syncMs = await measureSync(join(folder, 'sync'))
    const disk = 'fs.writev + fdatasync of the same bytes'
    return [
      { name: 'event log: durable append', figure: perSecond(records, append.wallSeconds, 'events/s'), ratio: bare.wallSeconds / append.wallSeconds, reference: disk },
      { name: 'event log: durable append, CPU', figure: perSecond(records, append.cpuSeconds, 'events per CPU-second'), ratio: bare.cpuSeconds / append.cpuSeconds, reference: disk },
      { name: 'event log: replay', figure: perSecond(replayed, replay.wallSeconds, 'records/s'), mark: '≥ 1,000,000 records/s', ok: replayed / replay.wallSeconds >= 1_000_000 },
      { name: 'event log: replay, CPU', figure: perSecond(replayed, replay.cpuSeconds, 'records per CPU-second') },
      { name: 'disk: fdatasync after 32 KiB', figure: `${syncMs.toFixed(2)} ms` },
    ]
  } finally {
    await fs.rm(folder, { recursive: true, force: true })
  }
}

async function appendAll(log: EventLog, batches: number, ctx: Ctx): Promise<void> {
  const records = makeBatch()
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < batches) {
      next += 1
      await log.append([{ topic: TOPIC, records }], 1_790_000_000_000 + next, ctx)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller))
}

/** The least a durable log could do: the same bytes, the same number of batches a sync (8), nothing else. */
async function writeBare(path: string, batches: number): Promise<void> {
  const batch = Buffer.concat(makeBatch().flatMap(({ key, value }) => [Buffer.from(key), value]))
  const file = await fs.open(path, 'w')
  try {
    for (let written = 0; written < batches; written += IN_FLIGHT) {
      await file.writev(Array.from({ length: Math.min(IN_FLIGHT, batches - written) }, () => batch))
      await file.datasync()
    }
  } finally {
    await file.close()
  }
}

async function replayAll(log: EventLog, ctx: Ctx): Promise<number> {
  let count = 0
  let bytes = 0
  for (let offset = 0; ; ) {
    const records = await log.read({ topic: TOPIC, partition: 0, offset }, ctx)
    const last = records.at(-1)
    if (!last) break
    for (const { value } of records) bytes += value.byteLength
    count += records.length
    offset = last.offset + 1
  }
  if (bytes !== count * VALUE_BYTES) throw new Error(`Replay gave ${bytes} bytes, not ${count * VALUE_BYTES}.`)
  return count
}

async function measureSync(path: string): Promise<number> {
  const rounds = 200
  const file = await fs.open(path, 'w')
  const bytes = Buffer.alloc(32 * 1024, 1)
  let syncMs = 0
  for (let round = 0; round < rounds; round += 1) {
    await file.write(bytes)
    const startMs = performance.now()
    await file.datasync()
    syncMs += performance.now() - startMs
  }
  await file.close()
  return syncMs / rounds
}

function makeBatch(): LogRecord[] {
  return Array.from({ length: BATCH_RECORDS }, (_, index) => ({ key: `user-${100_000 + index * 37}`, value: Buffer.alloc(VALUE_BYTES, index) }))
}

async function measure(work: () => Promise<void>): Promise<Cost> {
  const cpuBefore = process.cpuUsage()
  const startMs = performance.now()
  await work()
  const wallSeconds = (performance.now() - startMs) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  return { wallSeconds, cpuSeconds: (user + system) / 1e6 }
}

function addCost(sum: Cost, cost: Cost): void {
  sum.wallSeconds += cost.wallSeconds
  sum.cpuSeconds += cost.cpuSeconds
}

function perSecond(count: number, seconds: number, unit: string): string {
  return `${Math.round(count / seconds).toLocaleString('en')} ${unit}`
}
