// What is long past: inputs that retention has taken, and the records of runs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIds } from '@rondo/ids'
import { createSystemRandom } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { DAY_MS, HOUR_MS } from '@rondo/time'
import { failRun, insertRun, type NewRun } from '../src/store/run-store.ts'
import { FAILED_RUNS_KEPT_MS, RUNS_KEPT } from '../src/use-cases/enforce-retention.ts'
import { daily, fillDaily, fillWeekly, listening, weekly } from './listening-set.ts'
import { ctx, MONDAY_MS, openRoom, type TestRoom } from './open-room.ts'

const ada = { userId: 'ada', trackId: 't1', playedMs: 1000 }
const doubled = { ...listening, pipelines: [{ ...fillDaily, sql: fillDaily.sql.replace('count(*)', '2 * count(*)') }, fillWeekly] }

async function closeDay(room: TestRoom, day: number): Promise<number> {
  room.clock.moveTo(MONDAY_MS + day * DAY_MS)
  room.events.closeUntil(MONDAY_MS + day * DAY_MS)
  return room.settle()
}

const startDay = (room: TestRoom, partition: string, provisional = false) => room.api.startRun({ body: { pipeline: 'fold-plays', partition, provisional } }, ctx)
const readPlays = async (room: TestRoom): Promise<unknown[]> => (await room.api.sql({ body: { sql: 'select strftime(day, \'%d\') as day, plays from listening_daily order by day' } }, ctx)).rows.map(({ day, plays }) => [day, plays])

test('PL19 a rerun over hours that retention has taken is refused, and what stands stays', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  for (let day = 0; day < 6; day += 1) for (const hour of [0, 5]) await room.events.land('track-played', MONDAY_MS + day * DAY_MS + hour * HOUR_MS, [ada])
  for (let day = 1; day <= 6; day += 1) await closeDay(room, day)
  // Only the first hour of the second day is gone.
  await room.events.expire('track-played', MONDAY_MS + DAY_MS + HOUR_MS)
  assert.equal((await startDay(room, '2026-09-21')).skipped, true, 'the instance that stands is no rerun')
  await room.api.putDefinitions({ body: doubled }, ctx)
  await assert.rejects(startDay(room, '2026-09-21'), { code: 'INPUTS_EXPIRED', message: '"fold-plays" cannot run for "2026-09-21" any more: retention has taken "track-played" 2026-09-21T00 to 2026-09-21T05.' })
  await assert.rejects(startDay(room, '2026-09-22', true), { code: 'INPUTS_EXPIRED', message: /2026-09-22T00\.$/ })
  assert.equal((await startDay(room, '2026-09-23')).state, 'published')
  assert.equal((await room.api.listRuns({ state: 'failed' }, ctx)).rows.length, 0)
  assert.deepEqual(await readPlays(room), [['21', 2], ['22', 2], ['23', 4], ['24', 2], ['25', 2], ['26', 2]])
})

test('PL19 files that went while nobody looked: the run fails, and no try after it publishes emptiness', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada])
  await closeDay(room, 1)
  // Restated, and then taken before the day is made again.
  await room.events.land('track-played', MONDAY_MS + HOUR_MS, [ada])
  await room.api.sql({ body: { sql: 'select 1 from track_played' } }, ctx)
  await room.events.expire('track-played', MONDAY_MS + DAY_MS)
  for (let day = 2; day <= 4; day += 1) await closeDay(room, day)
  assert.deepEqual(await readPlays(room), [['21', 1]])
})

test('PL19 a new pipeline begins where its input is kept as a whole; nothing before is made, waited for or late', async () => {
  await using folder = await createTempFolder()
  const first = await openRoom(folder.path)
  for (let day = 0; day < 13; day += 1) await first.events.land('track-played', MONDAY_MS + day * DAY_MS, [ada])
  for (const hour of [3, 9]) await first.events.land('track-played', MONDAY_MS + 9 * DAY_MS + hour * HOUR_MS, [ada])
  await first.events.expire('track-played', MONDAY_MS + 9 * DAY_MS + 6 * HOUR_MS)
  await first.api.putDefinitions({ body: listening }, ctx)
  assert.equal(await closeDay(first, 14), 5, 'four days, and the week that holds them')
  const rows = async (name: string): Promise<unknown[]> => (await first.api.listPartitions({ name, from: '2026-09-21' }, ctx)).rows.map(({ partition, state }) => `${partition} ${state}`)
  assert.deepEqual((await rows('listening-daily')).slice(0, 2), ['2026-10-01 published', '2026-10-02 published'])
  assert.deepEqual(await rows('taste-weekly'), ['2026-09-28 published', '2026-10-05 open'])
  assert.deepEqual((await first.api.getEndpoint({ name: 'listening-daily' }, ctx)).late, [])
  await assert.rejects(startDay(first, '2026-09-30'), { code: 'INPUTS_EXPIRED' })
  await first[Symbol.asyncDispose]()
})

test('PL19 partitions that retention has taken since are not made up for by a rerun of what read them', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  const short = { ...listening, endpoints: [{ ...daily, retention: '10d' }, weekly] }
  await room.api.putDefinitions({ body: short }, ctx)
  for (let day = 0; day < 25; day += 1) await room.events.land('track-played', MONDAY_MS + day * DAY_MS, [ada])
  for (let day = 1; day <= 21; day += 1) await closeDay(room, day)
  const before = (await room.api.sql({ body: { sql: 'select plays from taste_weekly order by plays' } }, ctx)).rows
  await room.api.putDefinitions({ body: { ...short, pipelines: [fillDaily, { ...fillWeekly, sql: fillWeekly.sql.replace('select', 'select /* anew */') }] } }, ctx)
  const startWeek = (partition: string) => room.api.startRun({ body: { pipeline: 'fold-weeks', partition } }, ctx)
  await assert.rejects(startWeek('2026-09-21'), { code: 'INPUTS_EXPIRED', message: /"listening-daily" 2026-09-21 to 2026-09-27\.$/ })
  assert.equal((await startWeek('2026-10-05')).state, 'published', 'its window was longer than the retention from the beginning')
  assert.deepEqual((await room.api.sql({ body: { sql: 'select plays from taste_weekly order by plays' } }, ctx)).rows, before)
})

test(`PL18 of a pipeline the newest ${RUNS_KEPT} runs stay, failures for 30 days, and those that something still refers to`, async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada])
  await closeDay(room, 1)
  // Ids of one millisecond come in the order of their maker.
  room.clock.advance(1)
  const ids = createIds(room.clock, createSystemRandom())
  const add = async (partition: number, failedMs?: number, attempt = 1): Promise<string> => {
    const run: NewRun = { id: ids.next(), pipeline: 'fold-plays', endpoint: daily.name, partition: 'old', startMs: partition, instance: 'i', codeVersion: 'c', provisional: false, fence: 1, file: `endpoints/none/${partition}-${attempt}.parquet`, startedMs: 0, inputs: [] }
    await insertRun(room.relational, run, attempt)
    if (failedMs === undefined) await room.relational.db.updateTable('runs').set({ state: 'published' }).where('id', '=', run.id).execute()
    else await failRun(room.relational, run, { state: 'failed', endedMs: failedMs, durationMs: 1, rows: null, checks: [], error: { class: 'permanent', code: 'X', message: '' }, retryAtMs: null }, ctx)
    return run.id
  }
  const standing = (await room.api.listPartitions({ name: daily.name }, ctx)).rows[0]?.runId
  const nowMs = room.clock.now()
  const published = await add(1)
  const forgotten = await add(2, nowMs - FAILED_RUNS_KEPT_MS)
  const lastOfItsPartition = await add(2, nowMs - FAILED_RUNS_KEPT_MS, 2)
  const young = await add(3, nowMs)
  await add(3, nowMs, 2)
  await add(4, undefined, 2)
  for (let count = 0; count < RUNS_KEPT; count += 1) await add(100 + count)
  await closeDay(room, 2)
  const left = new Set((await room.relational.db.selectFrom('runs').select('id').execute()).map(({ id }) => id))
  assert.deepEqual([standing, published, forgotten, lastOfItsPartition, young].map((id) => left.has(id ?? '')), [true, false, false, true, true])
  assert.equal((await room.api.getRun({ id: standing ?? '' }, ctx)).state, 'published')
  assert.equal(left.size, RUNS_KEPT + 4, 'the run of the second day is one of the newest')
  assert.equal(await room.settle(), 0)
})

test('PL18 a deleted file is remembered for 30 days', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada])
  await closeDay(room, 1)
  await room.events.land('track-played', MONDAY_MS, [ada])
  await closeDay(room, 2)
  const count = async (): Promise<number> => (await room.relational.db.selectFrom('dropped_files').selectAll().execute()).length
  await closeDay(room, 3)
  assert.equal(await count(), 1)
  await closeDay(room, 33)
  assert.equal(await count(), 1)
  await closeDay(room, 34)
  assert.equal(await count(), 0)
})
