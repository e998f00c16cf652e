// The catalogue of items, as `track-released` events tell it: kept in the key-value store and whole in memory.
import type { Ctx } from '@rondo/context'
import type { KeyValue } from '@rondo/key-value'
import type { Item } from '../contract.ts'
import { decode, encode } from './json.ts'
import { scanAll } from './scan-all.ts'

export type ReleasedItem = Item & { releasedMs: number }

export type ItemStore = {
  /** In the catalogue. */
  find(trackId: string): ReleasedItem | undefined
  /** What may be recommended: items of the catalogue; where nothing was ever released, every track that is known from plays. */
  findOffered(trackId: string): Item | undefined
  /** To name a track that was heard: one that is not in the catalogue has its id as title. */
  get(trackId: string, artistId?: string): Item
  readonly size: number
  /** Released at or after an instant, newest first. */
  released(sinceMs: number): Iterable<ReleasedItem>
  putMany(items: ReleasedItem[], ctx: Ctx): Promise<void>
}

export async function openItemStore(keyValue: KeyValue, ctx: Ctx): Promise<ItemStore> {
  const items = new Map<string, ReleasedItem>()
  for (const { sort, value } of await scanAll(keyValue, 'items', ctx)) items.set(sort, decode<ReleasedItem>(value))
  let newestFirst: ReleasedItem[] | undefined
  const toStandIn = (trackId: string, artistId = ''): Item => ({ trackId, title: trackId, artistId: artistId === '' ? trackId : artistId, artistName: artistId, genre: 'unknown' })
  return {
    find: (trackId) => items.get(trackId),
    findOffered: (trackId) => items.get(trackId) ?? (items.size === 0 ? toStandIn(trackId) : undefined),
    get: (trackId, artistId) => items.get(trackId) ?? toStandIn(trackId, artistId),
    get size() {
      return items.size
    },
    *released(sinceMs) {
      newestFirst ??= [...items.values()].sort((a, b) => b.releasedMs - a.releasedMs)
      for (const item of newestFirst) {
        if (item.releasedMs < sinceMs) return
        yield item
      }
    },
    async putMany(released, ctx) {
      await keyValue.putMany(released.map((item) => ({ partition: 'items', sort: item.trackId, value: encode(item) })), {}, ctx)
      for (const item of released) items.set(item.trackId, item)
      newestFirst = undefined
    },
  }
}
