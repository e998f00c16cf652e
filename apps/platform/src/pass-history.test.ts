// History passes day by day: what people are answered changes at one hour of the day, whatever else goes on.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import { createSilentLog } from '@rondo/host'
import { DAY_MS, HOUR_MS, createManualClock, toIso } from '@rondo/time'
import { createHistory } from './pass-history.ts'
import { createScheduler } from './scheduler.ts'

test('PF61 in history rooms settle in the first hour of each day; work ahead also begins at every other hour, and nobody waits for work behind', async () => {
  const clock = createManualClock(0)
  const seen: Record<string, string[]> = { lists: [], landing: [], measuring: [] }
  const note = (job: string) => async (): Promise<number> => {
    const at = toIso(clock.now())
    if (seen[job]?.includes(at) !== false) return 0
    seen[job].push(at)
    return 1
  }
  const never = new Promise<number>(() => {})
  const scheduler = createScheduler(
    [[
      { name: 'landing', everyMs: 1, pace: 'ahead', run: note('landing') },
      { name: 'lists', everyMs: 1, run: note('lists') },
      { name: 'measuring', everyMs: 1, pace: 'behind', run: () => note('measuring')().then(() => never) },
    ]],
    createCtx(),
    createSilentLog(),
  )
  const history = createHistory(scheduler, clock)
  const start = Date.parse('2026-01-05T00:59:59Z')
  for (let hour = 0; hour < 48; hour += 1) await history.advance(start + hour * HOUR_MS)
  assert.deepEqual(seen['lists'], [toIso(start), toIso(start + DAY_MS)])
  assert.equal(seen['landing']?.length, 48)
  assert.deepEqual(seen['measuring'], [toIso(start + HOUR_MS)])
})

test('PF61 work ahead that fails while history passes is logged, and met again when the day settles', async () => {
  const clock = createManualClock(0)
  const scheduler = createScheduler([[{ name: 'landing', everyMs: 1, pace: 'ahead', run: async () => (clock.now() === 0 ? 0 : Promise.reject(new Error('disk full'))) }]], createCtx(), createSilentLog())
  const history = createHistory(scheduler, clock)
  await history.advance(0)
  await history.advance(HOUR_MS)
  await assert.rejects(history.advance(DAY_MS), /disk full/)
})
