// A type's state in the one vocabulary, with how long or why where that says more than the word.
import type { TypeRow } from '@rondo/events/contract'
import { formatAge, StateGlyph, toMs, type StateWord } from '@rondo/ui'

export type Trouble = { state: StateWord; message: string; hurts: string }

/** What a pulse says of a subject wins: it also knows of dead letters and broken landings. */
export function stateOf(row: TypeRow, trouble: Trouble | undefined): StateWord {
  return trouble?.state ?? row.state
}

export function TypeState({ row, trouble, now, still = true }: { row: TypeRow; trouble?: Trouble | undefined; now: number; still?: boolean }) {
  const state = stateOf(row, trouble)
  const last = toMs(row.lastEventAt)
  const label = state === 'silent' && last !== null ? `Silent ${formatAge(now - last)}` : state === 'late' ? `Late ${formatAge(row.landingLagMs)}` : state === 'warned' ? 'Dead over promise' : row.retiredAt !== undefined ? 'No longer defined' : undefined
  const word = label ?? state.charAt(0).toUpperCase() + state.slice(1)
  return <StateGlyph state={state} still={still} label={trouble === undefined ? word : <span title={trouble.message}>{word}</span>} />
}
