// Plays that came from weekly lists, hour by hour: the notes of this room's staff.
import type { Ctx } from '@rondo/context'
import type { KeyValue } from '@rondo/key-value'
import { startOfHour, toIsoHour } from '@rondo/time'
import type { Act } from '../domain/act.ts'
import { openEpochMap } from '../store/epoch-map.ts'

/** Five weeks. */
const KEPT_HOURS = 840

export type PlayCounts = {
  readonly epoch: number
  add(act: Act): void
  /** Plays from lists within the hour that holds `epochMs`; undefined before the first hour that is known. */
  at(epochMs: number): number | undefined
  flush(epoch: number, ctx: Ctx): Promise<void>
}

export async function openPlayCounts(keyValue: KeyValue, ctx: Ctx): Promise<PlayCounts> {
  const hours = await openEpochMap<number>(keyValue, 'list-plays-by-hour', KEPT_HOURS, ctx)
  let first = [...hours.entries.keys()].sort()[0]
  return {
    get epoch() {
      return hours.epoch
    },
    add(act) {
      if (act.kind !== 'played' || act.list === undefined) return
      const hour = toIsoHour(startOfHour(act.occurredMs))
      hours.set(hour, (hours.entries.get(hour) ?? 0) + 1)
      if (first === undefined || hour < first) first = hour
    },
    at(epochMs) {
      const hour = toIsoHour(epochMs)
      return first === undefined || hour < first ? undefined : (hours.entries.get(hour) ?? 0)
    },
    flush: (epoch, ctx) => hours.flush(epoch, ctx),
  }
}
