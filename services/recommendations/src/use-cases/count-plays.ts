// Plays that came from weekly lists, hour by hour: the notes of this room's staff.
import type { Ctx } from '@rondo/context'
import type { KeyValue } from '@rondo/key-value'
import { startOfHour, toIsoHour } from '@rondo/time'
import type { Act } from '../domain/listener.ts'
import { decode, encode } from '../store/json.ts'
import { scanAll } from '../store/listener-store.ts'

/** About five weeks. */
const KEPT_HOURS = 840

export type PlayCounts = {
  add(act: Act): void
  /** Plays from lists within the hour that holds `epochMs`. */
  at(epochMs: number): number
  flush(ctx: Ctx): Promise<void>
}

export async function openPlayCounts(keyValue: KeyValue, ctx: Ctx): Promise<PlayCounts> {
  const counts = new Map((await scanAll(keyValue, 'list-plays', '', ctx)).map((entry) => [entry.sort, decode<number>(entry.value)]))
  const dirty = new Set<string>()
  return {
    add(act) {
      if (act.kind !== 'played' || act.list === undefined) return
      const hour = toIsoHour(startOfHour(act.occurredMs))
      counts.set(hour, (counts.get(hour) ?? 0) + 1)
      dirty.add(hour)
    },
    at: (epochMs) => counts.get(toIsoHour(epochMs)) ?? 0,
    async flush(ctx) {
      await keyValue.putMany([...dirty].map((hour) => ({ partition: 'list-plays', sort: hour, value: encode(counts.get(hour)) })), {}, ctx)
      dirty.clear()
      const old = [...counts.keys()].sort().slice(0, Math.max(0, counts.size - KEPT_HOURS))
      if (old.length === 0) return
      await keyValue.deleteMany(old.map((hour) => ({ partition: 'list-plays', sort: hour })), ctx)
      for (const hour of old) counts.delete(hour)
    },
  }
}
