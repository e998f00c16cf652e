// What the room knows of one listener: every track touched, with its signed score, and how weekly lists went.
import { DAY_MS } from '@rondo/time'
import type { Outcome } from '../contract.ts'
import { COMPLETE_SHARE, type Act } from './act.ts'

/** One track in a listener's hands. `score` is the signed sum of weights; instants are epoch ms of the first and last act. */
export type Touch = { artistId: string; score: number; plays: number; finished: number; skips: number; saved: boolean; firstMs: number; lastMs: number }

export type Recent = { trackId: string; act: 'played' | 'skipped' | 'saved'; occurredMs: number }

export type Listener = {
  user: string
  plays: number
  saves: number
  /** 0 before the first act. */
  firstMs: number
  lastMs: number
  touches: Map<string, Touch>
  /** The newest acts, newest last. */
  recent: Recent[]
  /** "2026-09-21/discover-weekly" → track → the best that came of it. */
  lists: Map<string, Map<string, Outcome>>
  /** The last writing that this listener was part of: what tells acts that are counted from acts that are not, after a crash. */
  epoch: number
}

const RECENT = 60
/** Ten weeks on both shelves, and some. */
const KEPT_LISTS = 24
const HALF_LIFE_DAYS = 28
const LEAST_DECAY = 0.1

export function createListener(user: string): Listener {
  return { user, plays: 0, saves: 0, firstMs: 0, lastMs: 0, touches: new Map(), recent: [], lists: new Map(), epoch: 0 }
}

/** Adds one act in place. The order of acts changes nothing but the last digits of `score`. */
export function applyAct(listener: Listener, act: Act, weight: number): void {
  const touch = listener.touches.get(act.trackId) ?? { artistId: act.artistId, score: 0, plays: 0, finished: 0, skips: 0, saved: false, firstMs: act.occurredMs, lastMs: act.occurredMs }
  listener.touches.set(act.trackId, touch)
  touch.score += weight
  touch.firstMs = Math.min(touch.firstMs, act.occurredMs)
  touch.lastMs = Math.max(touch.lastMs, act.occurredMs)
  if (act.kind === 'played') {
    touch.plays += act.plays
    listener.plays += act.plays
    if (act.share >= COMPLETE_SHARE) touch.finished += act.plays
  } else if (act.kind === 'skipped') touch.skips += 1
  else {
    touch.saved = true
    listener.saves += 1
  }
  listener.firstMs = listener.firstMs === 0 ? act.occurredMs : Math.min(listener.firstMs, act.occurredMs)
  listener.lastMs = Math.max(listener.lastMs, act.occurredMs)
  noteRecent(listener.recent, { trackId: act.trackId, act: act.kind === 'added' ? 'saved' : act.kind, occurredMs: act.occurredMs })
  if (act.list !== undefined) noteOutcome(listener, act.list, act)
}

/** The score as taste sees it now: half after 28 days, a tenth at least. The same as in the pipeline of taste-weekly. */
export function computeTaste({ score, lastMs }: Touch, nowMs: number): number {
  const days = Math.max(0, nowMs - lastMs) / DAY_MS
  return score * Math.max(LEAST_DECAY, 0.5 ** (days / HALF_LIFE_DAYS))
}

/** Lists beyond the newest few are forgotten. */
export function forgetOldLists(lists: Listener['lists']): void {
  if (lists.size <= KEPT_LISTS) return
  for (const old of [...lists.keys()].sort().slice(0, lists.size - KEPT_LISTS)) lists.delete(old)
}

/** How many tracks of a week's lists were played; a skip is no play. */
export function countListPlays(lists: Listener['lists'], week: string): number {
  let played = 0
  for (const [list, outcomes] of lists) {
    if (!list.startsWith(`${week}/`)) continue
    for (const outcome of outcomes.values()) if (outcome !== 'skipped') played += 1
  }
  return played
}

/** Types of events are read one after the other, so acts do not come in the order of time. */
function noteRecent(recent: Recent[], act: Recent): void {
  let at = recent.length
  while (at > 0 && (recent[at - 1]?.occurredMs ?? 0) > act.occurredMs) at -= 1
  recent.splice(at, 0, act)
  if (recent.length > RECENT) recent.shift()
}

const RANK: Record<Outcome, number> = { waiting: 0, skipped: 1, played: 2, finished: 3, saved: 4 }

/** The best that came of a listed track stands: a save outweighs a play, a play a skip. */
function noteOutcome({ lists }: Listener, list: string, act: Act): void {
  const outcomes = lists.get(list) ?? new Map<string, Outcome>()
  lists.set(list, outcomes)
  const outcome: Outcome = act.kind === 'skipped' ? 'skipped' : act.kind === 'played' ? (act.share >= COMPLETE_SHARE ? 'finished' : 'played') : 'saved'
  if (RANK[outcome] > RANK[outcomes.get(act.trackId) ?? 'waiting']) outcomes.set(act.trackId, outcome)
  forgetOldLists(lists)
}
