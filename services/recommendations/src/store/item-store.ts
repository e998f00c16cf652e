// The catalogue of items, as `track-released` events tell it: kept in the key-value store and whole in memory.
import type { Ctx } from '@rondo/context'
import type { KeyValue } from '@rondo/key-value'
import type { Item } from '../contract.ts'
import { decode, encode } from './json.ts'
import { scanAll } from './listener-store.ts'

export type ReleasedItem = Item & { releasedMs: number }

export type ItemStore = {
  find(trackId: string): ReleasedItem | undefined
  /** Known items, and for tracks that are only known from plays an item that carries its id as title. */
  get(trackId: string, artistId?: string): Item
  readonly size: number
  /** Released at or after an instant, newest first. */
  released(sinceMs: number): Iterable<ReleasedItem>
  putMany(items: ReleasedItem[], ctx: Ctx): Promise<void>
}

export async function openItemStore(keyValue: KeyValue, ctx: Ctx): Promise<ItemStore> {
  const items = new Map<string, ReleasedItem>()
  for (const entry of await scanAll(keyValue, 'items', '', ctx)) items.set(entry.sort, decode<ReleasedItem>(entry.value))
  let byRelease = sortByRelease(items)
  return {
    find: (trackId) => items.get(trackId),
    get: (trackId, artistId = '') => items.get(trackId) ?? { trackId, title: trackId, artistId: artistId === '' ? trackId : artistId, artistName: artistId, genre: 'unknown' },
    get size() {
      return items.size
    },
    *released(sinceMs) {
      for (let i = byRelease.length - 1; i >= 0; i -= 1) {
        const item = byRelease[i]
        if (item === undefined || item.releasedMs < sinceMs) return
        yield item
      }
    },
    async putMany(released, ctx) {
      await keyValue.putMany(released.map((item) => ({ partition: 'items', sort: item.trackId, value: encode(item) })), {}, ctx)
      for (const item of released) items.set(item.trackId, item)
      byRelease = sortByRelease(items)
    },
  }
}

function sortByRelease(items: Map<string, ReleasedItem>): ReleasedItem[] {
  return [...items.values()].sort((a, b) => a.releasedMs - b.releasedMs)
}
