// Follows what listeners do and what is released, exactly once, so that answers know of everything up to now.
import { createSerial } from '@rondo/async'
import type { Ctx } from '@rondo/context'
import { toAppError } from '@rondo/errors'
import { eventsContract, type EventRow } from '@rondo/events/contract'
import { DAY_MS } from '@rondo/time'
import { ACT_KINDS, computeActWeight, isName, readAct, type Act, type ActKind } from '../domain/act.ts'
import { applyAct } from '../domain/listener.ts'
import { discoverWeekly } from '../domain/model-definition.ts'
import type { Parts } from '../parts.ts'
import type { ReleasedItem } from '../store/item-store.ts'

export type Follower = {
  /** One batch of each type; returns how many events were taken. */
  run(ctx: Ctx): Promise<number>
  /** Rounds until nothing more has come. */
  catchUp(ctx: Ctx): Promise<void>
  /** Writes what is only in memory. */
  flush(ctx: Ctx): Promise<void>
  /** Events since the start, and those of them that told of no listener or no track. */
  readonly taken: { events: number; passedOver: number }
}

const TYPES = discoverWeekly.follows
const BATCH = 5_000
/** State is written after so many events: what a process that dies has to read again, in well under a second. Or when the clock has gone so far. */
const FLUSH_EVENTS = 20_000
const FLUSH_MS = DAY_MS

export function createFollower(parts: Parts): Follower {
  const { progress, listeners, turns, playCounts } = parts
  const serial = createSerial()
  const taken = { events: 0, passedOver: 0 }
  /** Where each type was read up to, and how many events since the last writing. */
  const positions = new Map(progress.cursors)
  const counts = new Map<string, number>()
  /** The writing that the last process did not finish: exactly its events are read first. */
  let replay = progress.pending
  /** A writing of this process began and failed: nothing is taken before it is done. */
  let isCutOff = false
  let writtenMs = parts.clock.now()

  const advance = (type: string, cursor: string, events: number): void => {
    positions.set(type, cursor)
    counts.set(type, (counts.get(type) ?? 0) + events)
    taken.events += events
  }

  // Turns and counts are written before listeners: a listener that carries the epoch proves that they do, too.
  const write = async (ctx: Ctx): Promise<void> => {
    const epoch = progress.epoch + 1
    await progress.begin(counts, ctx)
    isCutOff = true
    await turns.flush(epoch, ctx)
    await playCounts.flush(epoch, ctx)
    await listeners.flush(epoch, ctx)
    await progress.commit(positions, ctx)
    isCutOff = false
    replay = undefined
    counts.clear()
    writtenMs = parts.clock.now()
  }

  const takeAct = async (act: Act, ctx: Ctx): Promise<void> => {
    const epoch = progress.epoch + 1
    const cause = await turns.findCause(act, ctx)
    await listeners.change(
      act.user,
      (listener) => {
        if (listener.epoch === epoch) return undefined
        const isFirstPlay = (listener.touches.get(act.trackId)?.plays ?? 0) === 0
        applyAct(listener, act, computeActWeight(act))
        if (cause !== undefined && isFirstPlay && turns.epoch !== epoch) turns.add(act, cause)
        if (playCounts.epoch !== epoch) playCounts.add(act)
        return { trackId: act.trackId, ...(act.list === undefined ? {} : { list: act.list }) }
      },
      ctx,
    )
  }

  /** The place moves on with each act, so that a failure in between counts none twice. */
  const takeActs = async (type: string, kind: ActKind, rows: EventRow[], ctx: Ctx): Promise<void> => {
    for (const row of rows) {
      const act = readAct(kind, row)
      if (act === undefined) taken.passedOver += 1
      else await takeAct(act, ctx)
      advance(type, row.cursor, 1)
    }
  }

  const runRound = async (ctx: Ctx): Promise<number> => {
    if (isCutOff) await write(ctx)
    let events = 0
    for (const type of TYPES) {
      const limit = replay === undefined ? BATCH : Math.min(BATCH, (replay.get(type) ?? 0) - (counts.get(type) ?? 0))
      if (limit <= 0) continue
      const rows = await readPage(parts, type, positions.get(type), limit, ctx)
      const last = rows.at(-1)
      if (last === undefined) continue
      const kind = ACT_KINDS.get(type)
      if (kind !== undefined) await takeActs(type, kind, rows, ctx)
      else {
        await parts.items.putMany(rows.flatMap(toItem), ctx)
        advance(type, last.cursor, rows.length)
      }
      events += rows.length
    }
    if (replay !== undefined) {
      if (events > 0) return events
      await write(ctx)
      return 1
    }
    const unwritten = [...counts.values()].reduce((sum, count) => sum + count, 0)
    if (unwritten >= FLUSH_EVENTS || (unwritten > 0 && Math.abs(parts.clock.now() - writtenMs) >= FLUSH_MS)) await write(ctx)
    return events
  }

  const run = (ctx: Ctx): Promise<number> => serial(() => runRound(ctx))
  return {
    run,
    async catchUp(ctx) {
      while (!ctx.signal.aborted && (await run(ctx)) > 0) continue
    },
    /** While a replay is under way nothing new is known, and the announcement must stand as it is. */
    flush: (ctx) => serial(async () => (replay === undefined && (isCutOff || counts.size > 0) ? write(ctx) : undefined)),
    taken,
  }
}

/** Nothing while the workspace has no such event type. */
async function readPage(parts: Parts, type: string, after: string | undefined, limit: number, ctx: Ctx): Promise<EventRow[]> {
  try {
    return (await parts.peer(eventsContract).readEvents({ type, order: 'asc', limit, reader: 'recommendations', ...(after === undefined ? {} : { after }) }, ctx)).rows
  } catch (thrown) {
    if (toAppError(thrown).kind === 'not-found') return []
    throw thrown
  }
}

function toItem({ properties, occurredAt }: EventRow): ReleasedItem[] {
  const { trackId, title, artistId, artistName, genre } = properties
  if (!isName(trackId)) return []
  const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' && value !== '' ? value : otherwise)
  return [{ trackId, title: textOr(title, trackId), artistId: textOr(artistId, trackId), artistName: textOr(artistName, ''), genre: textOr(genre, 'unknown'), releasedMs: Date.parse(occurredAt) }]
}
