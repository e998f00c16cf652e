// Twenty-four hours of events through the collector, landed hour by hour and counted: does every hour agree, and does the memory stay flat?
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCtx } from '@rondo/context'
import { openEventLog } from '@rondo/event-log'
import { createEventsService, type EventsDb } from '@rondo/events'
import { createSilentLog } from '@rondo/host'
import { createIds } from '@rondo/ids'
import { openObjects } from '@rondo/objects'
import { createRandom } from '@rondo/random'
import { openRelational } from '@rondo/relational'
import { createManualClock, HOUR_MS } from '@rondo/time'
import type { BenchOptions, BenchResult } from '../result.ts'
import { makeEvent, START_MS, trackPlayed } from './make-bodies.ts'

const HOURS = 24
const ROWS = 100_000_000
const ROWS_SMALL = 1_000_000
const BATCH_EVENTS = 500
/** Requests under way at once. */
const IN_FLIGHT = 16
/** An hour's events come in so many portions, and land between them as the clock goes on. */
const PORTIONS = 12
/** The first hours fill what is bounded: the ids remembered, the pools. */
const WARM_HOURS = 8
const FLAT = 1.25

/**
 * 100 million events (a million when small) of 363 bytes. The type keeps its events for two hours, so that the log and the buckets of the day need not lie on the disk
 * at once. Memory is the process's resident set after each hour.
 */
export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-bench-'))
  try {
    return await landDay(folder, Math.ceil((small ? ROWS_SMALL : ROWS) / HOURS / PORTIONS / BATCH_EVENTS))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function landDay(folder: string, batchesAPortion: number): Promise<BenchResult[]> {
  const ctx = createCtx({ principal: { kind: 'admin', name: 'bench' } })
  const clock = createManualClock(START_MS)
  const random = createRandom(1)
  const ids = createIds(clock, random)
  const eventLog = await openEventLog(`file:${join(folder, 'log')}`)
  const objects = await openObjects(`file:${join(folder, 'objects')}`)
  const relational = await openRelational<EventsDb>(`sqlite:${join(folder, 'events.db')}`)
  const authenticate = async () => ({ kind: 'write', name: 'bench' }) as const
  const service = await createEventsService({ clock, ids, log: createSilentLog(), authenticate, eventLog, objects, relational, masterKey: Buffer.alloc(32, 7) }, { scanKernel: 'first' })
  const route = service.raw?.find((raw) => raw.path === '/v1/events')
  if (route === undefined) throw new Error('The collector has no route /v1/events.')
  await service.api.putType({ type: trackPlayed.name, body: { ...trackPlayed, retention: '2h' } }, ctx)
  const settle = async (): Promise<void> => {
    for (let done = 1; done > 0; ) for (const job of ((done = 0), service.jobs ?? [])) done += await job.run(ctx)
  }
  const post = async (): Promise<void> => {
    const body = Buffer.from(Array.from({ length: BATCH_EVENTS }, () => JSON.stringify(makeEvent(ids, random))).join('\n'))
    const { status } = await route.handle({ method: 'POST', url: '/v1/events', params: {}, query: new URLSearchParams(), headers: { authorization: 'Bearer bench', 'content-type': 'application/x-ndjson' }, body }, ctx)
    if (status !== 202) throw new Error(`The collector answered ${status}.`)
  }
  const before = process.cpuUsage()
  const startedAt = performance.now()
  const residentMb: number[] = []
  for (let hour = 0; hour < HOURS; hour += 1) {
    for (let portion = 0; portion < PORTIONS; portion += 1) {
      let left = batchesAPortion
      const send = async (): Promise<void> => {
        while (left > 0) {
          left -= 1
          await post()
        }
      }
      await Promise.all(Array.from({ length: IN_FLIGHT }, send))
      clock.advance(HOUR_MS / PORTIONS)
      await settle()
    }
    residentMb.push(process.memoryUsage().rss / 1024 / 1024)
    process.stderr.write(`  hour ${hour + 1}: ${residentMb.at(-1)?.toFixed(0)} MB resident\n`)
  }
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(before)
  const sent = HOURS * PORTIONS * batchesAPortion * BATCH_EVENTS
  const { rows: reports } = await service.api.reports({ limit: HOURS + 1 }, ctx)
  const [count] = (await service.api.counts({ type: trackPlayed.name }, ctx)).rows
  await service.close()
  await eventLog.close()
  await relational.close()
  await objects.close()
  const landed = reports.reduce((sum, report) => sum + report.landed, 0)
  const agrees = landed === sent && count?.delivered === sent && count.duplicate + count.dead + count.inFlight === 0 && reports.length === HOURS && reports.every(({ difference }) => difference === 0)
  const [first, last] = [residentMb.slice(0, WARM_HOURS), residentMb.slice(WARM_HOURS)].map((some) => Math.max(...some))
  const ratio = (last ?? 0) / (first ?? 1)
  return [
    {
      name: 'a day of events, landed and counted',
      figure: `${sent.toLocaleString('en-US')} rows, ${Math.round((sent / (user + system)) * 1e6).toLocaleString('en-US')} per CPU-second from body to closed bucket`,
      reference: `${Math.round(sent / seconds).toLocaleString('en-US')} rows/s by the clock on the wall, making the events included`,
      mark: 'every hour agrees',
      ok: agrees,
    },
    {
      name: 'memory of that day',
      figure: `${Math.round(last ?? 0)} MB resident at most from hour ${WARM_HOURS + 1} on`,
      reference: `the first ${WARM_HOURS} hours: ${Math.round(first ?? 0)} MB`,
      ratio,
      mark: `≤ ${FLAT}`,
      ok: ratio <= FLAT,
    },
  ]
}
