// Seeded listening at the size of a small service: tastes in groups, tracks as popular as the square of a draw makes them.
import { createRandom } from '@rondo/random'

export type MadeListening = { users: string[]; tracks: { trackId: string; artistId: string; genre: string }[]; acts: { user: string; trackId: string; artistId: string }[] }

const GENRES = 12
const TRACKS_AN_ARTIST = 6

/** `acts` are distinct enough to give about as many pairs; four in five are within the listener's own genres. */
export function makeListening({ users, tracks, acts }: { users: number; tracks: number; acts: number }): MadeListening {
  const random = createRandom('bench/recommendations')
  const made: MadeListening = {
    users: Array.from({ length: users }, (_, i) => `listener-${String(i).padStart(5, '0')}`),
    tracks: Array.from({ length: tracks }, (_, i) => ({ trackId: `track-${i}`, artistId: `artist-${Math.floor(i / TRACKS_AN_ARTIST)}`, genre: `genre-${Math.floor(i / TRACKS_AN_ARTIST) % GENRES}` })),
    acts: [],
  }
  const byGenre = [...Map.groupBy(made.tracks, ({ genre }) => genre).values()]
  for (let i = 0; i < acts; i += 1) {
    const at = i % users
    const own = byGenre[(at + Math.floor(random.next() * 3)) % GENRES] ?? []
    const pool = random.next() < 0.8 ? own : made.tracks
    const track = pool[Math.floor(pool.length * random.next() ** 2)]
    if (track !== undefined) made.acts.push({ user: made.users[at] ?? '', trackId: track.trackId, artistId: track.artistId })
  }
  return made
}
