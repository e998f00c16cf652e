// What the world does: events of the example workspace, by type.
import type { Source } from './response.ts'

type Heard = { trackId: string; artistId: string; trackMs: number; playedMs: number; source: Source; listId?: string; position?: number }

export type WorldEvents = {
  'track-played': Heard
  'track-skipped': Heard
  'track-saved': { trackId: string; artistId: string; source: Source }
  'playlist-added': { trackId: string; artistId: string; playlistId: string; source: Source }
  'search-made': { query: string; results: number }
  'track-released': { trackId: string; title: string; artistId: string; artistName: string; genre: string; trackMs: number }
}

/** One event on its way; releases have no user. */
export type Act = { id: string; type: keyof WorldEvents; occurredAt: string; atMs: number; userId?: string; properties: WorldEvents[keyof WorldEvents] }
