// One turn of the loop: from the play that spoke for a recommendation to the play of the track it led to.
import type { Ctx } from '@rondo/context'
import type { KeyValue } from '@rondo/key-value'
import { WEEK_MS, startOfWeek, toIsoDate } from '@rondo/time'
import type { Act } from '../domain/listener.ts'
import type { Shelf } from '../contract.ts'
import { decode, encode } from '../store/json.ts'
import type { ListStore } from '../store/list-store.ts'
import { scanAll } from '../store/listener-store.ts'

/** Instants of one turn, epoch ms: the causing play, its data published, the list made, the play it led to. */
type Turn = [causeMs: number, dataMs: number, madeMs: number, playMs: number]

/** A week keeps the first so many turns; the count goes on. */
const SAMPLE = 2_000
const KEPT_WEEKS = 8

type Week = { plays: number; sample: Turn[] }

export type TurnReport = { medianMs: number | null; previousMs: number | null; plays: number; parts: { name: string; ms: number }[] }

export type Turns = {
  add(user: string, act: Act, ctx: Ctx): Promise<void>
  /** Of the week that holds `nowMs`, or of the last one that has any. */
  report(nowMs: number): TurnReport
  flush(ctx: Ctx): Promise<void>
}

export async function openTurns(keyValue: KeyValue, lists: ListStore, ctx: Ctx): Promise<Turns> {
  const weeks = new Map((await scanAll(keyValue, 'turns', '', ctx)).map((entry) => [entry.sort, decode<Week>(entry.value)]))
  const dirty = new Set<string>()
  return {
    async add(user, act, ctx) {
      const [week, shelf] = (act.list ?? '').split('/')
      if (week === undefined || shelf !== 'discover-weekly') return
      const list = await lists.find(user, week, shelf satisfies Shelf, ctx)
      const because = list?.tracks.find((track) => track.trackId === act.trackId)?.reason.becauseOf
      if (list === undefined || because === undefined) return
      const key = toIsoDate(startOfWeek(act.occurredMs))
      const entry = weeks.get(key) ?? { plays: 0, sample: [] }
      entry.plays += 1
      if (entry.sample.length < SAMPLE) entry.sample.push([Date.parse(because.occurredAt), list.dataMs, list.madeMs, act.occurredMs])
      weeks.set(key, entry)
      dirty.add(key)
    },
    report(nowMs) {
      const thisWeek = toIsoDate(startOfWeek(nowMs))
      const names = [...weeks.keys()].filter((week) => week <= thisWeek).sort()
      const current = names.at(-1)
      const week = current === undefined ? undefined : weeks.get(current)
      if (current === undefined || week === undefined) return { medianMs: null, previousMs: null, plays: 0, parts: [] }
      const previous = weeks.get(toIsoDate(Date.parse(current) - WEEK_MS))
      return {
        medianMs: computeMedian(week.sample.map(([cause, , , play]) => play - cause)),
        previousMs: previous === undefined ? null : computeMedian(previous.sample.map(([cause, , , play]) => play - cause)),
        plays: week.plays,
        parts: [
          { name: 'Listen to Datasets', ms: computeMedian(week.sample.map(([cause, data]) => Math.max(0, data - cause))) ?? 0 },
          { name: 'Datasets to Recommendations', ms: computeMedian(week.sample.map(([, data, made]) => Math.max(0, made - data))) ?? 0 },
          { name: 'Recommendations to Listen', ms: computeMedian(week.sample.map(([, , made, play]) => Math.max(0, play - made))) ?? 0 },
        ],
      }
    },
    async flush(ctx) {
      await keyValue.putMany([...dirty].map((week) => ({ partition: 'turns', sort: week, value: encode(weeks.get(week)) })), {}, ctx)
      dirty.clear()
      const old = [...weeks.keys()].sort().slice(0, Math.max(0, weeks.size - KEPT_WEEKS))
      await keyValue.deleteMany(old.map((week) => ({ partition: 'turns', sort: week })), ctx)
      for (const week of old) weeks.delete(week)
    },
  }
}

function computeMedian(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}
