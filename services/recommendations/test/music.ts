// What the tests listen to: the event types and datasets of the loop, and two groups of listeners with tracks of their own.
import type { EventTypeDefinition, WireEvent } from '@rondo/events/contract'
import type { DefinitionSet } from '@rondo/pipelines/contract'
import { createRandom } from '@rondo/random'
import { HOUR_MS, toIso } from '@rondo/time'

const text = { type: 'string', personal: 'none' }
const whole = { type: 'integer', minimum: 0, personal: 'none' }
const source = { type: 'string', enum: ['discover-weekly', 'popularity', 'search', 'library', 'radio', 'import'], personal: 'none' }

function defineType(name: string, properties: Record<string, object>, required: string[]): EventTypeDefinition {
  return { name, version: '1-0-0', owner: 'squad-world', slo: 'gold', retention: '365d', schema: { type: 'object', properties, required, additionalProperties: false } }
}

const heard = { trackId: text, artistId: text, trackMs: whole, playedMs: whole, source, listId: text, position: whole }
const kept = { trackId: text, artistId: text, source }

export const eventTypes: EventTypeDefinition[] = [
  defineType('track-released', { trackId: text, title: text, artistId: text, artistName: text, genre: text, trackMs: whole }, ['trackId']),
  defineType('track-played', { ...heard, plays: whole }, ['trackId', 'artistId']),
  defineType('track-skipped', heard, ['trackId', 'artistId']),
  defineType('track-saved', kept, ['trackId', 'artistId']),
  defineType('playlist-added', { ...kept, playlistId: text }, ['trackId', 'artistId']),
]

const narrow = { type: 'string', personal: 'narrow' } as const
const plain = { type: 'string', personal: 'none' } as const
const number = { type: 'number', personal: 'none' } as const

export const definitions: DefinitionSet = {
  endpoints: [
    { name: 'listening-daily', owner: 'squad-data', description: 'Scores by day.', partition: 'daily', key: ['userId', 'trackId'], retention: '365d', slo: { landsWithinMinutes: 120 }, columns: [{ name: 'userId', ...narrow }, { name: 'trackId', ...plain }, { name: 'score', ...number }] },
    { name: 'taste-weekly', owner: 'squad-discovery', description: 'Eight weeks.', partition: 'weekly', key: ['userId', 'trackId'], retention: '365d', slo: { landsWithinMinutes: 180 }, columns: [{ name: 'userId', ...narrow }, { name: 'trackId', ...plain }, { name: 'week', ...plain }, { name: 'score', ...number }] },
  ],
  pipelines: [
    {
      name: 'build-listening-daily', owner: 'squad-data', description: 'Folds acts.', output: 'listening-daily',
      inputs: { played: { endpoint: 'track-played' }, skipped: { endpoint: 'track-skipped' }, saved: { endpoint: 'track-saved' } },
      sql: `select userId, trackId, sum(score)::double as score from (
              select userId, trackId, coalesce(plays, 1) * 1.0 as score from played
              union all select userId, trackId, -1.5 from skipped
              union all select userId, trackId, 2.5 from saved
            ) where userId is not null group by userId, trackId`,
    },
    {
      name: 'build-taste-weekly', owner: 'squad-discovery', description: 'Sums eight weeks.', output: 'taste-weekly',
      inputs: { listening: { endpoint: 'listening-daily', partitions: { trailing: 56 } } },
      sql: `select userId, trackId, strftime($start::timestamp, '%Y-%m-%d') as week, sum(score)::double as score from listening group by userId, trackId`,
    },
  ],
}

/** Twelve artists a group with five tracks each: "a-00" to "a-59" and "b-00" to "b-59". */
const TRACKS = 60
const TRACKS_AN_ARTIST = 5
export const GROUPS = ['a', 'b'] as const
export const LISTENERS = 20

export function toTrack(group: string, number: number): { trackId: string; artistId: string } {
  return { trackId: `${group}-${String(number).padStart(2, '0')}`, artistId: `artist-${group}-${Math.floor(number / TRACKS_AN_ARTIST)}` }
}

/** The catalogue, out since 2011. */
export function makeReleases(): WireEvent[] {
  return GROUPS.flatMap((group) =>
    Array.from({ length: TRACKS }, (_, number) => {
      const { trackId, artistId } = toTrack(group, number)
      return { id: `released-${trackId}`, type: 'track-released', version: '1-0-0', occurredAt: '2011-05-01T00:00:00.000Z', properties: { trackId, artistId, title: `Title ${trackId}`, artistName: `Name of ${artistId}`, genre: group === 'a' ? 'ambient' : 'baroque', trackMs: 200_000 } }
    }),
  )
}

export function makePlay(id: string, user: string, trackId: string, occurredMs: number, properties: Record<string, unknown> = {}): WireEvent {
  const [group = 'a', number = '0'] = trackId.split('-')
  return { id, type: 'track-played', version: '1-0-0', occurredAt: toIso(occurredMs), userId: user, properties: { ...toTrack(group, Number(number)), trackMs: 200_000, playedMs: 190_000, source: 'library', ...properties } }
}

/** A day on which everybody plays four tracks of their own group, the same for the same day. */
export function makeListening(dayMs: number): WireEvent[] {
  const random = createRandom(`listening ${dayMs}`)
  return GROUPS.flatMap((group) =>
    Array.from({ length: LISTENERS }, (_, listener) =>
      Array.from({ length: 4 }, (_, play) => {
        const number = Math.floor(random.next() * TRACKS)
        return makePlay(`${dayMs}-${group}${listener}-${play}`, `listener-${group}${listener}`, toTrack(group, number).trackId, dayMs + (8 + play) * HOUR_MS)
      }),
    ).flat(),
  )
}
