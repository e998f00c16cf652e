// The usual of an hour is that hour of the days before; the hour under way is measured by what has passed of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryRow } from '@rondo/events/contract'
import { compareWithUsual, sumDay, toNotes } from './day-notes.ts'

const HOUR = 3_600_000
const NOW = Date.parse('2026-09-21T09:30:00Z')

function history(hours: number, of: (hoursAgo: number) => number): HistoryRow[] {
  return Array.from({ length: hours }, (_, index): HistoryRow => {
    const ago = hours - 1 - index
    return { hour: new Date(Math.floor(NOW / HOUR) * HOUR - ago * HOUR).toISOString().slice(0, 13), accepted: of(ago), dead: 1, duplicate: 0, landedLagMs: ago === 3 ? 900 : null }
  })
}

test('EVW1 a note has the mean of the same hour of the days before, and their spread', () => {
  const notes = toNotes(history(192, (ago) => (ago % 48 < 24 ? 100 : 80)), NOW)
  assert.equal(notes.length, 24)
  assert.equal(notes[0]?.usual, (80 * 4 + 100 * 3) / 7)
  assert.ok((notes[0]?.spread ?? 0) > 10)
})

test('EVW2 half of the hour under way is compared with half of its usual', () => {
  const last = toNotes(history(192, () => 60), NOW).at(-1)
  assert.equal(last?.usual, 30)
})

test('EVW1 before three days there is no usual', () => {
  assert.equal(toNotes(history(192, (ago) => (ago < 60 ? 5 : 0)), NOW)[0]?.usual, null)
})

test('EVW3 the last full hour is compared, not the one under way', () => {
  assert.equal(compareWithUsual(toNotes(history(192, (ago) => (ago === 1 ? 55 : 50)), NOW)), 55 / 50 - 1)
  assert.equal(compareWithUsual([]), null)
})

test('EVW1 sums of the day', () => {
  assert.deepEqual(sumDay(history(192, () => 10)), { accepted: 240, dead: 24, duplicate: 0, deadShare: 0.1, landedLagMs: 900 })
  assert.equal(sumDay([]).deadShare, null)
})
