// Who listens, counted from the clock of the room.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '@rondo/time'
import { countAudience } from '../src/use-cases/count-audience.ts'

test('RE33 who did anything in the last 24 hours is active, everybody ever heard is counted', () => {
  const nowMs = 10 * DAY_MS
  const summaries = [nowMs - 1, nowMs - DAY_MS + 1, nowMs - DAY_MS, 0].map((lastMs, i) => ({ user: `listener-${i}`, plays: 1, saves: 0, tracksHeard: 1, lastMs }))
  const listeners = { summaries: () => summaries, size: summaries.length, get: () => Promise.reject(new Error('none is loaded')), change: () => Promise.resolve(), flush: () => Promise.resolve() }
  assert.deepEqual(countAudience({ clock: { now: () => nowMs }, listeners }), { activeLastDay: 2, total: 4 })
})
