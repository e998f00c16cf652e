// The scales of the front door: events per CPU-second through the collector, beside a bare JSON.parse of the same bytes; then landing.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createCtx } from '@rondo/context'
import { openEventLog } from '@rondo/event-log'
import { createEventsService, type EventsDb } from '@rondo/events'
import { createIds } from '@rondo/ids'
import { openObjects } from '@rondo/objects'
import { createRandom } from '@rondo/random'
import { openRelational } from '@rondo/relational'
import { createManualClock, HOUR_MS } from '@rondo/time'
import type { BenchResult } from '../result.ts'
import { START_MS, makeBodies, trackPlayed, type Form } from './make-bodies.ts'

const BATCH_EVENTS = 100
/** Requests under way at once, as a server has them. */
const IN_FLIGHT = 32
const TURNS = 3
const MARK = 0.5

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const ctx = createCtx({ principal: { kind: 'admin', name: 'bench' } })
const quiet = (): void => undefined

/**
 * Batches of 100 events of about 300 bytes: scanned, validated, deduplicated and durable, 32 requests in flight. Parsing and ingest take
 * turns on the same bytes; figures are sums over all turns but the first. CPU counts all threads of the process, also those that sync.
 */
export async function run({ small = false }: { small?: boolean } = {}): Promise<BenchResult[]> {
  const batches = small ? 100 : 2_000
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
  let parseSeconds = 0
  let ingestSeconds = 0
  let ingestWallSeconds = 0
  for (let turn = 0; turn <= TURNS; turn += 1) {
    const bodies = makeBodies(form, batches, BATCH_EVENTS, turn)
    const parse = await measure(async () => bodies.forEach((body) => parseBody(form, body)))
    const ingest = await measure(() => room.postAll(bodies, form))
    if (turn === 0) continue
    parseSeconds += parse.cpuSeconds
    ingestSeconds += ingest.cpuSeconds
    ingestWallSeconds += ingest.wallSeconds
  }
  const land = await measure(room.landAll)
  await room.close()
  const events = batches * BATCH_EVENTS * TURNS
  const ratio = parseSeconds / ingestSeconds
  return [
    {
      name: `ingest, ${form}: validated, deduplicated, durable`,
      figure: `${toWords(events / ingestSeconds)} events per CPU-second`,
      reference: `JSON.parse of the same bytes: ${toWords(events / parseSeconds)}`,
      ratio,
      mark: `≥ ${MARK}`,
      ok: ratio >= MARK,
    },
    { name: `ingest, ${form}, by the clock on the wall`, figure: `${toWords(events / ingestWallSeconds)} events/s` },
    { name: `landing into hourly Parquet, from ${form}`, figure: `${toWords((batches * BATCH_EVENTS * (TURNS + 1)) / land.cpuSeconds)} rows per CPU-second` },
  ]
}

type BenchRoom = { postAll(bodies: Buffer[], form: Form): Promise<void>; landAll(): Promise<void>; close(): Promise<void> }

async function openRoom(folder: string): Promise<BenchRoom> {
  const clock = createManualClock(START_MS)
  const eventLog = await openEventLog(`file:${join(folder, 'log')}`)
  const objects = await openObjects(`file:${join(folder, 'objects')}`)
  const relational = await openRelational<EventsDb>(`sqlite:${join(folder, 'events.db')}`)
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const authenticate = async () => ({ kind: 'write', name: 'bench' }) as const
  const service = await createEventsService({ clock, ids: createIds(clock, createRandom(1)), log, authenticate, eventLog, objects, relational })
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

/** Garbage of what ran before is collected first, so that nobody pays for another. */
async function measure(work: () => Promise<unknown>): Promise<{ cpuSeconds: number; wallSeconds: number }> {
  collectGarbage()
  const startedAt = performance.now()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return { cpuSeconds: (user + system) / 1e6, wallSeconds: (performance.now() - startedAt) / 1000 }
}

function toWords(count: number): string {
  return Math.round(count).toLocaleString('en')
}
