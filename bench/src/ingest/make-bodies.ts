// Requests as SDKs send them: plays of about 363 bytes with ids of their own, the same for the same seed.
import type { EventTypeDefinition } from '@rondo/events/contract'
import { createIds, type Ids } from '@rondo/ids'
import { createRandom, type Random } from '@rondo/random'
import { toIso } from '@rondo/time'

/** `segment-library`: with the context that Segment's clients for servers send; `segment-page`: with one like a browser's, another in every event. */
export type Form = 'ndjson' | 'array' | 'segment' | 'segment-library' | 'segment-page'

/** What a body of each form says of itself, and where it is posted. */
export const FORMS: Record<Form | 'columns', { path: string; contentType: string }> = {
  ndjson: { path: '/v1/events', contentType: 'application/x-ndjson' },
  array: { path: '/v1/events', contentType: 'application/json' },
  segment: { path: '/v1/batch', contentType: 'application/json' },
  'segment-library': { path: '/v1/batch', contentType: 'application/json' },
  'segment-page': { path: '/v1/batch', contentType: 'application/json' },
  columns: { path: '/v1/events?type=track-played', contentType: 'application/vnd.apache.arrow.stream' },
}

export const WRITE_KEY = 'wk-bench'

export const START_MS = Date.parse('2026-09-21T09:00:00.000Z')
const SOURCES = ['discover-weekly', 'popularity', 'search', 'library', 'radio', 'import']

export const trackPlayed: EventTypeDefinition = {
  name: 'track-played',
  version: '1-0-0',
  owner: 'group:default/squad-playback',
  slo: 'gold',
  retention: '90d',
  schema: {
    type: 'object',
    properties: {
      trackId: { type: 'string', minLength: 1, maxLength: 64, personal: 'none' },
      artistId: { type: 'string', minLength: 1, maxLength: 64, personal: 'none' },
      trackMs: { type: 'integer', minimum: 0, personal: 'none' },
      playedMs: { type: 'integer', minimum: 0, personal: 'none' },
      source: { type: 'string', enum: SOURCES, personal: 'none' },
      listId: { type: 'string', maxLength: 64, personal: 'none' },
      position: { type: 'integer', minimum: 1, personal: 'none' },
    },
    required: ['trackId', 'artistId', 'trackMs', 'playedMs', 'source'],
    additionalProperties: false,
  },
}

export function makeBodies(form: Form, batches: number, batchEvents: number, seed: number): Buffer[] {
  const random = createRandom(seed + 1)
  const ids = createIds({ now: () => START_MS }, random)
  return Array.from({ length: batches }, () => {
    const events = Array.from({ length: batchEvents }, () => JSON.stringify(isSegment(form) ? toSegment(makeEvent(ids, random), form) : makeEvent(ids, random)))
    return Buffer.from(form === 'ndjson' ? events.join('\n') : form === 'array' ? `[${events.join(',')}]` : `{"batch":[${events.join(',')}],"sentAt":"${toIso(START_MS)}"}`)
  })
}

/** One play of the minute before `nowMs`, as columns are made of it too. */
export function makeEvent(ids: Ids, random: Random, nowMs = START_MS): Play {
  const track = random.int(50_000)
  const trackMs = 120_000 + random.int(180_000)
  const userId = random.int(20_000)
  return {
    id: ids.next(),
    type: trackPlayed.name,
    version: trackPlayed.version,
    occurredAt: toIso(nowMs - random.int(60_000)),
    userId: `listener-${userId}`,
    anonymousId: `01a0c331-8e80-70a6-b1c8-${String(userId).padStart(12, '0')}`,
    properties: { trackId: `track-${pad(track)}`, artistId: `artist-${pad(track % 4000)}`, trackMs, playedMs: random.int(trackMs), source: SOURCES[random.int(SOURCES.length)] as string, listId: '2026-09-21', position: 1 + random.int(30) },
  }
}

export type Play = {
  id: string
  type: string
  version: string
  occurredAt: string
  userId: string
  anonymousId: string
  properties: { trackId: string; artistId: string; trackMs: number; playedMs: number; source: string; listId: string; position: number }
}

export function isSegment(form: string): boolean {
  return form.startsWith('segment')
}

function toSegment({ id, occurredAt, userId, anonymousId, properties }: Play, form: Form): object {
  const message = { messageId: id, type: 'track', event: 'Track Played', timestamp: occurredAt, userId, anonymousId, properties }
  if (form === 'segment') return message
  const library = { name: '@segment/analytics-node', version: '3.1.0' }
  if (form === 'segment-library') return { ...message, integrations: {}, context: { library }, _metadata: { nodeVersion: 'v24.0.0', jsRuntime: 'node' } }
  const path = `/tracks/${properties.trackId}`
  return { ...message, integrations: {}, context: { library, locale: 'de-DE', page: { path, url: `https://music.example${path}`, title: properties.artistId } } }
}

function pad(id: number): string {
  return String(id).padStart(7, '0')
}
