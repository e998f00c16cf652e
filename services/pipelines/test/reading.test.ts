// What people and other rooms read: lineage, lateness, the pulse, and SQL over everything.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import { createTempFolder } from '@rondo/testing'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@rondo/time'
import { listening } from './listening-set.ts'
import { ctx, MONDAY_MS, openRoom } from './open-room.ts'

const ada = { userId: 'ada', trackId: 't1', playedMs: 1000 }

test('PL11 lineage before any run', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  const names = async (input: { of?: string; direction?: 'up' | 'down' | 'both' }): Promise<string[]> => (await room.api.lineage(input, ctx)).nodes.map(({ name }) => name)
  assert.deepEqual(await names({}), ['track-played', 'track-saved', 'listening-daily', 'taste-weekly'])
  assert.deepEqual(await names({ of: 'taste-weekly', direction: 'up' }), ['taste-weekly', 'listening-daily', 'track-played'])
  assert.deepEqual(await names({ of: 'track-played', direction: 'down' }), ['track-played', 'listening-daily', 'taste-weekly'])
  assert.deepEqual(await names({ of: 'listening-daily' }), ['listening-daily', 'track-played', 'taste-weekly'])
  const { edges } = await room.api.lineage({ of: 'listening-daily' }, ctx)
  assert.deepEqual(edges, [
    { from: 'track-played', to: 'listening-daily', pipeline: 'fold-plays' },
    { from: 'listening-daily', to: 'taste-weekly', pipeline: 'fold-weeks' },
  ])
  await assert.rejects(room.api.lineage({ of: 'nothing' }, ctx), { code: 'ENDPOINT_NOT_FOUND' })
})

test('PL20 the last partition of an event type is the last closed hour, with events or without', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada])
  const find = async () => (await room.api.listEndpoints({}, ctx)).rows.find(({ name }) => name === 'track-played')
  room.clock.moveTo(MONDAY_MS + HOUR_MS)
  room.events.closeUntil(MONDAY_MS + HOUR_MS)
  await room.settle()
  const full = await find()
  assert.deepEqual([full?.lastPartition, full?.rows, full?.lagMs], ['2026-09-21T00', 1, 0])
  room.clock.moveTo(MONDAY_MS + 3 * HOUR_MS)
  room.events.closeUntil(MONDAY_MS + 3 * HOUR_MS)
  await room.settle()
  const empty = await find()
  assert.deepEqual([empty?.lastPartition, empty?.rows, empty?.lastPublishedAt, empty?.lagMs], ['2026-09-21T02', 0, null, null])
})

test('PL13 SQL by name, with limits, and personal columns hidden from clients', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada, { ...ada, userId: 'bob', playedMs: 2000 }])
  await room.events.land('track-played', MONDAY_MS + DAY_MS, [ada])
  room.clock.moveTo(MONDAY_MS + DAY_MS + HOUR_MS / 2)
  room.events.closeUntil(MONDAY_MS + DAY_MS)
  await room.settle()
  const count = async (sql: string, provisional?: boolean): Promise<unknown> => (await room.api.sql({ body: { sql, ...(provisional === undefined ? {} : { provisional }) } }, ctx)).rows[0]?.['n']
  assert.equal(await count('select count(*)::int as n from "track-played"'), 3)
  assert.equal(await count('select count(*)::int as n from track_played', false), 2)
  assert.equal(await count('select count(*)::int as n from track_saved s full join listening_daily d using (trackId)'), 2)
  const { rows } = await room.api.sql({ body: { sql: 'select userId from track_played where playedMs > ? order by 1', params: [1500] } }, ctx)
  assert.deepEqual(rows, [{ userId: 'bob' }])
  assert.deepEqual(await room.api.sql({ body: { sql: 'select trackId from track_played', maxRows: 1 } }, ctx), { columns: [{ name: 'trackId', type: 'VARCHAR' }], rows: [{ trackId: 't1' }], truncated: true })
  await assert.rejects(room.api.sql({ body: { sql: 'select * from nothing' } }, ctx), { code: 'DATASET_NOT_FOUND', help: /closest first/ })

  const client = createCtx({ principal: { kind: 'client', name: 'web' } })
  const masked = await room.api.sql({ body: { sql: 'with t as (select * from listening_daily) select userId, trackId, plays from t limit 1;' } }, client)
  assert.deepEqual(masked.rows, [{ userId: null, trackId: 't1', plays: 1 }])
})

test('PL14 late, predicted, and whom it hurts', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS, [ada])
  for (let day = 1; day <= 5; day += 1) {
    room.clock.moveTo(MONDAY_MS + day * DAY_MS + 20 * MINUTE_MS)
    room.events.closeUntil(MONDAY_MS + day * DAY_MS)
    await room.settle()
  }
  const find = async () => (await room.api.listEndpoints({}, ctx)).rows.find(({ name }) => name === 'listening-daily')
  const calm = await find()
  assert.deepEqual({ state: calm?.state, lagMs: calm?.lagMs, late: calm?.late }, { state: 'healthy', lagMs: 20 * MINUTE_MS, late: [] })
  assert.deepEqual(calm?.predicted, { partition: '2026-09-26', landsAt: '2026-09-27T00:20:00.000Z', dueAt: '2026-09-27T01:00:00.000Z', late: false })
  assert.deepEqual((await room.api.pulse({}, ctx)).attention, [])

  room.clock.moveTo(MONDAY_MS + 6 * DAY_MS + 2 * HOUR_MS)
  await room.settle()
  assert.deepEqual((await find())?.late, ['2026-09-26'])
  const pulse = await room.api.pulse({}, ctx)
  assert.equal(pulse.state, 'late')
  assert.deepEqual(pulse.attention.map(({ subject, hurts, since }) => ({ subject, hurts, since })), [{ subject: 'listening-daily', hurts: 'taste-weekly', since: '2026-09-27T01:00:00.000Z' }])
  assert.deepEqual(pulse.notes.map(({ value }) => value), Array.from({ length: 5 }, () => 20 * MINUTE_MS))
})
