// One turn of the loop: from the play that spoke for a recommendation to the first play of the track it led to.
import type { Ctx } from '@rondo/context'
import type { KeyValue } from '@rondo/key-value'
import { WEEK_MS, startOfWeek, toIsoDate } from '@rondo/time'
import type { Act } from '../domain/act.ts'
import { openEpochMap } from '../store/epoch-map.ts'
import type { ListStore } from '../store/list-store.ts'

/** Instants of one turn, epoch ms: the causing play, its data published, the list made, the play it led to. */
type Turn = [causeMs: number, dataMs: number, madeMs: number, playMs: number]
export type Cause = { causeMs: number; dataMs: number; madeMs: number }

type Week = { plays: number; sample: Turn[] }

export type TurnReport = { week: string | null; medianMs: number | null; previousMs: number | null; plays: number; parts: { name: string; ms: number }[] }

export type Turns = {
  readonly epoch: number
  /** What spoke for the played track on its weekly list; undefined when no list held it, or no single track spoke for it. */
  findCause(act: Act, ctx: Ctx): Promise<Cause | undefined>
  add(act: Act, cause: Cause): void
  /** Of the last week up to `nowMs` with enough turns; while none has, of the last with any. */
  report(nowMs: number): TurnReport
  flush(epoch: number, ctx: Ctx): Promise<void>
}

/** A week keeps the first so many turns; the count goes on. */
const SAMPLE = 2_000
const KEPT_WEEKS = 8
/** A week of fewer turns says little: a Monday's first plays are the quickest, and one more moves the median. */
const ENOUGH_PLAYS = 30
/** Lists in memory, about 3 KB each: who plays one track of a list soon plays another. */
const KEPT_CAUSES = 2_000

export async function openTurns(keyValue: KeyValue, lists: ListStore, ctx: Ctx): Promise<Turns> {
  const weeks = await openEpochMap<Week>(keyValue, 'turns-by-week', KEPT_WEEKS, ctx)
  const causes = new Map<string, ReadonlyMap<string, Cause>>()

  /** A list never changes, so what was read of it stays true. */
  const readCauses = async (user: string, list: string, ctx: Ctx): Promise<ReadonlyMap<string, Cause> | undefined> => {
    const key = `${user}/${list}`
    const known = causes.get(key)
    if (known !== undefined) return known
    const stored = await lists.find(user, list.slice(0, 10), 'discover-weekly', ctx)
    if (stored === undefined) return undefined
    const { tracks, dataMs, madeMs } = stored
    const found = new Map(tracks.flatMap(({ trackId, reason }) => (reason.becauseOf === undefined ? [] : [[trackId, { causeMs: Date.parse(reason.becauseOf.occurredAt), dataMs, madeMs }] as const])))
    causes.set(key, found)
    for (const oldest of causes.keys()) {
      if (causes.size <= KEPT_CAUSES) break
      causes.delete(oldest)
    }
    return found
  }

  return {
    get epoch() {
      return weeks.epoch
    },
    async findCause(act, ctx) {
      if (act.kind !== 'played' || act.list?.endsWith('/discover-weekly') !== true) return undefined
      const cause = (await readCauses(act.user, act.list, ctx))?.get(act.trackId)
      return cause === undefined || cause.causeMs > act.occurredMs ? undefined : cause
    },
    add({ occurredMs }, { causeMs, dataMs, madeMs }) {
      const key = toIsoDate(startOfWeek(occurredMs))
      const { plays, sample } = weeks.entries.get(key) ?? { plays: 0, sample: [] }
      if (sample.length < SAMPLE) sample.push([causeMs, dataMs, madeMs, occurredMs])
      weeks.set(key, { plays: plays + 1, sample })
    },
    report(nowMs) {
      const thisWeek = toIsoDate(startOfWeek(nowMs))
      const known = [...weeks.entries].filter(([name]) => name <= thisWeek).sort(([a], [b]) => b.localeCompare(a))
      const [name, week] = known.find(([, { plays }]) => plays >= ENOUGH_PLAYS) ?? known[0] ?? []
      if (name === undefined || week === undefined) return { week: null, medianMs: null, previousMs: null, plays: 0, parts: [] }
      const previous = weeks.entries.get(toIsoDate(Date.parse(name) - WEEK_MS))
      return {
        week: name,
        medianMs: computeMedian(week.sample.map(toTurnMs)),
        previousMs: previous === undefined || previous.plays < ENOUGH_PLAYS ? null : computeMedian(previous.sample.map(toTurnMs)),
        plays: week.plays,
        parts: [
          { name: 'Listen to Datasets', ms: computeMedian(week.sample.map(([cause, data]) => Math.max(0, data - cause))) ?? 0 },
          { name: 'Datasets to Recommendations', ms: computeMedian(week.sample.map(([, data, made]) => Math.max(0, made - data))) ?? 0 },
          { name: 'Recommendations to Listen', ms: computeMedian(week.sample.map(([, , made, play]) => Math.max(0, play - made))) ?? 0 },
        ],
      }
    },
    flush: (epoch, ctx) => weeks.flush(epoch, ctx),
  }
}

function toTurnMs([cause, , , play]: Turn): number {
  return play - cause
}

function computeMedian(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}
