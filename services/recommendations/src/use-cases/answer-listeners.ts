// Answers about listeners: who there is, what one likes, how the lists went.
import type { Ctx } from '@rondo/context'
import { startOfWeek, toIso, toIsoDate } from '@rondo/time'
import type { Listener as ListenerRow, ListenerDetail } from '../contract.ts'
import { toListKey } from '../domain/act.ts'
import { countListPlays, type Listener } from '../domain/listener.ts'
import type { Parts } from '../parts.ts'
import type { StoredList } from '../store/list-store.ts'
import type { Summary } from '../store/listener-store.ts'
import { getModel, toPlainItem } from './answer-tracks.ts'
import { computeLikings } from './pick-tracks.ts'

const WEEKS_SHOWN = 10
const GENRES_SHOWN = 8

/** The latest active first, from summaries in memory: no listener is loaded. O(listeners log listeners). */
export function listUsers(parts: Parts, { q, limit }: { q?: string; limit: number }): { rows: ListenerRow[]; total: number } {
  const wanted = q?.toLowerCase()
  const found = [...parts.listeners.summaries()].filter(({ user }) => wanted === undefined || user.toLowerCase().includes(wanted))
  found.sort((a, b) => b.lastMs - a.lastMs || (a.user < b.user ? -1 : 1))
  const week = toIsoDate(startOfWeek(parts.clock.now()))
  return { rows: found.slice(0, limit).map((summary) => toRow(summary, summary.list?.week === week ? summary.list.played : 0)), total: found.length }
}

function toRow({ user, plays, saves, tracksHeard, lastMs }: Omit<Summary, 'list'>, listPlayed: number): ListenerRow {
  return { user, plays, saves, tracksHeard, lastEventAt: lastMs === 0 ? null : toIso(lastMs), listPlayed }
}

export async function getUser(parts: Parts, user: string, ctx: Ctx): Promise<ListenerDetail> {
  const nowMs = parts.clock.now()
  const listener = await parts.listeners.get(user, ctx)
  const { plays, saves, touches, firstMs, lastMs, lists, recent } = listener
  const stored = await parts.lists.listWeeks(user, WEEKS_SHOWN * 2, ctx)
  const model = await getModel(parts, ctx)
  return {
    ...toRow({ user, plays, saves, tracksHeard: touches.size, lastMs }, countListPlays(lists, toIsoDate(startOfWeek(nowMs)))),
    firstEventAt: firstMs === 0 ? null : toIso(firstMs),
    genres: [...computeLikings(parts, listener, nowMs).genres].map(([genre, share]) => ({ genre, share })).sort((a, b) => b.share - a.share).slice(0, GENRES_SHOWN),
    history: recent.toReversed().map(({ trackId, act, occurredMs }) => ({ ...toPlainItem(parts.items.get(trackId, touches.get(trackId)?.artistId)), act, occurredAt: toIso(occurredMs) })),
    weeks: stored.flatMap((list) => toWeek(listener, list)).slice(0, WEEKS_SHOWN),
    tasteAsOf: model === undefined ? null : toIso(model.row.data_ms),
  }
}

/** How a list went; a popularity list only counts as one when something of it was used. */
function toWeek(listener: Listener, { week, shelf, tracks, madeMs }: StoredList): ListenerDetail['weeks'] {
  const outcomes = listener.lists.get(toListKey(week, shelf))
  if (shelf === 'popularity' && outcomes === undefined) return []
  const went = tracks.map(({ trackId, artistId }) => ({ artistId, outcome: outcomes?.get(trackId) ?? 'waiting' }))
  const played = went.filter(({ outcome }) => outcome !== 'waiting' && outcome !== 'skipped')
  const knownArtists = new Set([...listener.touches.values()].filter(({ firstMs }) => firstMs < madeMs).map(({ artistId }) => artistId))
  return [
    {
      week,
      shelf,
      played: played.length,
      finished: played.filter(({ outcome }) => outcome !== 'played').length,
      saved: played.filter(({ outcome }) => outcome === 'saved').length,
      newArtists: new Set(played.map(({ artistId }) => artistId).filter((artistId) => !knownArtists.has(artistId))).size,
    },
  ]
}
