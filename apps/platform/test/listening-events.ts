// Seeded listening on our own wire: some of it wrong, some of it sent twice, as clients do.
import { writeFile } from 'node:fs/promises'
import { createRandom } from '@rondo/random'

export type ListeningEvent = { id: string; type: string; version: string; occurredAt: string; userId: string; properties: Record<string, unknown> }

export type Listening = {
  /** The instant after the last event, epoch ms. */
  untilMs: number
  /** In the order of sending. */
  events: ListeningEvent[]
  /** Ids that must be delivered, by type. */
  good: Map<string, Set<string>>
  /** Ids that no schema takes. */
  dead: Set<string>
}

const TYPES = ['track-played', 'track-played', 'track-played', 'track-skipped', 'track-saved', 'playlist-added'] as const
const SOURCES = ['discover-weekly', 'popularity', 'search', 'library', 'radio'] as const
const DEAD_SHARE = 0.01
const TWICE_SHARE = 0.02

/** `count` events of which about 2 % come twice and 1 % are wrong. The same seed gives the same events. */
export function makeListening(options: { seed: string; count: number; occurredAtMs: number; users?: number; tracks?: number }): Listening {
  const random = createRandom(options.seed)
  const listening: Listening = { untilMs: options.occurredAtMs, events: [], good: new Map(), dead: new Set() }
  while (listening.events.length < options.count) {
    const i = listening.events.length
    const earlier = listening.events[random.int(Math.max(1, i))]
    if (earlier !== undefined && random.next() < TWICE_SHARE) {
      listening.events.push(earlier)
      continue
    }
    const type = TYPES[random.int(TYPES.length)] ?? 'track-played'
    const isDead = random.next() < DEAD_SHARE
    const track = random.int(options.tracks ?? 400)
    const id = `${options.seed}-${i}`
    const properties = {
      ...{ trackId: `track-${track}`, artistId: `artist-${track % 60}`, source: SOURCES[random.int(SOURCES.length)] },
      ...(type === 'playlist-added' ? { playlistId: `list-${random.int(50)}` } : {}),
      ...(type === 'track-played' || type === 'track-skipped' ? { trackMs: 200_000, playedMs: type === 'track-played' ? 150_000 + random.int(50_000) : random.int(60_000) } : {}),
      ...(isDead ? { source: 'nowhere' } : {}),
    }
    listening.events.push({ id, type, version: '1-0-0', occurredAt: new Date(options.occurredAtMs - random.int(86_400_000)).toISOString(), userId: `user-${random.int(options.users ?? 200)}`, properties })
    if (isDead) listening.dead.add(id)
    else listening.good.set(type, (listening.good.get(type) ?? new Set()).add(id))
  }
  return listening
}

/** One event a line, as `rondo import json` takes them. */
export function writeListening(file: string, { events }: Listening): Promise<void> {
  return writeFile(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
}
