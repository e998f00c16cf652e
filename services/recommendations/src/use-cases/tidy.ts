// Gives back the space of weekly lists that nobody asks for any more.
import type { Ctx } from '@rondo/context'
import type { KeyValue } from '@rondo/key-value'
import { WEEK_MS, type Clock } from '@rondo/time'
import { decode, encode } from '../store/json.ts'

/** It reads through the whole store, so seldom. */
const TIDY_EVERY_MS = 4 * WEEK_MS
const KEY = { partition: 'tidied', sort: 'period' }

/** Does its work once in four weeks of the clock, also across restarts; returns how many entries went. */
export async function openTidy(keyValue: KeyValue, clock: Clock, ctx: Ctx): Promise<(ctx: Ctx) => Promise<number>> {
  const toPeriod = (): number => Math.floor(clock.now() / TIDY_EVERY_MS)
  const bytes = await keyValue.get(KEY, ctx)
  let tidied = bytes === undefined ? toPeriod() : decode<number>(bytes)
  if (bytes === undefined) await keyValue.putMany([{ ...KEY, value: encode(tidied) }], {}, ctx)
  return async (ctx) => {
    const period = toPeriod()
    if (period === tidied) return 0
    const removed = await keyValue.removeExpired(ctx)
    await keyValue.putMany([{ ...KEY, value: encode(period) }], {}, ctx)
    tidied = period
    return removed
  }
}
