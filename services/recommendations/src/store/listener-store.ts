// Listeners in the key-value store: changed in memory, written together with the place in the log up to which they are true.
import type { Ctx } from '@rondo/context'
import type { Entry, KeyValue } from '@rondo/key-value'
import { createListener, type Listener, type Touch } from '../domain/listener.ts'
import type { Outcome } from '../contract.ts'
import { decode, encode } from './json.ts'

// partition              sort                value
// listener/<user>        head                Head
// listener/<user>        track/<trackId>     Touch
// listener/<user>        list/<week>/<shelf> outcomes
// summaries              <user>              Summary
// cursors                <event type>        cursor

type Head = Omit<Listener, 'touches' | 'lists'>
export type Summary = { user: string; plays: number; saves: number; tracksHeard: number; lastMs: number }

type Loaded = { listener: Listener; dirtyTracks: Set<string>; dirtyLists: Set<string>; dirty: boolean; known: Set<string> }

/** Clean listeners beyond this many are forgotten, the least lately used first. */
const KEPT_LISTENERS = 5_000
const PAGE = 1_000

export type ListenerStore = {
  get(user: string, ctx: Ctx): Promise<Listener>
  /** Says that `apply` just changed this track (and list) of a listener that `get` gave. */
  touch(user: string, trackId: string, list?: string): void
  findSummary(user: string): Summary | undefined
  summaries(): Iterable<Summary>
  cursor(type: string): string | undefined
  /** Everything dirty, then the cursors: a crash in between is healed by `Listener.applied`. */
  flush(cursors: Record<string, string>, ctx: Ctx): Promise<void>
}

export async function openListenerStore(keyValue: KeyValue, ctx: Ctx): Promise<ListenerStore> {
  const summaries = new Map<string, Summary>()
  for (const entry of await scanAll(keyValue, 'summaries', '', ctx)) summaries.set(entry.sort, decode<Summary>(entry.value))
  const cursors = new Map((await scanAll(keyValue, 'cursors', '', ctx)).map((entry) => [entry.sort, decode<string>(entry.value)]))
  const loaded = new Map<string, Loaded>()

  return {
    async get(user, ctx) {
      const known = loaded.get(user)
      if (known !== undefined) {
        loaded.delete(user)
        loaded.set(user, known)
        return known.listener
      }
      const listener = summaries.has(user) ? await load(keyValue, user, ctx) : createListener(user)
      const raced = loaded.get(user)
      if (raced !== undefined) return raced.listener
      loaded.set(user, { listener, dirtyTracks: new Set(), dirtyLists: new Set(), dirty: false, known: new Set(Object.keys(listener.touches)) })
      forgetClean(loaded)
      return listener
    },
    touch(user, trackId, list) {
      const one = loaded.get(user)
      if (one === undefined) return
      one.dirty = true
      one.dirtyTracks.add(trackId)
      if (list !== undefined) one.dirtyLists.add(list)
      const { listener } = one
      one.known.add(trackId)
      summaries.set(user, { user, plays: listener.plays, saves: listener.saves, tracksHeard: one.known.size, lastMs: listener.lastMs })
    },
    findSummary: (user) => summaries.get(user),
    summaries: () => summaries.values(),
    cursor: (type) => cursors.get(type),
    async flush(next, ctx) {
      const dirty = [...loaded.values()].filter((one) => one.dirty)
      for (const one of dirty) await keyValue.putMany(toEntries(one), {}, ctx)
      await keyValue.putMany(dirty.map(({ listener }) => ({ partition: 'summaries', sort: listener.user, value: encode(summaries.get(listener.user)) })), {}, ctx)
      await keyValue.putMany(Object.entries(next).map(([type, cursor]) => ({ partition: 'cursors', sort: type, value: encode(cursor) })), {}, ctx)
      for (const [type, cursor] of Object.entries(next)) cursors.set(type, cursor)
      for (const one of dirty) {
        one.dirty = false
        one.dirtyTracks.clear()
        one.dirtyLists.clear()
      }
      forgetClean(loaded)
    },
  }
}

function toEntries({ listener, dirtyTracks, dirtyLists }: Loaded): Entry[] {
  const { touches, lists, ...head } = listener
  const partition = `listener/${listener.user}`
  return [
    { partition, sort: 'head', value: encode(head) },
    ...[...dirtyTracks].map((trackId) => ({ partition, sort: `track/${trackId}`, value: encode(touches[trackId]) })),
    ...[...dirtyLists].filter((list) => lists[list] !== undefined).map((list) => ({ partition, sort: `list/${list}`, value: encode(lists[list]) })),
  ]
}

async function load(keyValue: KeyValue, user: string, ctx: Ctx): Promise<Listener> {
  const listener = createListener(user)
  for (const { sort, value } of await scanAll(keyValue, `listener/${user}`, '', ctx)) {
    if (sort === 'head') Object.assign(listener, decode<Head>(value))
    else if (sort.startsWith('track/')) listener.touches[sort.slice(6)] = decode<Touch>(value)
    else if (sort.startsWith('list/')) listener.lists[sort.slice(5)] = decode<Record<string, Outcome>>(value)
  }
  return listener
}

export async function scanAll(keyValue: KeyValue, partition: string, prefix: string, ctx: Ctx): Promise<Entry[]> {
  const entries: Entry[] = []
  for (;;) {
    const after = entries.at(-1)?.sort
    const page = await keyValue.scan({ partition, prefix, limit: PAGE, ...(after === undefined ? {} : { after }) }, ctx)
    entries.push(...page)
    if (page.length < PAGE) return entries
  }
}

function forgetClean(loaded: Map<string, Loaded>): void {
  if (loaded.size <= KEPT_LISTENERS) return
  for (const [user, one] of loaded) {
    if (loaded.size <= KEPT_LISTENERS) return
    if (!one.dirty) loaded.delete(user)
  }
}
