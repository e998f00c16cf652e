// What scheduling costs: an idle round over 40 pipelines, hours of simulated history, and a daily run beside the bare engine call.
// node services/pipelines/bench/scheduler.ts [--json]
import { createTempFolder } from '@rondo/testing'
import { DAY_MS, HOUR_MS, toIso } from '@rondo/time'
import { castToColumns, toEngineColumns } from '../src/domain/column-types.ts'
import type { DefinitionSet } from '../src/contract.ts'
import { typeParameters } from '../src/domain/sql-text.ts'
import { ctx, MONDAY_MS, openRoom } from '../test/open-room.ts'
import { daily, fillDaily, fillWeekly, weekly } from '../test/listening-set.ts'

type Row = { measure: string; value: number; unit: string; limit: number | null }
const rows: Row[] = []

await using folder = await createTempFolder()
await using room = await openRoom(folder.path)

/** 39 daily pipelines over one event type and one weekly over the first of them. */
const many: DefinitionSet = {
  endpoints: [...Array.from({ length: 39 }, (_, index) => ({ ...daily, name: index === 0 ? daily.name : `${daily.name}-${index}` })), weekly],
  pipelines: [...Array.from({ length: 39 }, (_, index) => ({ ...fillDaily, name: `${fillDaily.name}-${index}`, output: index === 0 ? daily.name : `${daily.name}-${index}` })), fillWeekly],
}
const plays = Array.from({ length: 200 }, (_, index) => ({ userId: `u${index % 40}`, trackId: `t${index}`, playedMs: 1000 }))

await room.api.putDefinitions({ body: many }, ctx)
await room.events.land('track-played', MONDAY_MS, plays)
room.clock.moveTo(MONDAY_MS + DAY_MS)
room.events.closeUntil(MONDAY_MS + DAY_MS)
await room.settle()

const rounds = 20_000
let began = performance.now()
for (let at = 0; at < rounds; at += 1) await room.round()
rows.push({ measure: 'idle round, 40 pipelines, clock stands', value: (performance.now() - began) / rounds, unit: 'ms', limit: 1 })

let [hours, hoursMs] = [0, 0]
for (let day = 1; day < 6; day += 1) {
  for (let hour = 0; hour < 24; hour += 1) {
    room.clock.moveTo(MONDAY_MS + day * DAY_MS + hour * HOUR_MS)
    room.events.closeUntil(room.clock.now())
    if (hour === 0) await room.settle()
    began = performance.now()
    await room.round()
    hoursMs += performance.now() - began
    hours += 1
  }
}
rows.push({ measure: 'round of an hour that ends no day, 40 pipelines', value: hoursMs / hours, unit: 'ms', limit: 1 })

// The same room with one pipeline, a day of 24 hours at a time.
await room.api.putDefinitions({ body: { endpoints: [daily, weekly], pipelines: [fillDaily, fillWeekly] } }, ctx)
const whole: number[] = []
const bare: number[] = []
/** CPU of this process, engine's threads included, ms: what a busy machine does not blur. */
const [wholeCpu, bareCpu]: [number[], number[]] = [[], []]
const readCpu = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const sql = castToColumns(typeParameters(fillDaily.sql), daily.columns)
for (let day = 7; day < 35; day += 1) {
  const startMs = MONDAY_MS + day * DAY_MS
  for (let hour = 0; hour < 24; hour += 1) await room.events.land('track-played', startMs + hour * HOUR_MS, plays)
  room.clock.moveTo(startMs)
  room.events.closeUntil(startMs)
  await room.settle()
  room.clock.moveTo(startMs + DAY_MS)
  room.events.closeUntil(startMs + DAY_MS)
  const files = (await room.objects.list(`events/track-played/day=${toIso(startMs).slice(0, 10)}/`, {}, ctx)).map(({ key }) => room.objects.locate(key))
  const columns = toEngineColumns([{ name: 'userId', type: 'string' }, { name: 'trackId', type: 'string' }, { name: 'occurredAt', type: 'timestamp' }])
  const params = { start: toIso(startMs), end: toIso(startMs + DAY_MS), partition: toIso(startMs).slice(0, 10) }
  const runBare = async (): Promise<void> => {
    const cpu = readCpu()
    began = performance.now()
    const staged = await room.objects.stage('bare.parquet', ctx)
    await room.analytics.writeParquet(sql, staged.path, { tables: [{ name: 'plays', files, columns }], params }, ctx)
    await staged.discard()
    bare.push(performance.now() - began)
    bareCpu.push(readCpu() - cpu)
  }
  const runWhole = async (): Promise<void> => {
    const cpu = readCpu()
    began = performance.now()
    const ran = await room.round()
    whole.push((performance.now() - began) / Math.max(1, ran))
    wholeCpu.push((readCpu() - cpu) / Math.max(1, ran))
  }
  // Whoever goes first reads cold files; the turns change.
  for (const run of day % 2 === 0 ? [runBare, runWhole] : [runWhole, runBare]) await run()
}
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
rows.push({ measure: 'bare engine call of a daily run (24 files)', value: median(bare), unit: 'ms', limit: null })
rows.push({ measure: 'daily run, all told', value: median(whole), unit: 'ms', limit: null })
rows.push({ measure: 'overhead of a daily run (checks, log, publication)', value: median(whole) - median(bare), unit: 'ms', limit: 10 })
const quick = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 10)] ?? 0
rows.push({ measure: 'the same, fastest tenth', value: quick(whole) - quick(bare), unit: 'ms', limit: 10 })
rows.push({ measure: 'the same, CPU', value: median(wholeCpu) - median(bareCpu), unit: 'ms', limit: 10 })

if (process.argv.includes('--json')) console.log(JSON.stringify({ rows }))
else for (const { measure, value, unit, limit } of rows) console.log(`${measure.padEnd(52)} ${value.toFixed(4).padStart(10)} ${unit}${limit === null ? '' : `   (limit ${limit})`}`)
