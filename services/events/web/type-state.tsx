// A type's state in the one vocabulary, with how long or why where that says more than the word.
import type { Standing, TypeRow } from '@rondo/events/contract'
import { formatAge, StateGlyph, toMs, type StateWord } from '@rondo/ui'
import { stateOfStanding, type Trouble } from './state-of-standing.ts'

type Stated = Pick<TypeRow, 'state' | 'lastEventAt' | 'landingLagMs' | 'retiredAt'> & Partial<Pick<Standing, 'misses'>>

export function TypeState({ row, trouble, now, still = true }: { row: Stated; trouble?: Trouble | undefined; now: number; still?: boolean }) {
  const state = trouble?.state ?? stateOfStanding({ misses: [], ...row })
  const last = toMs(row.lastEventAt)
  const word = sayState(state, last === null ? null : now - last, row)
  return <StateGlyph state={state} still={still} label={trouble === undefined ? word : <span title={trouble.message}>{word}</span>} />
}

function sayState(state: StateWord, quietMs: number | null, { landingLagMs, retiredAt, misses = [], state: broken }: Stated): string {
  if (state === 'silent' && quietMs !== null) return `Silent ${formatAge(quietMs)}`
  if (state === 'late') return `Late ${formatAge(landingLagMs)}`
  if (state === 'warned') return 'Dead over promise'
  if (state === 'failed') return misses.includes('incomplete') || broken !== 'warned' ? 'Incomplete' : 'Does not land'
  return retiredAt === undefined ? `${state.charAt(0).toUpperCase()}${state.slice(1)}` : 'No longer defined'
}
