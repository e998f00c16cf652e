// The scales of the front door: events per CPU-second through the collector, beside a bare JSON.parse of the same bytes; then landing.
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createCtx } from '@rondo/context'
import { openEventLog } from '@rondo/event-log'
import { createEventsService, EVENT_EXPANDERS, type EventsDb } from '@rondo/events'
import { createIds } from '@rondo/ids'
import { openObjects } from '@rondo/objects'
import { createRandom } from '@rondo/random'
import { openRelational } from '@rondo/relational'
import { createManualClock, HOUR_MS } from '@rondo/time'
import type { BenchOptions, BenchResult } from '../result.ts'
import { computeMedian } from '../numerics/compute-median.ts'
import { START_MS, makeBodies, trackPlayed, type Form } from './make-bodies.ts'

const BATCH_EVENTS = 100
/** Requests under way at once, as a server has them. */
const IN_FLIGHT = 32
/** The one before them warms up and is not counted. */
const ROUNDS = 7
const MARK = 0.5
/** The collector frees memory on threads of its own, also after it has returned. */
const REST_MS = 100

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const ctx = createCtx({ principal: { kind: 'admin', name: 'bench' } })
const quiet = (): void => undefined

/**
 * Batches of 100 events of about 300 bytes: scanned, validated, deduplicated and durable, 32 requests in flight. Each round parses and
 * ingests the same bytes in this process; figures are medians of the rounds. CPU counts all threads of the process, also those that sync,
 * compile and collect garbage.
 */
export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const batches = small ? 100 : 1_000
  const folder = await mkdtemp(join(tmpdir(), 'rondo-bench-'))
  try {
    const results: BenchResult[] = []
    for (const form of ['ndjson', 'array'] as const) results.push(...(await measureForm(join(folder, form), form, batches)))
    return results
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureForm(folder: string, form: Form, batches: number): Promise<BenchResult[]> {
  const room = await openRoom(folder)
  const rounds: Round[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    const bodies = makeBodies(form, batches, BATCH_EVENTS, round)
    const parseAll = (): Promise<Cost> => measure(async () => bodies.forEach((body) => parseBody(form, body)))
    const ingestAll = (): Promise<Cost> => measure(() => room.postAll(bodies, form))
    // Whoever comes second may find the caches warm, or the machine busier: they take turns at that, too.
    const before = round % 2 === 0 ? await parseAll() : undefined
    const ingest = await ingestAll()
    const parse = before ?? (await parseAll())
    if (round > 0) rounds.push({ parse, ingest })
  }
  const loadAverage = loadavg()[0] ?? 0
  const land = await measure(room.landAll)
  await room.close()
  const events = batches * BATCH_EVENTS
  const ratios = rounds.map(({ parse, ingest }) => parse.cpuSeconds / ingest.cpuSeconds)
  const ratio = computeMedian(ratios)
  const perCpuSecond = (pick: (round: Round) => Cost): string => toWords(events / computeMedian(rounds.map((round) => pick(round).cpuSeconds)))
  return [
    {
      name: `ingest, ${form}: validated, deduplicated, durable`,
      figure: `${perCpuSecond(({ ingest }) => ingest)} events per CPU-second`,
      reference: `JSON.parse of the same bytes: ${perCpuSecond(({ parse }) => parse)}`,
      ratio,
      mark: `≥ ${MARK}`,
      ok: ratio >= MARK,
    },
    {
      name: `ingest, ${form}, by the clock on the wall`,
      figure: `${toWords(events / computeMedian(rounds.map(({ ingest }) => ingest.wallSeconds)))} events/s`,
      reference: `ratios of ${ROUNDS} rounds ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}; load average ${loadAverage.toFixed(1)} on ${availableParallelism()} cores`,
    },
    { name: `landing into hourly Parquet, from ${form}`, figure: `${toWords((events * (ROUNDS + 1)) / land.cpuSeconds)} rows per CPU-second` },
  ]
}

type Cost = { cpuSeconds: number; wallSeconds: number }
type Round = { parse: Cost; ingest: Cost }

type BenchRoom = { postAll(bodies: Buffer[], form: Form): Promise<void>; landAll(): Promise<void>; close(): Promise<void> }

async function openRoom(folder: string): Promise<BenchRoom> {
  const clock = createManualClock(START_MS)
  const eventLog = await openEventLog(`file:${join(folder, 'log')}`, { expand: EVENT_EXPANDERS })
  const objects = await openObjects(`file:${join(folder, 'objects')}`)
  const relational = await openRelational<EventsDb>(`sqlite:${join(folder, 'events.db')}`)
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const authenticate = async () => ({ kind: 'write', name: 'bench' }) as const
  const service = await createEventsService({ clock, ids: createIds(clock, createRandom(1)), log, authenticate, eventLog, objects, relational, masterKey: Buffer.alloc(32, 7) }, { scanKernel: 'first' })
  await service.api.putType({ type: trackPlayed.name, body: trackPlayed }, ctx)
  const route = service.raw?.find((raw) => raw.path === '/v1/events')
  if (route === undefined) throw new Error('The collector has no route /v1/events.')
  return {
    async postAll(bodies, form) {
      const headers = { authorization: 'Bearer bench', 'content-type': form === 'array' ? 'application/json' : 'application/x-ndjson' }
      let next = 0
      const sender = async (): Promise<void> => {
        for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
          const answer = await route.handle({ method: 'POST', url: '/v1/events', params: {}, query: new URLSearchParams(), headers, body }, ctx)
          if (answer.status !== 202 || String(answer.body).includes('"dead"') || String(answer.body).includes('"duplicate"')) throw new Error(`The collector refused a good batch: ${String(answer.body).slice(0, 300)}`)
        }
      }
      await Promise.all(Array.from({ length: IN_FLIGHT }, sender))
    },
    async landAll() {
      clock.advance(HOUR_MS)
      for (let done = 1; done > 0; ) {
        done = 0
        for (const job of service.jobs ?? []) done += await job.run(ctx)
      }
    },
    async close() {
      await service.close()
      await eventLog.close()
      await relational.close()
      await objects.close()
    },
  }
}

function parseBody(form: Form, body: Buffer): unknown {
  const text = body.toString()
  return form === 'array' ? JSON.parse(text) : text.split('\n').map((line) => JSON.parse(line) as unknown)
}

/** Garbage of what ran before is collected first, and its threads have come to rest, so that nobody pays for another. */
async function measure(work: () => Promise<unknown>): Promise<Cost> {
  collectGarbage()
  await setTimeout(REST_MS)
  const startedAt = performance.now()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return { cpuSeconds: (user + system) / 1e6, wallSeconds: (performance.now() - startedAt) / 1000 }
}

function toWords(count: number): string {
  return Math.round(count).toLocaleString('en')
}
