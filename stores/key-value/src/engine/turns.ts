// Work that would only race with itself, one after the other.
import { createSerial, type Limit } from '@rondo/async'
import type { Ctx } from '@rondo/context'

/** One after the other for each name. */
export function createTurns(): <T>(name: string, work: () => Promise<T>, ctx: Ctx) => Promise<T> {
  const turns = new Map<string, { serial: Limit; waiting: number }>()
  return async (name, work, ctx) => {
    const turn = turns.get(name) ?? { serial: createSerial(), waiting: 0 }
    turns.set(name, turn)
    turn.waiting += 1
    try {
      return await turn.serial(work, ctx)
    } finally {
      turn.waiting -= 1
      if (turn.waiting === 0) turns.delete(name)
    }
  }
}
