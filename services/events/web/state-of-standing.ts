// The state of a type, by the ways in which it breaks its promise.
import type { Standing } from '@rondo/events/contract'
import type { StateWord } from '@rondo/ui'

export type Trouble = { state: StateWord; message: string; hurts: string }

/** The worst way in which a type breaks its promise; else its state. */
export function stateOfStanding({ misses, state }: Pick<Standing, 'misses' | 'state'>): StateWord {
  if (misses.includes('broken') || misses.includes('incomplete')) return 'failed'
  if (misses.includes('late')) return 'late'
  if (misses.includes('silent')) return 'silent'
  return misses.includes('bad') ? 'warned' : state
}
