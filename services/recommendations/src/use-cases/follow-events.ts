// Follows what listeners do and what is released, exactly once, so that answers know of everything up to now.
import type { Ctx } from '@rondo/context'
import { eventsContract, type EventRow } from '@rondo/events/contract'
import { HOUR_MS } from '@rondo/time'
import { applyAct, computeActWeight, toListKey, type Act } from '../domain/listener.ts'
import type { Shelf } from '../contract.ts'
import type { Parts } from '../parts.ts'

const ACT_TYPES: Record<string, Act['kind']> = { 'track-played': 'played', 'track-skipped': 'skipped', 'track-saved': 'saved', 'playlist-added': 'added' }
const RELEASED = 'track-released'
const BATCH = 5_000
/** State is written after so many acts, or when the clock has gone so far. */
const FLUSH_ACTS = 5_000
const FLUSH_MS = 6 * HOUR_MS

export type Follower = {
  /** One batch of each type; returns how many events were taken. */
  run(ctx: Ctx): Promise<number>
  /** Writes what is only in memory. */
  flush(ctx: Ctx): Promise<void>
}

export function createFollower(parts: Parts): Follower {
  const { listeners } = parts
  const types = [RELEASED, ...Object.keys(ACT_TYPES)]
  /** Where each type was read up to, and where it stood at the last flush. */
  const position = new Map<string, string>()
  const seenSinceFlush = new Map<string, Map<string, number>>(types.map((type) => [type, new Map()]))
  let unflushed = 0
  let flushedMs = parts.clock.now()

  const flush = async (ctx: Ctx): Promise<void> => {
    if (position.size === 0) return
    await listeners.flush(Object.fromEntries(position), ctx)
    await parts.turns.flush(ctx)
    await parts.playCounts.flush(ctx)
    for (const seen of seenSinceFlush.values()) seen.clear()
    unflushed = 0
    flushedMs = parts.clock.now()
  }

  const takeActs = async (type: string, kind: Act['kind'], rows: EventRow[], ctx: Ctx): Promise<void> => {
    const base = listeners.cursor(type) ?? ''
    const seen = seenSinceFlush.get(type) ?? new Map<string, number>()
    for (const row of rows) {
      const { userId } = row
      const trackId = row.properties['trackId']
      if (userId === null || typeof trackId !== 'string') continue
      const listener = await listeners.get(userId, ctx)
      const applied = listener.applied[type]
      const counted = applied?.after === base ? applied.count : 0
      const place = (seen.get(userId) ?? 0) + 1
      seen.set(userId, place)
      if (place <= counted) continue
      listener.applied[type] = { after: base, count: place }
      const act = toAct(kind, row, trackId)
      applyAct(listener, act, computeActWeight({ ...act, playedMs: toNumber(row.properties['playedMs']) }))
      listeners.touch(userId, trackId, act.list)
      parts.playCounts.add(act)
      if (act.kind === 'played' && act.list !== undefined) await parts.turns.add(userId, act, ctx)
    }
  }

  return {
    async run(ctx) {
      let taken = 0
      for (const type of types) {
        const after = position.get(type) ?? listeners.cursor(type)
        const page = await readPage(parts, type, after, ctx)
        if (page === undefined || page.rows.length === 0) continue
        const kind = ACT_TYPES[type]
        if (kind === undefined) await parts.items.putMany(page.rows.flatMap(toItem), ctx)
        else await takeActs(type, kind, page.rows, ctx)
        position.set(type, page.next)
        taken += page.rows.length
      }
      unflushed += taken
      if (unflushed >= FLUSH_ACTS || (unflushed > 0 && Math.abs(parts.clock.now() - flushedMs) >= FLUSH_MS)) await flush(ctx)
      return taken
    },
    flush,
  }
}

/** Undefined while the workspace has no such event type. */
async function readPage(parts: Parts, type: string, after: string | undefined, ctx: Ctx): Promise<{ rows: EventRow[]; next: string } | undefined> {
  try {
    return await parts.peer(eventsContract).readEvents({ type, order: 'asc', limit: BATCH, ...(after === undefined ? {} : { after }) }, ctx)
  } catch (thrown) {
    if (thrown instanceof Error && 'kind' in thrown && thrown.kind === 'not-found') return undefined
    throw thrown
  }
}

function toAct(kind: Act['kind'], row: EventRow, trackId: string): Act {
  const { artistId, trackMs, playedMs, plays, source, listId } = row.properties
  const length = toNumber(trackMs)
  const fromList = (source === 'discover-weekly' || source === 'popularity') && typeof listId === 'string'
  return {
    kind,
    trackId,
    artistId: typeof artistId === 'string' ? artistId : trackId,
    occurredMs: Date.parse(row.occurredAt),
    share: length > 0 ? toNumber(playedMs) / length : 1,
    plays: Math.max(1, toNumber(plays)),
    ...(fromList ? { list: toListKey(listId, source as Shelf) } : {}),
  }
}

function toItem(row: EventRow): { trackId: string; title: string; artistId: string; artistName: string; genre: string; releasedMs: number }[] {
  const { trackId, title, artistId, artistName, genre } = row.properties
  if (typeof trackId !== 'string') return []
  return [{ trackId, title: String(title), artistId: String(artistId), artistName: String(artistName), genre: String(genre), releasedMs: Date.parse(row.occurredAt) }]
}

function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
