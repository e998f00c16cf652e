// Requests as the SDK sends them: plays of about 300 bytes with ids of their own, the same for the same seed.
import type { EventTypeDefinition } from '@rondo/events/contract'
import { createIds } from '@rondo/ids'
import { createRandom } from '@rondo/random'

export type Form = 'ndjson' | 'array'

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
    const events = Array.from({ length: batchEvents }, () => {
      const track = random.int(50_000)
      const trackMs = 120_000 + random.int(180_000)
      return JSON.stringify({
        id: ids.next(),
        type: 'track-played',
        version: '1-0-0',
        occurredAt: new Date(START_MS - random.int(60_000)).toISOString(),
        userId: `listener-${random.int(20_000)}`,
        properties: { trackId: `track-${track}`, artistId: `artist-${track % 4000}`, trackMs, playedMs: random.int(trackMs), source: SOURCES[random.int(SOURCES.length)], listId: '2026-09-21', position: 1 + random.int(30) },
      })
    })
    return Buffer.from(form === 'array' ? `[${events.join(',')}]` : events.join('\n'))
  })
}
