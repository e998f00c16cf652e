// How long decisions take, beside their usual.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '@rondo/time'
import { computePace } from './compute-pace.ts'

const act = (day: number, days: number) => ({ atMs: day * DAY_MS, tookMs: days * DAY_MS })

test('EX57 nothing yet is told as nothing', () => {
  assert.deepEqual(computePace([], 0), { lagMs: null, lastWeek: 0, total: 0, notes: [] })
})

test('EX57 the median of all, and a usual only after three acts', () => {
  const pace = computePace([act(30, 8), act(10, 4), act(20, 6), act(40, 6), act(44, 20)], 45 * DAY_MS)
  assert.deepEqual([pace.lagMs, pace.lastWeek, pace.total], [6 * DAY_MS, 2, 5])
  assert.deepEqual(pace.notes.map((note) => note.usual), [null, null, null, 6 * DAY_MS, 6 * DAY_MS])
  assert.equal(pace.notes[3]?.spread, 2 * DAY_MS)
})

test('EX57 at most 24 notes, the newest', () => {
  const pace = computePace(Array.from({ length: 40 }, (_, day) => act(day, 5)), 40 * DAY_MS)
  assert.deepEqual([pace.notes.length, pace.total, pace.notes.at(-1)?.at], [24, 40, '1970-02-09T00:00:00.000Z'])
})
