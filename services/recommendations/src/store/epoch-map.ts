// A partition that is whole in memory and written by epochs: see progress-store.ts.
import type { Ctx } from '@rondo/context'
import type { KeyValue } from '@rondo/key-value'
import { decode, encode } from './json.ts'
import { scanAll } from './scan-all.ts'

export type EpochMap<V> = {
  /** The last writing that this partition was part of. */
  readonly epoch: number
  readonly entries: ReadonlyMap<string, V>
  set(key: string, value: V): void
  /** Everything that was set since the last one, together with the epoch. Of the keys only the last ones in their order are kept. */
  flush(epoch: number, ctx: Ctx): Promise<void>
}

/** No hour and no week is called so. */
const EPOCH = 'epoch'

export async function openEpochMap<V>(keyValue: KeyValue, partition: string, keep: number, ctx: Ctx): Promise<EpochMap<V>> {
  const entries = new Map<string, V>()
  const changed = new Set<string>()
  let written = 0
  for (const { sort, value } of await scanAll(keyValue, partition, ctx)) {
    if (sort === EPOCH) written = decode<number>(value)
    else entries.set(sort, decode<V>(value))
  }
  return {
    get epoch() {
      return written
    },
    entries,
    set(key, value) {
      entries.set(key, value)
      changed.add(key)
    },
    async flush(epoch, ctx) {
      const old = entries.size <= keep ? [] : [...entries.keys()].sort().slice(0, entries.size - keep)
      await keyValue.putMany([{ partition, sort: EPOCH, value: encode(epoch) }, ...[...changed].map((key) => ({ partition, sort: key, value: encode(entries.get(key)) }))], {}, ctx)
      written = epoch
      changed.clear()
      await keyValue.deleteMany(old.map((key) => ({ partition, sort: key })), ctx)
      for (const key of old) entries.delete(key)
    },
  }
}
