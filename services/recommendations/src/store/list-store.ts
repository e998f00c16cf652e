// Weekly lists: written once, the same all week.
import type { Ctx } from '@rondo/context'
import type { KeyValue } from '@rondo/key-value'
import type { Recommended, Shelf } from '../contract.ts'
import { toListKey } from '../domain/listener.ts'
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

export type ListStore = {
  find(user: string, week: string, shelf: Shelf, ctx: Ctx): Promise<StoredList | undefined>
  findMany(users: string[], week: string, shelf: Shelf, ctx: Ctx): Promise<(StoredList | undefined)[]>
  /** Newest week first. */
  listWeeks(user: string, limit: number, ctx: Ctx): Promise<StoredList[]>
  putMany(lists: StoredList[], ctx: Ctx): Promise<void>
}

export function createListStore(keyValue: KeyValue): ListStore {
  const toKey = (user: string, week: string, shelf: Shelf): { partition: string; sort: string } => ({ partition: `weekly/${user}`, sort: toListKey(week, shelf) })
  return {
    async find(user, week, shelf, ctx) {
      const bytes = await keyValue.get(toKey(user, week, shelf), ctx)
      return bytes === undefined ? undefined : decode<StoredList>(bytes)
    },
    async findMany(users, week, shelf, ctx) {
      const found = await keyValue.getMany(users.map((user) => toKey(user, week, shelf)), ctx)
      return found.map((bytes) => (bytes === undefined ? undefined : decode<StoredList>(bytes)))
    },
    async listWeeks(user, limit, ctx) {
      return (await keyValue.scan({ partition: `weekly/${user}`, limit, reverse: true }, ctx)).map((entry) => decode<StoredList>(entry.value))
    },
    putMany: (lists, ctx) => keyValue.putMany(lists.map((list) => ({ ...toKey(list.user, list.week, list.shelf), value: encode(list) })), {}, ctx),
  }
}
