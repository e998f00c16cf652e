// Why a track is on a list, in words a listener would understand.
import { toIso } from '@rondo/time'
import type { Item, Reason } from '../contract.ts'
import type { Picked } from './make-list.ts'

export type Heard = { trackId: string; lastMs: number; plays: number; saved: boolean }

export type ExplainInput = {
  picked: Picked
  /** The heard track nearest to it in the model, if there is one that the listener liked. */
  nearest: Heard | undefined
  listeners: number
  findItem(trackId: string): Item | undefined
}

/** Names the heard track that spoke most for the pick; else how many play it; else that it is new. */
export function explain({ picked, nearest, listeners, findItem }: ExplainInput): Reason {
  const { item, from } = picked
  if (from === 'fresh') return { kind: 'new', text: `New this month in ${item.genre}, which you play often` }
  const cause = nearest === undefined ? undefined : findItem(nearest.trackId)
  if (from === 'taste' && nearest !== undefined && cause !== undefined) {
    const did = nearest.saved ? 'saved' : nearest.plays >= 3 ? `played ${nearest.plays.toLocaleString('en-US')} times` : 'finished'
    const by = cause.artistName === cause.title ? `“${cause.title}”` : `“${cause.title}” by ${cause.artistName}`
    return { kind: 'similar', text: `You ${did} ${by}`, becauseOf: { trackId: cause.trackId, title: cause.title, occurredAt: toIso(nearest.lastMs) } }
  }
  return { kind: 'popular', text: listeners <= 1 ? 'Others have begun to play it, and you have not heard it' : `${listeners.toLocaleString('en-US')} listeners play it, and you have not heard it` }
}
