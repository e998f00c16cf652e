// Who follows which type, and how far they have come: whoever reads on behind a cursor has done what lies before it.
//
// Positions are in memory and saved now and then: a crash takes readers back by what they asked for since, so that they see some events again and miss none. They hold back no retention; a reader that
// comes later than its type keeps events goes on at the oldest that is kept.
import type { Ctx } from '@rondo/context'
import type { Relational } from '@rondo/relational'
import { errors } from './errors.ts'
import { deleteReaderPosition, listReaderPositions, saveReaderPositions, type ReaderPosition } from './store/reader-store.ts'
import type { EventsDb } from './store/tables.ts'

export type Readers = {
  find(type: string, reader: string): ReaderPosition | undefined
  list(): ReaderPosition[]
  /** `reader` has done what lies before `offset`. Throws READERS_TOO_MANY. */
  move(position: ReaderPosition): void
  /** The same, durable once it resolves. */
  seek(position: ReaderPosition): Promise<void>
  /** False when there was none. */
  forget(type: string, reader: string): Promise<boolean>
  /** Saves what has moved; how many that were. */
  save(): Promise<number>
}

const MOST_READERS = 10_000

export async function openReaders({ relational, ctx }: { relational: Relational<EventsDb>; ctx: Ctx }): Promise<Readers> {
  const positions = new Map((await listReaderPositions(relational)).map((position) => [toKey(position.type, position.reader), position]))
  const moved = new Set<string>()
  const put = (position: ReaderPosition): void => {
    const key = toKey(position.type, position.reader)
    if (!positions.has(key) && positions.size >= MOST_READERS) throw errors.readersTooMany({ most: MOST_READERS })
    positions.set(key, position)
    moved.add(key)
  }
  const save = async (): Promise<number> => {
    const keys = [...moved]
    if (keys.length === 0) return 0
    moved.clear()
    try {
      await saveReaderPositions(relational, keys.flatMap((key) => positions.get(key) ?? []), ctx)
    } catch (error) {
      for (const key of keys) moved.add(key)
      throw error
    }
    return keys.length
  }
  return {
    find: (type, reader) => positions.get(toKey(type, reader)),
    list: () => [...positions.values()],
    move(position) {
      const known = positions.get(toKey(position.type, position.reader))
      if (known?.offset === position.offset) known.askedAtMs = position.askedAtMs
      else put(position)
    },
    async seek(position) {
      put(position)
      await save()
    },
    async forget(type, reader) {
      const key = toKey(type, reader)
      moved.delete(key)
      const isThere = positions.delete(key)
      if (isThere) await deleteReaderPosition(relational, type, reader, ctx)
      return isThere
    },
    save,
  }
}

function toKey(type: string, reader: string): string {
  return `${type}|${reader}`
}
