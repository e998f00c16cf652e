// Why a track is on a list, in words a listener would understand.
import { toIso } from '@rondo/time'
import type { Item, Reason } from '../contract.ts'
import type { Picked } from './make-list.ts'

/** A track that the listener liked. */
export type Heard = { trackId: string; lastMs: number; plays: number; finished: number; saved: boolean }

export type ExplainInput = {
  picked: Picked
  /** The liked track nearest to it in the model. */
  nearest: Heard | undefined
  /** How many listeners like the picked track. */
  listeners: number
  /** Whether the listener has liked anything by its artist. */
  likesArtist: boolean
  getItem(trackId: string): Item
}

/** From so many plays on, their number says more than that one was finished. */
const MANY_PLAYS = 3

/** Names the liked track that is nearest; else how many play it; else that it is new. */
export function explain({ picked, nearest, listeners, likesArtist, getItem }: ExplainInput): Reason {
  const { item, from } = picked
  if (from === 'fresh') return { kind: 'new', text: likesArtist ? `New from ${item.artistName}, whom you play` : `New in ${item.genre}, which you play often` }
  if (from === 'taste' && nearest !== undefined) {
    const cause = getItem(nearest.trackId)
    return { kind: 'similar', text: `You ${toDeed(nearest, toName(cause))}`, becauseOf: { trackId: cause.trackId, title: cause.title, occurredAt: toIso(nearest.lastMs) } }
  }
  if (listeners <= 1) return { kind: 'popular', text: 'Others have begun to play it, and you have not heard it' }
  return { kind: 'popular', text: `${listeners.toLocaleString('en-US')} listeners play it, and you have not heard it` }
}

/** "played “X” by Y 3 times" */
function toDeed({ plays, finished, saved }: Heard, name: string): string {
  if (plays >= MANY_PLAYS) return `played ${name} ${plays.toLocaleString('en-US')} times`
  if (saved) return `saved ${name}`
  return `${finished > 0 ? 'finished' : 'played'} ${name}`
}

/** Where artists are the items, as in imports of counts, one name is enough. */
function toName({ title, artistName }: Item): string {
  return artistName === '' || artistName === title ? `“${title}”` : `“${title}” by ${artistName}`
}
