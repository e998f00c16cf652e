// A process that sends and lands without pause until it is killed: `node send-until-killed.ts FOLDER FIRST_BATCH`; says "ack N" for each batch.
import { createManualClock, MINUTE_MS } from '@rondo/time'
import { START_MS, fewIds, openHouse, play, plainSearch, trackPlayed, ctx } from './events-house.ts'

export const BATCH_EVENTS = 20
const IN_FLIGHT = 4

/** Every batch: plays and a search of its own, one play twice, one that is dead in every second batch; the others are plain as a whole. */
export function makeBatch(batch: number): object[] {
  const plays = Array.from({ length: BATCH_EVENTS - 3 }, (_, i) => play(`p${batch}-${i}`, `u${i}`))
  const all = [...plays, plays[0] as object, { id: `s${batch}`, type: 'search-made', properties: { query: 'q' } }]
  return batch % 2 === 0 ? all : [...all, play(`d${batch}`, 'u', undefined, { playedMs: -1 })]
}

if (process.argv[1] === import.meta.filename) {
  const [, , folder = '', first = '0'] = process.argv
  let next = Number(first)
  const clock = createManualClock(START_MS + next * 2 * MINUTE_MS)
  const house = await openHouse(folder, clock, { ids: fewIds(folder) })
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.api.putType({ type: 'search-made', body: plainSearch }, ctx)
  const send = async (): Promise<void> => {
    for (;;) {
      const batch = next
      next += 1
      clock.advance(2 * MINUTE_MS)
      await house.send(makeBatch(batch))
      process.stdout.write(`ack ${batch}\n`)
    }
  }
  const land = async (): Promise<void> => {
    for (;;) {
      await house.settle()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await Promise.all([land(), ...Array.from({ length: IN_FLIGHT }, send)])
}
