// The scales of registration: 1,800 event types in one call, a start with them, and the first event of one.
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
import { systemClock } from '@rondo/time'
import type { BenchOptions, BenchResult } from '../result.ts'
import { trackPlayed, WRITE_KEY } from './make-bodies.ts'

const TYPES = 1_800
const MARK_MS = 2_000

const ctx = createCtx({ principal: { kind: 'admin', name: 'bench' } })

/** By the clock on the wall: each happens once in the life of a process. */
export async function run(_options: BenchOptions = {}): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-bench-'))
  try {
    const types = Array.from({ length: TYPES }, (_, i) => ({ ...trackPlayed, name: `type-${i}`, schema: { ...trackPlayed.schema, title: `Type ${i}` } }))
    const first = await open(folder)
    const registerMs = await measureAsync(() => first.service.api.putTypes({ body: { types } }, ctx))
    const checkMs = await measureAsync(() => first.service.api.checkType({ type: 'type-7', body: { ...types[7], version: '1-0-1' } as (typeof types)[number] }, ctx))
    await first.close()
    let again: Awaited<ReturnType<typeof open>> | undefined
    const startMs = await measureAsync(async () => (again = await open(folder)))
    const { properties } = { properties: { trackId: 't', artistId: 'a', trackMs: 1, playedMs: 1, source: 'radio' } }
    const eventMs = await measureAsync(() => again?.service.api.publish({ body: { events: [{ id: 'a', type: 'type-7', properties }] } }, ctx) ?? Promise.resolve())
    await again?.close()
    return [
      { name: `event types: ${TYPES} registered in one call`, figure: `${registerMs.toFixed(0)} ms`, reference: `${MARK_MS} ms`, ratio: registerMs / MARK_MS, mark: `< ${MARK_MS} ms`, ok: registerMs < MARK_MS },
      { name: `event types: a start with ${TYPES}`, figure: `${startMs.toFixed(0)} ms`, reference: `${MARK_MS} ms`, ratio: startMs / MARK_MS, mark: `< ${MARK_MS} ms`, ok: startMs < MARK_MS },
      { name: 'event types: the first event after it, durable', figure: `${eventMs.toFixed(1)} ms` },
      { name: 'event types: a check of a new version', figure: `${checkMs.toFixed(2)} ms` },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function open(folder: string) {
  const eventLog = await openEventLog(`file:${join(folder, 'log')}`)
  const objects = await openObjects(`file:${join(folder, 'objects')}`)
  const relational = await openRelational<EventsDb>(`sqlite:${join(folder, 'events.db')}`)
  const authenticate = async (secret: string) => (secret === WRITE_KEY ? ({ kind: 'write', name: 'bench' } as const) : undefined)
  const service = await createEventsService({ clock: systemClock, ids: createIds(systemClock, createRandom(1)), log: createSilentLog(), authenticate, eventLog, objects, relational, masterKey: Buffer.alloc(32, 7) }, { scanKernel: 'first' })
  return {
    service,
    async close() {
      await service.close()
      await eventLog.close()
      await relational.close()
      await objects.close()
    },
  }
}

async function measureAsync(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
