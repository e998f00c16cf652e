// What scheduling costs: an idle round over 40 pipelines, an hour that ends no day, and a daily run beside the bare engine call.
import { createTempFolder } from '@rondo/testing'
import { DAY_MS, HOUR_MS, toIso } from '@rondo/time'
import type { DefinitionSet } from '../src/contract.ts'
import { castToColumns, toEngineColumns } from '../src/domain/column-types.ts'
import { typeParameters } from '../src/domain/sql-text.ts'
import { daily, fillDaily, fillWeekly, weekly } from '../test/listening-set.ts'
import { ctx, MONDAY_MS, openRoom, type TestRoom } from '../test/open-room.ts'

/** As bench/src/result.ts has it. */
type Row = { name: string; figure: string; reference?: string; ratio?: number; mark?: string; ok?: boolean }

const PIPELINES = 40
const IDLE_LIMIT_MS = 0.02
const HOUR_LIMIT_MS = 0.2
const OVERHEAD_LIMIT_MS = 10
const plays = Array.from({ length: 200 }, (_, index) => ({ userId: `u${index % 40}`, trackId: `t${index}`, playedMs: 1000 }))

/** `npm run bench -- pipelines`. */
export async function run({ small = false }: { small?: boolean } = {}): Promise<Row[]> {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  const idleMs = await measureIdle(room, small ? 2_000 : 20_000)
  const hourMs = await measureHours(room, small ? 1 : 5)
  const { bare, whole } = await measureDays(room, small ? 4 : 28)
  const overheadMs = whole.cpuMs - bare.cpuMs
  return [
    { name: `scheduler: idle round of ${PIPELINES} pipelines`, figure: `${(idleMs * 1000).toFixed(1)} µs`, mark: `≤ ${IDLE_LIMIT_MS * 1000} µs`, ok: idleMs <= IDLE_LIMIT_MS },
    { name: 'scheduler: hour that ends no day, closed hours asked for', figure: `${(hourMs * 1000).toFixed(0)} µs`, mark: `≤ ${HOUR_LIMIT_MS * 1000} µs`, ok: hourMs <= HOUR_LIMIT_MS },
    { name: 'scheduler: daily run of 24 files, CPU', figure: toMs(whole.cpuMs), reference: `the engine alone: ${toMs(bare.cpuMs)}`, ratio: whole.cpuMs / bare.cpuMs },
    { name: 'scheduler: what a run adds (checks, log, publication), CPU', figure: toMs(overheadMs), mark: `≤ ${OVERHEAD_LIMIT_MS} ms`, ok: overheadMs <= OVERHEAD_LIMIT_MS },
    { name: 'scheduler: daily run of 24 files, waited for', figure: toMs(whole.wallMs), reference: `the engine alone: ${toMs(bare.wallMs)}`, ratio: whole.wallMs / bare.wallMs },
  ]
}

/** 39 daily pipelines over one event type and one weekly over the first of them; the clock stands. Mean of a round, ms. */
async function measureIdle(room: TestRoom, rounds: number): Promise<number> {
  const nameOf = (index: number): string => (index === 0 ? daily.name : `${daily.name}-${index}`)
  const indexes = Array.from({ length: PIPELINES - 1 }, (_, index) => index)
  const many: DefinitionSet = {
    endpoints: [...indexes.map((index) => ({ ...daily, name: nameOf(index) })), weekly],
    pipelines: [...indexes.map((index) => ({ ...fillDaily, name: `${fillDaily.name}-${index}`, output: nameOf(index) })), fillWeekly],
  }
  await room.api.putDefinitions({ body: many }, ctx)
  await room.events.land('track-played', MONDAY_MS, plays)
  room.clock.moveTo(MONDAY_MS + DAY_MS)
  room.events.closeUntil(MONDAY_MS + DAY_MS)
  await room.settle()
  const began = performance.now()
  for (let at = 0; at < rounds; at += 1) await room.round()
  return (performance.now() - began) / rounds
}

/** The same pipelines, hour by hour; mean of the rounds in which nothing is due, ms. */
async function measureHours(room: TestRoom, days: number): Promise<number> {
  let [hours, totalMs] = [0, 0]
  for (let day = 1; day <= days; day += 1) {
    for (let hour = 0; hour < 24; hour += 1) {
      room.clock.moveTo(MONDAY_MS + day * DAY_MS + hour * HOUR_MS)
      room.events.closeUntil(room.clock.now())
      if (hour === 0) await room.settle()
      const began = performance.now()
      await room.round()
      totalMs += performance.now() - began
      hours += 1
    }
  }
  return totalMs / hours
}

type Cost = { wallMs: number; /** Of the whole process, the engine's threads included: what a busy machine does not blur. */ cpuMs: number }

/** One daily pipeline, a day of 24 hours at a time, in turns with the same SELECT straight to the engine. Medians. */
async function measureDays(room: TestRoom, days: number): Promise<{ bare: Cost; whole: Cost }> {
  await room.api.putDefinitions({ body: { endpoints: [daily, weekly], pipelines: [fillDaily, fillWeekly] } }, ctx)
  const [bare, whole]: [Cost[], Cost[]] = [[], []]
  for (let day = 7; day < 7 + days; day += 1) {
    const startMs = MONDAY_MS + day * DAY_MS
    for (let hour = 0; hour < 24; hour += 1) await room.events.land('track-played', startMs + hour * HOUR_MS, plays)
    room.clock.moveTo(startMs)
    room.events.closeUntil(startMs)
    await room.settle()
    room.clock.moveTo(startMs + DAY_MS)
    room.events.closeUntil(startMs + DAY_MS)
    const takeBare = async (): Promise<number> => bare.push(await measure(() => runBare(room, startMs)))
    const takeWhole = async (): Promise<number> => whole.push(await measure(() => room.round()))
    // Whoever goes first reads cold files; the turns change.
    for (const take of day % 2 === 0 ? [takeBare, takeWhole] : [takeWhole, takeBare]) await take()
  }
  return { bare: toMedian(bare), whole: toMedian(whole) }
}

async function runBare(room: TestRoom, startMs: number): Promise<number> {
  const day = toIso(startMs).slice(0, 10)
  const files = (await room.objects.list(`events/track-played/day=${day}/`, {}, ctx)).map(({ key }) => room.objects.locate(key))
  const columns = toEngineColumns([{ name: 'userId', type: 'string' }, { name: 'trackId', type: 'string' }, { name: 'occurredAt', type: 'timestamp' }])
  const staged = await room.objects.stage('bare.parquet', ctx)
  const params = { start: toIso(startMs), end: toIso(startMs + DAY_MS), partition: day }
  await room.analytics.writeParquet(castToColumns(typeParameters(fillDaily.sql), daily.columns), staged.path, { tables: [{ name: 'plays', files, columns }], params }, ctx)
  await staged.discard()
  return 1
}

/** Per instance that ran: on a Monday, the week runs with its last day. */
async function measure(work: () => Promise<number>): Promise<Cost> {
  const [before, began] = [process.cpuUsage(), performance.now()]
  const ran = Math.max(1, await work())
  const wallMs = performance.now() - began
  const { user, system } = process.cpuUsage(before)
  return { wallMs: wallMs / ran, cpuMs: (user + system) / 1000 / ran }
}

function toMedian(costs: Cost[]): Cost {
  const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
  return { wallMs: median(costs.map(({ wallMs }) => wallMs)), cpuMs: median(costs.map(({ cpuMs }) => cpuMs)) }
}

function toMs(ms: number): string {
  return `${ms.toFixed(1)} ms`
}
