// Which week the time of one turn is told of.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openKeyValue } from '@rondo/key-value'
import { HOUR_MS, WEEK_MS, createManualClock, toIsoDate } from '@rondo/time'
import { createListStore } from '../src/store/list-store.ts'
import { openTurns, type Turns } from '../src/use-cases/measure-turn.ts'
import { ctx } from './open-house.ts'

/** Monday 5 January 2026. */
const MONDAY_MS = Date.parse('2026-01-05T00:00:00Z')

async function openEmpty(): Promise<Turns> {
  const keyValue = await openKeyValue('memory:', { clock: createManualClock(MONDAY_MS), namespace: 'x' })
  return openTurns(keyValue, createListStore(keyValue), ctx)
}

/** So many turns of `hours` each, in the first hour of week `week`. */
function addTurns(turns: Turns, week: number, count: number, hours: number): void {
  const occurredMs = MONDAY_MS + week * WEEK_MS + HOUR_MS
  const causeMs = occurredMs - hours * HOUR_MS
  for (let i = 0; i < count; i += 1) turns.add({ user: 'u', kind: 'played', trackId: `t${i}`, artistId: 'a', occurredMs, playedMs: 1, share: 1, plays: 1 }, { causeMs, dataMs: causeMs, madeMs: causeMs })
}

test('RE40 the last week with at least 30 turns is told of, not a Monday with a handful; its count and the week before stand beside', async () => {
  const turns = await openEmpty()
  const report = (week: number): unknown[] => {
    const { week: told, plays, medianMs, previousMs } = turns.report(MONDAY_MS + week * WEEK_MS + 2 * HOUR_MS)
    return [told, plays, medianMs === null ? null : medianMs / HOUR_MS, previousMs === null ? null : previousMs / HOUR_MS]
  }
  const nameOf = (week: number): string => toIsoDate(MONDAY_MS + week * WEEK_MS)
  assert.deepEqual(report(0), [null, 0, null, null])
  addTurns(turns, 0, 5, 10)
  assert.deepEqual(report(0), [nameOf(0), 5, 10, null], 'while no week has enough, the last with any')
  addTurns(turns, 1, 30, 20)
  assert.deepEqual(report(1), [nameOf(1), 30, 20, null], 'five turns are nothing to compare with')
  addTurns(turns, 2, 29, 1)
  assert.deepEqual(report(2), [nameOf(1), 30, 20, null])
  assert.deepEqual(report(3), [nameOf(1), 30, 20, null])
  addTurns(turns, 2, 1, 1)
  assert.deepEqual(report(2), [nameOf(2), 30, 1, 20])
  assert.deepEqual(report(1), [nameOf(1), 30, 20, null], 'what lies ahead of the clock is not told')
})
