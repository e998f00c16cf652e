// Listeners in the key-value store: changed in memory, written by epochs (see progress-store.ts).
import type { Ctx } from '@rondo/context'
import type { Entry, Key, KeyValue } from '@rondo/key-value'
import type { Outcome } from '../contract.ts'
import { countListPlays, createListener, forgetOldLists, type Listener, type Recent, type Touch } from '../domain/listener.ts'
import { decode, encode } from './json.ts'
import { scanAll } from './scan-all.ts'

// partition              sort                value
// heard/<user>           head                StoredHead
// heard/<user>           track/<trackId>     StoredTouch
// heard/<user>           list/<week>/<shelf> [track, outcome][]
// listeners              <user>              Summary

// Tuples: half of what is written would be names of fields.
type StoredTouch = [artistId: string, score: number, plays: number, finished: number, skips: number, saved: 0 | 1, firstMs: number, lastMs: number]
type StoredHead = Omit<Listener, 'touches' | 'lists' | 'recent'> & { recent: [trackId: string, act: Recent['act'], occurredMs: number][] }

/** What lists of listeners show, in memory for everybody: about 250 bytes each. `list` tells of the newest week that any list was played in. */
export type Summary = { user: string; plays: number; saves: number; tracksHeard: number; lastMs: number; list?: { week: string; played: number } }

type Loaded = { listener: Listener; changedTracks: Set<string>; changedLists: Set<string>; storedLists: Set<string> }

/** What was changed of a listener, so that only that is written. */
export type Change = { trackId: string; list?: string }

/** Listeners without changes are kept, the least lately used forgotten first, as long as they hold no more tracks than this: about 200 MB. */
const KEPT_TOUCHES = 1_000_000
const ENTRIES_A_WRITE = 2_000

export type ListenerStore = {
  /** To read. A name that nobody knows gives a listener who did nothing. */
  get(user: string, ctx: Ctx): Promise<Listener>
  /** `work` changes the listener at once, without waiting for anything, and says what; undefined when there was nothing to change. */
  change(user: string, work: (listener: Listener) => Change | undefined, ctx: Ctx): Promise<void>
  summaries(): Iterable<Summary>
  readonly size: number
  /** Writes every change under this epoch. Safe to repeat. */
  flush(epoch: number, ctx: Ctx): Promise<void>
}

export async function openListenerStore(keyValue: KeyValue, ctx: Ctx): Promise<ListenerStore> {
  const summaries = new Map<string, Summary>()
  for (const { sort, value } of await scanAll(keyValue, 'listeners', ctx)) summaries.set(sort, decode<Summary>(value))
  const changed = new Map<string, Loaded>()
  const clean = createCleanListeners()

  const open = async (user: string, ctx: Ctx): Promise<Loaded> => changed.get(user) ?? clean.find(user) ?? clean.add(user, await load(keyValue, user, ctx))

  return {
    get: async (user, ctx) => (await open(user, ctx)).listener,
    async change(user, work, ctx) {
      const found = await open(user, ctx)
      // While this waited, others may have loaded the same listener or had it forgotten.
      const one = changed.get(user) ?? clean.find(user) ?? found
      clean.remove(user)
      changed.set(user, one)
      const { listener, changedTracks, changedLists } = one
      const change = work(listener)
      if (change !== undefined) changedTracks.add(change.trackId)
      if (change?.list !== undefined) changedLists.add(change.list)
      summaries.set(user, toSummary(listener))
    },
    summaries: () => summaries.values(),
    get size() {
      return summaries.size
    },
    async flush(epoch, ctx) {
      let [entries, gone]: [Entry[], Key[]] = [[], []]
      const write = async (): Promise<void> => {
        await keyValue.putMany(entries, {}, ctx)
        await keyValue.deleteMany(gone, ctx)
        ;[entries, gone] = [[], []]
      }
      for (const [user, one] of changed) {
        one.listener.epoch = epoch
        entries.push(...toEntries(one), { partition: 'listeners', sort: user, value: encode(summaries.get(user)) })
        gone.push(...[...one.storedLists].filter((list) => !one.listener.lists.has(list)).map((list) => ({ partition: toPartition(user), sort: `list/${list}` })))
        if (entries.length >= ENTRIES_A_WRITE) await write()
      }
      await write()
      for (const [user, { listener }] of changed) clean.add(user, toLoaded(listener, listener.lists.keys()))
      changed.clear()
    },
  }
}

type CleanListeners = { find(user: string): Loaded | undefined; add(user: string, one: Loaded): Loaded; remove(user: string): void }

/** Least lately used first. */
function createCleanListeners(): CleanListeners {
  const kept = new Map<string, Loaded>()
  let touches = 0
  const remove = (user: string): void => {
    touches -= kept.get(user)?.listener.touches.size ?? 0
    kept.delete(user)
  }
  return {
    find(user) {
      const one = kept.get(user)
      if (one === undefined) return undefined
      kept.delete(user)
      kept.set(user, one)
      return one
    },
    add(user, one) {
      remove(user)
      kept.set(user, one)
      touches += one.listener.touches.size
      for (const old of kept.keys()) {
        if (touches <= KEPT_TOUCHES || old === user) break
        remove(old)
      }
      return one
    },
    remove,
  }
}

function toLoaded(listener: Listener, storedLists: Iterable<string>): Loaded {
  return { listener, changedTracks: new Set(), changedLists: new Set(), storedLists: new Set(storedLists) }
}

function toPartition(user: string): string {
  return `heard/${user}`
}

function toSummary({ user, plays, saves, touches, lastMs, lists }: Listener): Summary {
  const week = [...lists.keys()].reduce((newest, list) => (list > newest ? list : newest), '').split('/')[0] ?? ''
  return { user, plays, saves, tracksHeard: touches.size, lastMs, ...(week === '' ? {} : { list: { week, played: countListPlays(lists, week) } }) }
}

/** One partition in one call: a listener is seen whole, with its epoch, or as before. */
function toEntries({ listener, changedTracks, changedLists }: Loaded): Entry[] {
  const { touches, lists, recent, ...head } = listener
  const partition = toPartition(listener.user)
  const stored: StoredHead = { ...head, recent: recent.map(({ trackId, act, occurredMs }) => [trackId, act, occurredMs]) }
  const written: Entry[] = [{ partition, sort: 'head', value: encode(stored) }]
  for (const trackId of changedTracks) {
    const touch = touches.get(trackId)
    if (touch !== undefined) written.push({ partition, sort: `track/${trackId}`, value: encode(toStoredTouch(touch)) })
  }
  for (const list of changedLists) {
    const outcomes = lists.get(list)
    if (outcomes !== undefined) written.push({ partition, sort: `list/${list}`, value: encode([...outcomes]) })
  }
  return written
}

async function load(keyValue: KeyValue, user: string, ctx: Ctx): Promise<Loaded> {
  const listener = createListener(user)
  const stored: string[] = []
  for (const { sort, value } of await scanAll(keyValue, toPartition(user), ctx)) {
    if (sort === 'head') {
      const { recent, ...head } = decode<StoredHead>(value)
      Object.assign(listener, head, { recent: recent.map(([trackId, act, occurredMs]) => ({ trackId, act, occurredMs })) })
    } else if (sort.startsWith('track/')) listener.touches.set(sort.slice(6), fromStoredTouch(decode<StoredTouch>(value)))
    else if (sort.startsWith('list/')) {
      stored.push(sort.slice(5))
      listener.lists.set(sort.slice(5), new Map(decode<[string, Outcome][]>(value)))
    }
  }
  forgetOldLists(listener.lists)
  return toLoaded(listener, stored)
}

function toStoredTouch({ artistId, score, plays, finished, skips, saved, firstMs, lastMs }: Touch): StoredTouch {
  return [artistId, score, plays, finished, skips, saved ? 1 : 0, firstMs, lastMs]
}

function fromStoredTouch([artistId, score, plays, finished, skips, saved, firstMs, lastMs]: StoredTouch): Touch {
  return { artistId, score, plays, finished, skips, saved: saved === 1, firstMs, lastMs }
}
