// The events room as far as pipelines read it: real Parquet in hourly buckets, closed by the test's word.
import type { Analytics } from '@rondo/analytics'
import { createLocalClient, type Api, type Contract, type Peer } from '@rondo/contract'
import { createCtx } from '@rondo/context'
import { eventsContract, type BucketRow, type EventsContract, type TypeRow } from '@rondo/events/contract'
import type { Objects } from '@rondo/objects'
import { HOUR_MS, toIso, toIsoHour } from '@rondo/time'

export type Play = { userId: string; trackId: string; playedMs: number }

const ctx = createCtx()
const ENVELOPE: TypeRow['columns'] = [
  { name: 'id', type: 'string', personal: 'none' },
  { name: 'userId', type: 'string', personal: 'narrow' },
  { name: 'occurredAt', type: 'timestamp', personal: 'none' },
]

export type FakeEvents = ReturnType<typeof createFakeEvents>

/** Two types of one shape: "track-played" and "track-saved". */
export function createFakeEvents(objects: Objects, analytics: Analytics) {
  const buckets = new Map<string, Map<number, BucketRow>>([
    ['track-played', new Map()],
    ['track-saved', new Map()],
  ])
  let closedUntilMs = 0
  let files = 0
  const calls = { listBuckets: 0, listTypes: 0 }
  const refuse = async (): Promise<never> => {
    throw new Error('not part of this test')
  }
  const api: Api<EventsContract> = {
    putType: refuse,
    putTypes: refuse,
    checkType: refuse,
    quotas: refuse,
    listVersions: refuse,
    getSchema: refuse,
    retireType: refuse,
    getType: refuse,
    standings: refuse,
    readEvents: refuse,
    listReaders: refuse,
    moveReader: refuse,
    forgetReader: refuse,
    counts: refuse,
    listDead: refuse,
    replayDead: refuse,
    publish: refuse,
    land: refuse,
    history: refuse,
    reports: refuse,
    losses: refuse,
    restate: refuse,
    erase: refuse,
    audit: refuse,
    readKeys: refuse,
    pulse: refuse,
    async listTypes() {
      calls.listTypes += 1
      return { rows: [...buckets.keys()].map(toTypeRow) }
    },
    async listBuckets({ type, from }) {
      calls.listBuckets += 1
      const fromMs = from === undefined ? 0 : Date.parse(from)
      const rows = [...(buckets.get(type) ?? new Map<number, BucketRow>())].filter(([startMs]) => startMs >= fromMs).sort(([a], [b]) => a - b)
      return { rows: rows.map(([startMs, row]) => (startMs + HOUR_MS <= closedUntilMs ? { ...row, state: 'closed' as const, closedAt: toIso(startMs + HOUR_MS) } : row)), closedUntil: toIso(closedUntilMs) }
    },
  }
  const peer: Peer = <C extends Contract>(_contract: C) => createLocalClient<Contract>(eventsContract, api as Api<Contract>) as Api<C>
  return {
    peer,
    calls,
    /** Adds rows to the hour that holds `atMs`. */
    async land(type: string, atMs: number, plays: Play[]): Promise<void> {
      files += 1
      const hour = toIsoHour(atMs)
      const key = `events/${type}/day=${hour.slice(0, 10)}/hour=${hour.slice(11)}-0-${files}-${files + plays.length}.parquet`
      const values = plays.map((play, index) => `('${files}-${index}', '${play.userId}', TIMESTAMP '${toIso(atMs).slice(0, 19)}', '${play.trackId}', CAST(${play.playedMs} AS BIGINT))`)
      const staged = await objects.stage(key, ctx)
      await analytics.writeParquet(`SELECT * FROM (VALUES ${values.join(', ')}) AS t(id, userId, occurredAt, trackId, playedMs)`, staged.path, {}, ctx)
      await staged.publish()
      const startMs = Date.parse(`${hour}:00:00Z`)
      const of = buckets.get(type) ?? new Map<number, BucketRow>()
      const old = of.get(startMs)
      of.set(startMs, { hour, state: 'open', rows: (old?.rows ?? 0) + plays.length, late: 0, version: `v${files}`, files: [...(old?.files ?? []), key], closedAt: null })
      buckets.set(type, of)
    },
    /** Retention takes the files of all hours before; the hours stay. */
    async expire(type: string, untilMs: number): Promise<void> {
      for (const [startMs, row] of buckets.get(type) ?? []) {
        if (startMs >= untilMs) continue
        for (const key of row.files) await objects.delete(key, ctx)
        row.files = []
      }
    },
    closeUntil(epochMs: number): void {
      closedUntilMs = epochMs
    },
  }
}

function toTypeRow(type: string): TypeRow {
  return {
    type,
    version: '1-0-0',
    versions: ['1-0-0'],
    owner: 'squad-playback',
    slo: 'gold',
    retention: '90d',
    description: '',
    schema: {},
    ratePerHour: 0,
    lastEventAt: null,
    state: 'healthy',
    landingLagMs: 0,
    columns: [...ENVELOPE, { name: 'trackId', type: 'string', personal: 'none' }, { name: 'playedMs', type: 'integer', personal: 'none' }],
  }
}
