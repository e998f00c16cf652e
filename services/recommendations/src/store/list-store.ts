// Weekly lists: written once, the same all week.
import type { Ctx } from '@rondo/context'
import type { KeyValue } from '@rondo/key-value'
import { WEEK_MS } from '@rondo/time'
import type { Recommended, Shelf } from '../contract.ts'
import { toListKey } from '../domain/act.ts'
import { decode, encode } from './json.ts'

export type StoredList = {
  user: string
  week: string
  shelf: Shelf
  modelVersion: string
  madeMs: number
  /** When the data that the model learned from was published, epoch ms. */
  dataMs: number
  coldStart?: string
  tracks: Recommended[]
}

/** About 10 KB each, two a listener and week. */
const KEPT_MS = 26 * WEEK_MS

export type ListStore = {
  find(user: string, week: string, shelf: Shelf, ctx: Ctx): Promise<StoredList | undefined>
  /** In the order of `users`. */
  findMany(users: string[], week: string, shelf: Shelf, ctx: Ctx): Promise<(StoredList | undefined)[]>
  /** Newest week first. */
  listWeeks(user: string, limit: number, ctx: Ctx): Promise<StoredList[]>
  /** They are kept for half a year. */
  putMany(lists: StoredList[], ctx: Ctx): Promise<void>
}

export function createListStore(keyValue: KeyValue): ListStore {
  const toKey = (user: string, week: string, shelf: Shelf): { partition: string; sort: string } => ({ partition: `weekly/${user}`, sort: toListKey(week, shelf) })
  const findMany: ListStore['findMany'] = async (users, week, shelf, ctx) => {
    const found = await keyValue.getMany(users.map((user) => toKey(user, week, shelf)), ctx)
    return found.map((bytes) => (bytes === undefined ? undefined : decode<StoredList>(bytes)))
  }
  return {
    find: async (user, week, shelf, ctx) => (await findMany([user], week, shelf, ctx))[0],
    findMany,
    async listWeeks(user, limit, ctx) {
      return (await keyValue.scan({ partition: `weekly/${user}`, limit, reverse: true }, ctx)).map((entry) => decode<StoredList>(entry.value))
    },
    putMany: (lists, ctx) => keyValue.putMany(lists.map((list) => ({ ...toKey(list.user, list.week, list.shelf), value: encode(list) })), { ttlMs: KEPT_MS }, ctx),
  }
}
