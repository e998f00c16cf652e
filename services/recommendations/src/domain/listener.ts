// What the room knows of one listener: every track touched, with its signed score, and how weekly lists went.
import type { Outcome, Shelf } from '../contract.ts'

/** One track in a listener's hands. `lastMs` is the instant of the last act, epoch ms. */
export type Touch = { artistId: string; score: number; plays: number; finished: number; skips: number; saved: boolean; lastMs: number }

export type Act = { kind: 'played' | 'skipped' | 'saved' | 'added'; trackId: string; artistId: string; occurredMs: number; share: number; plays: number; list?: string }

export type Listener = {
  user: string
  plays: number
  saves: number
  firstMs: number
  lastMs: number
  touches: Record<string, Touch>
  /** The newest acts, newest last. */
  recent: { trackId: string; act: 'played' | 'skipped' | 'saved'; occurredMs: number }[]
  /** "2026-09-21/discover-weekly" → track → what came of it. */
  lists: Record<string, Record<string, Outcome>>
  /** Per event type: the batch that touched this listener last, and how many of its events were counted. */
  applied: Record<string, { after: string; count: number }>
}

const RECENT = 60
const KEPT_LISTS = 16
/** A track counts as heard to the end from this share on. */
export const COMPLETE_SHARE = 0.8
const IMMEDIATE_SKIP_MS = 30_000

/** Weights of one act: complete 1, partial 0.5, save 2.5, playlist 2, skip -0.8, immediate skip -1.5. */
export function computeActWeight(act: Pick<Act, 'kind' | 'share' | 'plays'> & { playedMs: number }): number {
  if (act.kind === 'saved') return 2.5
  if (act.kind === 'added') return 2
  if (act.kind === 'skipped') return act.playedMs < IMMEDIATE_SKIP_MS ? -1.5 : -0.8
  return (act.share >= COMPLETE_SHARE ? 1 : 0.5) * act.plays
}

export function createListener(user: string): Listener {
  return { user, plays: 0, saves: 0, firstMs: 0, lastMs: 0, touches: {}, recent: [], lists: {}, applied: {} }
}

/** Adds one act in place. */
export function applyAct(listener: Listener, act: Act, weight: number): void {
  const touch = (listener.touches[act.trackId] ??= { artistId: act.artistId, score: 0, plays: 0, finished: 0, skips: 0, saved: false, lastMs: 0 })
  touch.score += weight
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
  listener.recent.push({ trackId: act.trackId, act: act.kind === 'added' ? 'saved' : act.kind, occurredMs: act.occurredMs })
  if (listener.recent.length > RECENT) listener.recent.splice(0, listener.recent.length - RECENT)
  if (act.list !== undefined) noteOutcome(listener, act.list, act)
}

const RANK: Record<Outcome, number> = { waiting: 0, skipped: 1, played: 2, finished: 3, saved: 4 }

/** The best that came of a listed track stands: a save outweighs a play, a play a skip. */
function noteOutcome(listener: Listener, list: string, act: Act): void {
  const outcomes = (listener.lists[list] ??= {})
  const outcome: Outcome = act.kind === 'skipped' ? 'skipped' : act.kind === 'played' ? (act.share >= COMPLETE_SHARE ? 'finished' : 'played') : 'saved'
  if (RANK[outcome] > RANK[outcomes[act.trackId] ?? 'waiting']) outcomes[act.trackId] = outcome
  const names = Object.keys(listener.lists).sort()
  for (const old of names.slice(0, Math.max(0, names.length - KEPT_LISTS))) delete listener.lists[old]
}

export function toListKey(week: string, shelf: Shelf): string {
  return `${week}/${shelf}`
}
