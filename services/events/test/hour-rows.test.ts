// The hours of a habit in memory, against what the tables say.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, DAY_MS, HOUR_MS } from '@rondo/time'
import { createHourRows } from '../src/hour-rows.ts'
import { START_MS, openHouse } from './events-house.ts'

test('EV147 hours that are read an hour at a time are those that are read at once, also after a jump', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  const { relational } = house.deps
  const put = (type: string, startMs: number, rows: number) => relational.db.insertInto('buckets').values({ type, hour: new Date(startMs).toISOString().slice(0, 13), start_ms: startMs, state: 'closed', rows, late: 0, version: 'v', files: '[]', lag_ms: 0, closed_at: startMs }).execute()
  const step = createHourRows(relational)
  let endMs = START_MS
  for (const hours of [...Array.from({ length: 60 }, () => 1), 30, 1, 23, 24, 1, 300, 1]) {
    endMs += hours * HOUR_MS
    if (endMs / HOUR_MS % 3 !== 0) await put('a', endMs - HOUR_MS, (endMs / HOUR_MS) % 97)
    if (endMs / HOUR_MS % 5 === 0) await put('b', endMs - 2 * HOUR_MS, 4)
    const whole = createHourRows(relational)
    assert.deepEqual(await step.read(endMs), await whole.read(endMs))
    for (const type of ['a', 'b']) for (let startMs = endMs - 8 * DAY_MS; startMs < endMs; startMs += HOUR_MS) assert.equal(step.of(type, startMs), whole.of(type, startMs), `${type} ${(endMs - startMs) / HOUR_MS}`)
  }
  await house.close()
})
