// Partitions through the door: when they run, what a rerun does, what a check or a fault leaves.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '@rondo/errors'
import { createTempFolder } from '@rondo/testing'
import { DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS } from '@rondo/time'
import { daily, fillDaily, fillWeekly, listening, weekly } from './listening-set.ts'
import { ctx, MONDAY_MS, openRoom, type TestRoom } from './open-room.ts'

const ada = { userId: 'ada', trackId: 't1', playedMs: 1000 }

async function closeDay(room: TestRoom, day: number): Promise<number> {
  room.clock.moveTo(MONDAY_MS + day * DAY_MS)
  room.events.closeUntil(MONDAY_MS + day * DAY_MS)
  return room.settle()
}

const countRows = async (room: TestRoom, sql: string): Promise<unknown[]> => (await room.api.sql({ body: { sql } }, ctx)).rows

test('PL3 a day runs when its last hour is closed, a week when its last day stands', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS + HOUR_MS, [ada, ada])
  room.clock.moveTo(MONDAY_MS + DAY_MS)
  room.events.closeUntil(MONDAY_MS + DAY_MS - HOUR_MS)
  assert.equal(await room.settle(), 0)
  assert.equal(await closeDay(room, 1), 1)
  assert.deepEqual(await countRows(room, 'select userId, plays, day from listening_daily'), [{ userId: 'ada', plays: 2, day: '2026-09-21T00:00:00.000Z' }])
  for (let day = 2; day <= 6; day += 1) assert.equal(await closeDay(room, day), 1)
  assert.equal(await closeDay(room, 7), 2)
  assert.deepEqual(await countRows(room, 'select * from "taste-weekly"'), [{ userId: 'ada', trackId: 't1', plays: 2, days: 1 }])
  const { rows } = await room.api.listRuns({ pipeline: 'fold-weeks' }, ctx)
  assert.deepEqual(rows[0]?.inputs.map(({ endpoint, from, to, partitions }) => ({ endpoint, from, to, partitions })), [{ endpoint: 'listening-daily', from: '2026-09-21', to: '2026-09-27', partitions: 7 }])
})

test('PL3 a backlog runs oldest first, days before their week', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada])
  assert.equal(await closeDay(room, 21), 24)
  const { rows } = await room.api.listRuns({}, ctx)
  const order = rows.map((run) => `${run.pipeline} ${run.partition}`).reverse()
  assert.equal(order[0], 'fold-plays 2026-09-21')
  assert.ok(order.indexOf('fold-weeks 2026-09-28') < order.length - 1)
  assert.ok(order.indexOf('fold-plays 2026-09-27') < order.indexOf('fold-weeks 2026-09-21'))
})

test('PL4 an instance that stands is not run again, also not by a new process or by hand', async () => {
  await using folder = await createTempFolder()
  const first = await openRoom(folder.path)
  await first.api.putDefinitions({ body: listening }, ctx)
  await first.events.land('track-played', MONDAY_MS, [ada])
  await closeDay(first, 7)
  const again = await first.api.startRun({ body: { pipeline: 'fold-plays', partition: '2026-09-21' } }, ctx)
  assert.equal(again.skipped, true)
  const { events } = first
  await first[Symbol.asyncDispose]()
  await using second = await openRoom(folder.path, { events, startMs: MONDAY_MS + 7 * DAY_MS })
  assert.equal(await second.settle(), 0)
  assert.equal((await second.api.listRuns({}, ctx)).rows.length, 8)
})

test('PL6 a failing block check publishes nothing and keeps what stood there', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  const strict = { ...listening, endpoints: [{ ...daily, checks: [{ rule: 'min-rows' as const, rows: 1, action: 'block' as const }, { rule: 'range' as const, column: 'plays', max: 1, action: 'block' as const }] }, weekly] }
  await room.api.putDefinitions({ body: strict }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada])
  assert.equal(await closeDay(room, 1), 1)
  await room.events.land('track-played', MONDAY_MS + HOUR_MS, [ada])
  assert.equal(await closeDay(room, 2), 2, 'the restated day, and the empty one')
  const { rows } = await room.api.listPartitions({ name: 'listening-daily' }, ctx)
  assert.deepEqual(rows.map(({ partition, state, rows: count }) => [partition, state, count]), [['2026-09-21', 'published', 1], ['2026-09-22', 'blocked', null], ['2026-09-23', 'open', null]])
  assert.match(rows[0]?.reason ?? '', /Check range on plays: 1 of 1 rows are (above|below|outside)/)
  assert.match(rows[1]?.reason ?? '', /Check min-rows: 0 rows, at least 1 expected/)
  assert.deepEqual(await countRows(room, 'select plays from listening_daily'), [{ plays: 1 }])
  assert.equal(await room.settle(), 0, 'not tried again by itself')
  const pulse = await room.api.pulse({}, ctx)
  assert.deepEqual(pulse.attention.map(({ subject, state, hurts }) => ({ subject, state, hurts })), [{ subject: 'listening-daily', state: 'blocked', hurts: 'taste-weekly' }])
})

test('PL6 a failing warn check publishes with the mark', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  const mild = { ...listening, endpoints: [{ ...daily, checks: [{ rule: 'not-null' as const, column: 'userId', action: 'block' as const }, { rule: 'range' as const, column: 'plays', max: 0, action: 'warn' as const }] }, weekly] }
  await room.api.putDefinitions({ body: mild }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada])
  await closeDay(room, 1)
  const endpoint = await room.api.getEndpoint({ name: 'listening-daily' }, ctx)
  assert.equal(endpoint.state, 'warned')
  const published = endpoint.recent.find(({ state }) => state === 'published')
  assert.deepEqual(published?.checks.map(({ rule, passed, found }) => ({ rule, passed, found })), [
    { rule: 'not-null', passed: true, found: '0 of 1 rows are null' },
    { rule: 'range', passed: false, found: '1 of 1 rows are above 0' },
  ])
})

test('PL7 trailing windows: nothing before history, a gap inside is waited for', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  const broken = { ...fillDaily, sql: `select userId, trackId, case when $partition = '2026-09-30' then error('no') else count(*)::varchar end::bigint as plays, $start as day from plays group by all` }
  await room.api.putDefinitions({ body: { ...listening, pipelines: [broken, fillWeekly] } }, ctx)
  for (let day = 3; day < 14; day += 1) await room.events.land('track-played', MONDAY_MS + day * DAY_MS, [ada])
  for (let day = 1; day <= 14; day += 1) await closeDay(room, day)
  const weeks = async (): Promise<unknown[]> => (await room.api.listPartitions({ name: 'taste-weekly' }, ctx)).rows.map(({ partition, state }) => [partition, state])
  assert.deepEqual(await weeks(), [['2026-09-21', 'published'], ['2026-09-28', 'waiting'], ['2026-10-05', 'open']])
  const [, waiting] = (await room.api.listPartitions({ name: 'taste-weekly' }, ctx)).rows
  assert.equal(waiting?.reason, '"listening-daily" 2026-09-30 is not published')
  await room.api.putDefinitions({ body: listening }, ctx)
  assert.equal(await room.settle(), 2, 'the gap, then its week')
  assert.deepEqual(await countRows(room, 'select plays, days from taste_weekly order by plays'), [{ plays: 4, days: 4 }, { plays: 11, days: 11 }])
})

test('PL8 a restated hour reruns its day, and the week that read it', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS + 6 * DAY_MS, [ada])
  await closeDay(room, 7)
  await room.events.land('track-played', MONDAY_MS + 6 * DAY_MS, [ada])
  assert.equal(await closeDay(room, 8), 3, 'the restated day, its week, and the new day')
  assert.deepEqual(await countRows(room, 'select plays from taste_weekly'), [{ plays: 2 }])
})

test('PL9 a fault that passes is tried again by the clock, a wrong cast is not', async () => {
  await using folder = await createTempFolder()
  let faults = 2
  await using room = await openRoom(folder.path, {
    wrap: ({ analytics }) => ({
      analytics: {
        ...analytics,
        writeParquet: (sql, path, options, call) => {
          if (sql.includes('"plays"') && faults > 0) {
            faults -= 1
            throw new AppError({ code: 'ANALYTICS_FAILED', kind: 'internal', message: 'planted' })
          }
          return analytics.writeParquet(sql, path, options, call)
        },
      },
    }),
  })
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada])
  assert.equal(await closeDay(room, 1), 1)
  assert.equal((await room.api.listRuns({}, ctx)).rows[0]?.error?.class, 'transient')
  room.clock.advance(MINUTE_MS)
  assert.equal(await room.settle(), 1)
  room.clock.advance(MINUTE_MS)
  assert.equal(await room.settle(), 0, 'the second pause is longer')
  room.clock.advance(MINUTE_MS)
  assert.equal(await room.settle(), 1)
  assert.deepEqual((await room.api.listRuns({}, ctx)).rows.map(({ state, attempt }) => [state, attempt]), [['published', 3], ['failed', 2], ['failed', 1]])

  await room.api.putDefinitions({ body: { ...listening, pipelines: [{ ...fillDaily, sql: 'select userId, trackId, trackId::bigint as plays, $start as day from plays' }, fillWeekly] } }, ctx)
  await room.events.land('track-played', MONDAY_MS + DAY_MS, [ada])
  assert.equal(await closeDay(room, 2), 1)
  assert.equal((await room.api.listRuns({}, ctx)).rows[0]?.error?.class, 'permanent')
  room.clock.advance(5 * HOUR_MS)
  assert.equal(await room.settle(), 0)
})

test('PL9 a missing file is a missing input; the hours are asked anew', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada])
  const key = 'events/track-played/day=2026-09-21/hour=00-0-1-2.parquet'
  const bytes = await room.objects.get(key, {}, ctx)
  await room.objects.delete(key, ctx)
  assert.equal(await closeDay(room, 1), 1)
  assert.equal((await room.api.listRuns({}, ctx)).rows[0]?.error?.class, 'missing-input')
  await room.objects.put(key, bytes, {}, ctx)
  room.clock.advance(MINUTE_MS)
  assert.equal(await room.settle(), 1)
  assert.deepEqual(await countRows(room, 'select plays from listening_daily'), [{ plays: 1 }])
})

test('PL12 partitions past their retention go, and their files a day later', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: { ...listening, endpoints: [{ ...daily, retention: '3d' }, weekly] } }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada])
  await closeDay(room, 1)
  const [first] = (await room.api.listPartitions({ name: 'listening-daily' }, ctx)).rows
  const file = first?.files[0] ?? ''
  for (let day = 2; day <= 4; day += 1) await closeDay(room, day)
  assert.deepEqual((await room.api.listPartitions({ name: 'listening-daily', from: '2026-09-21', to: '2026-09-22' }, ctx)).rows.map(({ state }) => state), ['waiting'])
  assert.notEqual(await room.objects.find(file, ctx), undefined)
  await closeDay(room, 5)
  assert.equal(await room.objects.find(file, ctx), undefined)
  for (let day = 6; day <= 7; day += 1) await closeDay(room, day)
  assert.deepEqual(await countRows(room, 'select count(*)::int as n from taste_weekly'), [{ n: 0 }], 'the week runs on what is kept')
})

test('PL12 a file that was replaced stays a day for who has just looked it up', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada])
  await closeDay(room, 1)
  const [before] = (await room.api.listPartitions({ name: 'listening-daily' }, ctx)).rows
  await room.events.land('track-played', MONDAY_MS, [ada])
  await closeDay(room, 2)
  const [after] = (await room.api.listPartitions({ name: 'listening-daily' }, ctx)).rows
  assert.notDeepEqual(after?.files, before?.files)
  assert.notEqual(await room.objects.find(before?.files[0] ?? '', ctx), undefined)
  await closeDay(room, 3)
  assert.equal(await room.objects.find(before?.files[0] ?? '', ctx), undefined)
  assert.notEqual(await room.objects.find(after?.files[0] ?? '', ctx), undefined)
})

test('PL15 a second scheduler waits for the first', async () => {
  await using folder = await createTempFolder()
  await using first = await openRoom(folder.path)
  await first.api.putDefinitions({ body: listening }, ctx)
  await first.events.land('track-played', MONDAY_MS, [ada])
  await using second = await openRoom(folder.path, { events: first.events })
  await closeDay(first, 1)
  second.clock.moveTo(MONDAY_MS + DAY_MS)
  await assert.rejects(second.api.startRun({ body: { pipeline: 'fold-plays', partition: '2026-09-21' } }, ctx), { code: 'SCHEDULER_ELSEWHERE' })
  assert.deepEqual((await second.api.sql({ body: { sql: 'select plays from listening_daily' } }, ctx)).rows, [{ plays: 1 }], 'it reads what the first published')
  await first.events.land('track-played', MONDAY_MS + DAY_MS, [ada])
  await closeDay(first, 2)
  assert.deepEqual((await second.api.sql({ body: { sql: 'select plays from listening_daily' } }, ctx)).rows, [{ plays: 1 }, { plays: 1 }], 'and what it publishes later')
  second.clock.moveTo(MONDAY_MS + 3 * DAY_MS)
  second.events.closeUntil(MONDAY_MS + 3 * DAY_MS)
  assert.equal(await second.settle(), 1, 'the first has not renewed its lease: the second takes over')
})

test('PL15 a run that outlives its turn does not publish over the later scheduler', async () => {
  await using folder = await createTempFolder()
  let meanwhile: (() => Promise<void>) | undefined
  await using slow = await openRoom(folder.path, {
    wrap: ({ analytics }) => ({
      analytics: {
        ...analytics,
        async writeParquet(sql, path, options, call) {
          const written = await analytics.writeParquet(sql, path, options, call)
          const act = meanwhile
          meanwhile = undefined
          await act?.()
          return written
        },
      },
    }),
  })
  await slow.api.putDefinitions({ body: listening }, ctx)
  await slow.events.land('track-played', MONDAY_MS, [ada])
  await using second = await openRoom(folder.path, { events: slow.events })
  let secondRan = 0
  meanwhile = async () => {
    second.clock.moveTo(MONDAY_MS + DAY_MS + 2 * MINUTE_MS)
    secondRan = await second.settle()
  }
  await closeDay(slow, 1)
  assert.equal(secondRan, 1)
  const { rows } = await second.api.listRuns({}, ctx)
  assert.deepEqual(new Set(rows.map(({ state, error }) => `${state} ${error?.code ?? ''}`)), new Set(['failed RUN_OVERTAKEN', 'published ']))
  assert.deepEqual(await countRows(slow, 'select plays from listening_daily'), [{ plays: 1 }])
})

test('PL16 rounds with nothing due ask nobody', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada])
  await closeDay(room, 7)
  const { listBuckets, listTypes } = room.events.calls
  for (let hour = 1; hour < 24; hour += 1) {
    room.clock.moveTo(MONDAY_MS + WEEK_MS + hour * HOUR_MS)
    room.events.closeUntil(MONDAY_MS + WEEK_MS + hour * HOUR_MS)
    assert.equal(await room.round(), 0)
  }
  assert.deepEqual(room.events.calls, { listBuckets, listTypes })
})
