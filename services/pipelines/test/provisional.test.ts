// Provisional runs: what has landed so far, upstream first, and again when the inputs close.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { DAY_MS, HOUR_MS } from '@rondo/time'
import { listening } from './listening-set.ts'
import { ctx, MONDAY_MS, openRoom } from './open-room.ts'

const ada = { userId: 'ada', trackId: 't1', playedMs: 1000 }

test('PL10 an open week is made from what has landed, and again when it closes', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS + HOUR_MS, [ada])
  room.clock.moveTo(MONDAY_MS + DAY_MS + 3 * HOUR_MS)
  room.events.closeUntil(MONDAY_MS + DAY_MS)
  await room.events.land('track-played', MONDAY_MS + DAY_MS + 2 * HOUR_MS, [ada])
  await assert.rejects(room.api.startRun({ body: { pipeline: 'fold-weeks', partition: '2026-09-21' } }, ctx), { code: 'INPUTS_OPEN' })
  const run = await room.api.startRun({ body: { pipeline: 'fold-weeks', partition: '2026-09-21', provisional: true } }, ctx)
  assert.deepEqual({ state: run.state, provisional: run.provisional, rows: run.rows }, { state: 'published', provisional: true, rows: 1 })
  const plays = async (): Promise<unknown> => (await room.api.sql({ body: { sql: 'select plays from taste_weekly' } }, ctx)).rows[0]?.['plays']
  assert.equal(await plays(), 2)
  const days = (await room.api.listPartitions({ name: 'listening-daily' }, ctx)).rows.map(({ partition, state, provisional }) => [partition, state, provisional])
  assert.deepEqual(days, [['2026-09-21', 'published', false], ['2026-09-22', 'published', true]])

  const same = await room.api.startRun({ body: { pipeline: 'fold-weeks', partition: '2026-09-21', provisional: true } }, ctx)
  assert.deepEqual({ id: same.id, skipped: same.skipped }, { id: run.id, skipped: true })
  await room.events.land('track-played', MONDAY_MS + DAY_MS + 2 * HOUR_MS, [ada])
  const more = await room.api.startRun({ body: { pipeline: 'fold-weeks', partition: '2026-09-21', provisional: true } }, ctx)
  assert.equal(more.skipped, false)
  assert.equal(await plays(), 3)
  assert.equal((await room.api.sql({ body: { sql: 'select count(*)::int as n from taste_weekly', provisional: false } }, ctx)).rows[0]?.['n'], 0)

  room.clock.moveTo(MONDAY_MS + 7 * DAY_MS)
  room.events.closeUntil(MONDAY_MS + 7 * DAY_MS)
  await room.settle()
  const final = (await room.api.listRuns({}, ctx)).rows.filter(({ provisional }) => !provisional).map(({ pipeline, partition }) => `${pipeline} ${partition}`)
  assert.equal(final.length, 8, 'each day and the week once')
  assert.equal(new Set(final).size, 8)
  const [week] = (await room.api.listPartitions({ name: 'taste-weekly' }, ctx)).rows
  assert.deepEqual({ state: week?.state, provisional: week?.provisional, rows: week?.rows }, { state: 'published', provisional: false, rows: 1 })
  assert.equal(await plays(), 3)
})

test('PL10 all that was imported this hour is there at once', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path, { startMs: MONDAY_MS + 90 * 60_000 })
  room.events.closeUntil(MONDAY_MS + HOUR_MS)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS + HOUR_MS, [ada, { ...ada, userId: 'bob' }])
  const run = await room.api.startRun({ body: { pipeline: 'fold-weeks', partition: '2026-09-21', provisional: true } }, ctx)
  assert.equal(run.rows, 2)
  await assert.rejects(room.api.startRun({ body: { pipeline: 'fold-weeks', partition: '2026-09-28', provisional: true } }, ctx), { code: 'PARTITION_AHEAD' })
  await assert.rejects(room.api.startRun({ body: { pipeline: 'fold-weeks', partition: '2026-09-22', provisional: true } }, ctx), { code: 'BAD_PARTITION' })
  await assert.rejects(room.api.startRun({ body: { pipeline: 'nobody', partition: '2026-09-21' } }, ctx), { code: 'PIPELINE_NOT_FOUND' })
})
