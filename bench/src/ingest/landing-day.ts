// Twenty-four hours of events through the collector, landed hour by hour and counted: does every hour agree, does the memory stay flat, and what does a row cost?
import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAnalytics } from '@rondo/analytics'
import { createCtx, type Ctx } from '@rondo/context'
import { openEventLog } from '@rondo/event-log'
import { createEventsService, type EventsDb } from '@rondo/events'
import { createSilentLog } from '@rondo/host'
import { createIds } from '@rondo/ids'
import { openObjects } from '@rondo/objects'
import { createRandom } from '@rondo/random'
import { openRelational } from '@rondo/relational'
import { createManualClock, HOUR_MS, toIsoHour } from '@rondo/time'
import type { BenchOptions, BenchResult } from '../result.ts'
import { createDayBodies } from './day-bodies.ts'
import { landInDuckdb } from './land-in-duckdb.ts'
import { START_MS, trackPlayed } from './make-bodies.ts'

const HOURS = 24
const ROWS = 100_000_000
const ROWS_SMALL = 1_000_000
const BATCH_EVENTS = 1_000
/** Requests under way at once. */
const IN_FLIGHT = 16
/** An hour's events come in so many portions, and land between them as the clock goes on. */
const PORTIONS = 12
/** The busiest hour of the day has so much more than the mean, the quietest as much less. */
const SWING = 0.6
/** The first hours fill what is bounded: the ids remembered, the pools. */
const WARM_HOURS = 8
const FLAT = 1.25
/** Of DuckDB's rows per CPU-second. */
const MARK = 0.5
/** Of the log and the buckets of the hours that are kept: two, and what comes until the room looks again. */
const BYTES_A_ROW = 600
const KEPT_HOURS = 10

/**
 * 100 million events (a million when small) of 363 bytes over a day with its tides. The type keeps its events for two hours, so that the log and the buckets of the
 * day need not lie on the disk at once. Memory is the process's resident set after each hour.
 */
export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const rows = small ? ROWS_SMALL : ROWS
  const folder = await mkdtemp(join(tmpdir(), 'rondo-bench-'))
  try {
    const { bavail, bsize } = await statfs(folder)
    const needed = (rows / HOURS) * (1 + SWING) * KEPT_HOURS * BYTES_A_ROW
    if (bavail * bsize < needed) throw new Error(`The day needs ${Math.ceil(needed / 2 ** 30)} GiB in "${tmpdir()}", and there are ${Math.floor((bavail * bsize) / 2 ** 30)}. Free some, or take --small.`)
    return await landDay(folder, rows)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Cost = { cpuSeconds: number; wallSeconds: number }

async function landDay(folder: string, rows: number): Promise<BenchResult[]> {
  const ctx = createCtx({ principal: { kind: 'admin', name: 'bench' } })
  const random = createRandom(1)
  const bodies = createDayBodies(BATCH_EVENTS, random)
  bodies.begin(START_MS)
  const some = Array.from({ length: 64 }, () => Buffer.from(bodies.next().body))
  const duckdb = await landInDuckdb(folder, some, some.length * BATCH_EVENTS)
  const room = await openRoom(folder, ctx)
  const [posting, landing]: [Cost, Cost] = [{ cpuSeconds: 0, wallSeconds: 0 }, { cpuSeconds: 0, wallSeconds: 0 }]
  const residentMb: number[] = []
  let [sent, sizeBytes] = [0, 0]
  const wrong: string[] = []
  for (let hour = 0; hour < HOURS; hour += 1) {
    const hourMs = START_MS + hour * HOUR_MS
    bodies.begin(hourMs)
    const batchesAPortion = Math.ceil(((rows / HOURS) * (1 + SWING * Math.sin((2 * Math.PI * hour) / HOURS))) / PORTIONS / BATCH_EVENTS)
    const expected = { rows: 0, trackMs: 0 }
    for (let portion = 0; portion < PORTIONS; portion += 1) {
      let left = batchesAPortion
      const send = async (): Promise<void> => {
        while (left > 0) {
          left -= 1
          const { body, trackMs } = bodies.next()
          await room.post(body)
          expected.rows += BATCH_EVENTS
          expected.trackMs += trackMs
        }
      }
      await measure(posting, () => Promise.all(Array.from({ length: IN_FLIGHT }, send)))
      room.clock.advance(HOUR_MS / PORTIONS)
      await measure(landing, room.settle)
    }
    sent += expected.rows
    const found = await room.countHour(hourMs)
    sizeBytes += found.sizeBytes
    if (found.rows !== expected.rows || found.trackMs !== expected.trackMs || found.state !== 'closed') wrong.push(`${toIsoHour(hourMs)}: ${JSON.stringify(found)} of ${JSON.stringify(expected)}`)
    residentMb.push(process.memoryUsage().rss / 1024 / 1024)
    process.stderr.write(`  hour ${hour + 1}: ${found.rows.toLocaleString('en-US')} rows, ${residentMb.at(-1)?.toFixed(0)} MB resident\n`)
  }
  const { reports, count } = await room.readAccounts()
  await room.close()
  const landed = reports.reduce((sum, report) => sum + report.landed, 0)
  const agrees = wrong.length === 0 && landed === sent && count?.delivered === sent && count.duplicate + count.dead + count.inFlight === 0 && reports.length === HOURS && reports.every(({ difference }) => difference === 0)
  const [first, last] = [residentMb.slice(0, WARM_HOURS), residentMb.slice(WARM_HOURS)].map((hours) => Math.max(...hours)) as [number, number]
  const ratio = sent / landing.cpuSeconds / duckdb.rowsPerCpuSecond
  return [
    {
      name: 'a day of events, landed and counted',
      figure: `${toWords(sent)} rows, ${toWords(sent / (posting.cpuSeconds + landing.cpuSeconds))} per CPU-second from body to closed bucket`,
      reference: `${toWords(sent / (posting.wallSeconds + landing.wallSeconds))} rows/s by the clock on the wall, ${toWords(posting.cpuSeconds + landing.cpuSeconds)} CPU-seconds`,
      mark: 'every hour agrees',
      ok: agrees,
      ...(wrong.length === 0 ? {} : { figure: wrong.join('; ') }),
    },
    {
      name: 'landing of that day',
      figure: `${toWords(sent / landing.cpuSeconds)} rows per CPU-second, ${toWords(sent / landing.wallSeconds)}/s by the clock, ${(sizeBytes / sent).toFixed(0)} bytes a row`,
      reference: `DuckDB from a file of lines to one of Parquet: ${toWords(duckdb.rowsPerCpuSecond)}, ${duckdb.bytesPerRow.toFixed(0)} bytes a row`,
      ratio,
      mark: `≥ ${MARK}`,
      ok: ratio >= MARK,
    },
    {
      name: 'memory of that day',
      figure: `${Math.round(last)} MB resident at most from hour ${WARM_HOURS + 1} on, ${Math.round(residentMb.at(-1) ?? 0)} after the last`,
      reference: `the first ${WARM_HOURS} hours: ${Math.round(first)} MB, ${Math.round(residentMb[0] ?? 0)} after the first`,
      ratio: last / first,
      mark: `≤ ${FLAT}`,
      ok: last / first <= FLAT,
    },
  ]
}

async function openRoom(folder: string, ctx: Ctx) {
  const clock = createManualClock(START_MS)
  const eventLog = await openEventLog(`file:${join(folder, 'log')}`)
  const objects = await openObjects(`file:${join(folder, 'objects')}`)
  const relational = await openRelational<EventsDb>(`sqlite:${join(folder, 'events.db')}`)
  const analytics = await openAnalytics('duckdb:')
  const authenticate = async () => ({ kind: 'write', name: 'bench' }) as const
  const service = await createEventsService({ clock, ids: createIds(clock, createRandom(2)), log: createSilentLog(), authenticate, eventLog, objects, relational, masterKey: Buffer.alloc(32, 7) }, { scanKernel: 'first' })
  const route = service.raw?.find((raw) => raw.path === '/v1/events')
  if (route === undefined) throw new Error('The collector has no route /v1/events.')
  await service.api.putType({ type: trackPlayed.name, body: { ...trackPlayed, retention: '2h' } }, ctx)
  const headers = { authorization: 'Bearer bench', 'content-type': 'application/x-ndjson' }
  return {
    clock,
    async post(body: Buffer): Promise<void> {
      const { status } = await route.handle({ method: 'POST', url: '/v1/events', params: {}, query: new URLSearchParams(), headers, body }, ctx)
      if (status !== 202) throw new Error(`The collector answered ${status}.`)
    },
    async settle(): Promise<void> {
      for (let done = 1; done > 0; ) for (const job of ((done = 0), service.jobs ?? [])) done += await job.run(ctx)
    },
    /** By SQL over the files of a closed hour, before retention takes them. */
    async countHour(hourMs: number): Promise<{ rows: number; trackMs: number; state: string | undefined; sizeBytes: number }> {
      const { rows: buckets } = await service.api.listBuckets({ type: trackPlayed.name, from: toIsoHour(hourMs), to: toIsoHour(hourMs + HOUR_MS) }, ctx)
      const keys = buckets.flatMap(({ files }) => files)
      const answer = await analytics.query('select count(*)::double as n, sum("trackMs")::double as ms from t', { tables: [{ name: 't', files: keys.map((key) => objects.locate(key)) }] }, ctx)
      const sizes = await Promise.all(keys.map((key) => objects.find(key, ctx)))
      const [row] = answer.rows
      return { rows: Number(row?.['n']), trackMs: Number(row?.['ms']), state: buckets[0]?.state, sizeBytes: sizes.reduce((sum, info) => sum + (info?.sizeBytes ?? 0), 0) }
    },
    async readAccounts() {
      return { reports: (await service.api.reports({ limit: HOURS + 1 }, ctx)).rows, count: (await service.api.counts({ type: trackPlayed.name }, ctx)).rows[0] }
    },
    async close(): Promise<void> {
      await service.close()
      await analytics.close()
      await eventLog.close()
      await relational.close()
      await objects.close()
    },
  }
}

/** Of all threads of the process. */
async function measure(sum: Cost, work: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  sum.cpuSeconds += (user + system) / 1e6
  sum.wallSeconds += (performance.now() - startedAt) / 1000
}

function toWords(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}
