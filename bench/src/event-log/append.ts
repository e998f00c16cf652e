// The scales of the log: durable appends beside the bare disk, and replay.
import fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCtx, type Ctx } from '@rondo/context'
import { openEventLog, type EventLog, type LogRecord } from '@rondo/event-log'

export type BenchRow = {
  name: string
  /** With its unit. */
  figure: string
  /** Of `reference`; 1 is as fast. Undefined where there is nothing to compare with. */
  ratio?: number
  reference?: string
  /** What to reach. */
  mark?: string
}

export type AppendBenchOptions = {
  /** Default 1,000,000 records. */
  records?: number
  /** Where the folders are made; default the machine's temporary folder. */
  folder?: string
}

const BATCH_RECORDS = 100
const VALUE_BYTES = 280
const IN_FLIGHT = 8
const TOPIC = 'track-played'

type Cost = { wallSeconds: number; cpuSeconds: number }

/** Batches of 100 records of about 300 bytes, 8 in flight, into one partition, each durable before the next of its caller; then reading all of it. */
export async function run(options: AppendBenchOptions = {}): Promise<BenchRow[]> {
  const batches = Math.ceil((options.records ?? 1_000_000) / BATCH_RECORDS)
  const records = batches * BATCH_RECORDS
  const folder = await fs.mkdtemp(join(options.folder ?? tmpdir(), 'rondo-bench-'))
  const ctx = createCtx()
  try {
    const log = await openEventLog(`file:${join(folder, 'log')}`)
    await log.createTopic(TOPIC, { partitions: 1 }, ctx)
    await appendAll(log, Math.ceil(batches / 10), ctx)
    const append = await measure(() => appendAll(log, batches, ctx))
    const bare = await measure(() => writeBare(join(folder, 'bare'), batches))
    let replayed = 0
    const replay = await measure(async () => {
      replayed = await replayAll(log, ctx)
    })
    await log.close()
    const syncMs = await measureSync(join(folder, 'sync'))
    return [
      { name: 'durable append, wall', figure: perSecond(records, append.wallSeconds, 'events'), ratio: bare.wallSeconds / append.wallSeconds, reference: 'bare writev + fdatasync of the same bytes' },
      { name: 'durable append, CPU', figure: perSecond(records, append.cpuSeconds, 'events per CPU-second'), ratio: bare.cpuSeconds / append.cpuSeconds, reference: 'bare writev + fdatasync of the same bytes' },
      { name: 'replay', figure: perSecond(replayed, replay.wallSeconds, 'records'), ratio: replayed / replay.wallSeconds / 1_000_000, reference: 'the mark', mark: '1,000,000 records/s' },
      { name: 'replay, CPU', figure: perSecond(replayed, replay.cpuSeconds, 'records per CPU-second') },
      { name: 'one fdatasync after 32 KiB', figure: `${syncMs.toFixed(2)} ms` },
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

function perSecond(count: number, seconds: number, unit: string): string {
  return `${Math.round(count / seconds).toLocaleString('en')} ${unit}${unit.includes('second') ? '' : '/s'}`
}
