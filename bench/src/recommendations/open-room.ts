// The recommendations room on embedded stores, with events and taste that are made instead of collected.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCtx } from '@rondo/context'
import { createLocalClient, type Api, type Contract, type Service } from '@rondo/contract'
import { eventsContract, type EventRow, type EventsContract } from '@rondo/events/contract'
import { openKeyValue } from '@rondo/key-value'
import { openObjects } from '@rondo/objects'
import { pipelinesContract, type PipelinesContract } from '@rondo/pipelines/contract'
import { createRecommendationsService, type RecommendationsDeps } from '@rondo/recommendations'
import { recommendationsContract, type RecommendationsContract } from '@rondo/recommendations/contract'
import { openRelational } from '@rondo/relational'
import { createManualClock, toIso, toIsoDate, WEEK_MS, type ManualClock } from '@rondo/time'
import type { MadeListening } from './made-listening.ts'

/** A Monday. */
export const MONDAY_MS = Date.parse('2026-09-21T00:00:00Z')
export const ctx = createCtx({ principal: { kind: 'admin', name: 'bench' } })

export type BenchRoom = {
  clock: ManualClock
  api: Api<RecommendationsContract>
  service: Service<RecommendationsContract>
  runJob(name: string): Promise<number>
  close(): Promise<void>
}

/** `listening` is in the log from the start; it is last week's taste, published, as soon as the clock stands in this week. `onTrained` is called between training and lists. */
export async function openRoom(listening: MadeListening, onTrained: () => void): Promise<BenchRoom> {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-bench-'))
  const clock = createManualClock(MONDAY_MS - WEEK_MS)
  const quiet = (): void => undefined
  const keyValue = await openKeyValue(`lmdb:${join(folder, 'key-value')}`, { clock, namespace: 'bench' })
  const objects = await openObjects(`file:${join(folder, 'objects')}`)
  const relational: RecommendationsDeps['relational'] = await openRelational(`sqlite:${join(folder, 'state.db')}`)
  const clients = new Map<string, Api<Contract>>([
    ['events', createLocalClient<Contract>(eventsContract, createEvents(toLogs(listening)) as Api<Contract>)],
    ['pipelines', createLocalClient<Contract>(pipelinesContract, createPipelines(listening, clock) as Api<Contract>)],
  ])
  const peer = <C extends Contract>(contract: C): Api<C> => clients.get(contract.service) as Api<C>
  const service = await createRecommendationsService({ clock, log: { debug: quiet, info: (message) => (message === 'model trained' ? onTrained() : undefined), warn: quiet, error: quiet }, peer, keyValue, objects, relational })
  return {
    clock,
    service,
    api: createLocalClient(recommendationsContract, service.api),
    runJob: async (name) => service.jobs?.find((job) => job.name === `recommendations.${name}`)?.run(ctx) ?? 0,
    async close() {
      await service.close()
      await keyValue.close()
      await relational.close()
      await objects.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function toLogs({ tracks, acts }: MadeListening): Map<string, EventRow[]> {
  const toRow = (type: string, userId: string | null, i: number, properties: Record<string, unknown>): EventRow => {
    const at = toIso(MONDAY_MS - WEEK_MS + i)
    return { id: `${type}-${i}`, type, userId, anonymousId: null, occurredAt: at, receivedAt: at, properties, cursor: `v1.${i + 1}` }
  }
  return new Map([
    ['track-released', tracks.map((track, i) => toRow('track-released', null, i, { ...track, title: `Title of ${track.trackId}`, artistName: `Name of ${track.artistId}`, trackMs: 200_000 }))],
    ['track-played', acts.map(({ user, trackId, artistId }, i) => toRow('track-played', user, i, { trackId, artistId, trackMs: 200_000, playedMs: 190_000, source: 'library' }))],
    ['track-skipped', []],
    ['track-saved', []],
    ['playlist-added', []],
  ])
}

function createEvents(logs: Map<string, EventRow[]>): Pick<Api<EventsContract>, 'readEvents'> {
  return {
    async readEvents({ type, after, limit = 100 }) {
      const from = after === undefined ? 0 : Number(after.slice('v1.'.length))
      const rows = logs.get(type)?.slice(from, from + limit) ?? []
      return { rows, next: rows.at(-1)?.cursor ?? `v1.${from}` }
    },
  }
}

function createPipelines({ acts }: MadeListening, clock: ManualClock): Pick<Api<PipelinesContract>, 'listPartitions' | 'sql'> {
  const scores = new Map<string, { userId: string; trackId: string; score: number }>()
  for (const { user, trackId } of acts) {
    const row = scores.get(`${user} ${trackId}`) ?? { userId: user, trackId, score: 0 }
    row.score += 1
    scores.set(`${user} ${trackId}`, row)
  }
  const partition = toIsoDate(MONDAY_MS - WEEK_MS)
  return {
    listPartitions: async () => ({
      rows: clock.now() < MONDAY_MS ? [] : [{ partition, state: 'published', provisional: false, version: '1', rows: scores.size, bytes: 0, files: [], publishedAt: toIso(MONDAY_MS), runId: '1', lagMs: 0, late: false, checks: [], reason: null }],
    }),
    sql: async () => ({ columns: [], rows: [...scores.values()], truncated: false }),
  }
}
