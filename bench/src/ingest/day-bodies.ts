// Bodies for a day of millions of events: made once an hour, and sent again with ids of their own, so that making them costs little beside what is measured.
import { createIds } from '@rondo/ids'
import type { Random } from '@rondo/random'
import { makeEvent } from './make-bodies.ts'

/** `trackMs`: of all its events together. */
export type DayBody = { body: Buffer; trackMs: number }

/** So many different bodies an hour. */
const POOL = 64
/** `{"id":"` and the fixed part of a UUID stand before the digits that count. */
const COUNT_AT = 7 + 24
const COUNT_DIGITS = 12

/** Gives the next body, of `batchEvents` events with ids that no other one has; it may be changed when `POOL` others were given. `begin` comes first. */
export function createDayBodies(batchEvents: number, random: Random): { begin(hourMs: number): void; next(): DayBody } {
  let pool: (DayBody & { counts: number[] })[] = []
  let sent = 0
  let given = 0
  return {
    begin(hourMs) {
      const ids = createIds({ now: () => hourMs }, random)
      pool = Array.from({ length: POOL }, () => {
        const events = Array.from({ length: batchEvents }, () => makeEvent(ids, random, hourMs + 60_000))
        const counts: number[] = []
        let at = 0
        const lines = events.map((event) => {
          const line = JSON.stringify(event)
          counts.push(at + COUNT_AT)
          at += line.length + 1
          return line
        })
        return { body: Buffer.from(lines.join('\n')), trackMs: events.reduce((sum, { properties }) => sum + properties.trackMs, 0), counts }
      })
    },
    next() {
      const one = pool[given++ % POOL]
      if (one === undefined) throw new Error('No hour has begun.')
      const { body, counts } = one
      for (const at of counts) {
        let left = sent++
        for (let digit = at + COUNT_DIGITS - 1; digit >= at; digit -= 1) {
          body[digit] = 48 + (left % 10)
          left = Math.floor(left / 10)
        }
      }
      return one
    },
  }
}
