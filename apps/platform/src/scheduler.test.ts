// Jobs in their loops and jobs that settle: none beside itself, none lost behind one that fails.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import { createSilentLog } from '@rondo/host'
import { createScheduler } from './scheduler.ts'

test('PF1 settle runs every job until none is due, also work that one job makes for another', async () => {
  let parcels = 3
  let letters = 0
  const scheduler = createScheduler(
    [[
      { name: 'read', everyMs: 10, run: async () => (letters > 0 ? ((letters -= 1), 1) : 0) },
      { name: 'unpack', everyMs: 10, run: async () => (parcels > 0 ? ((parcels -= 1), (letters += 1), 1) : 0) },
    ]],
    createCtx(),
    createSilentLog(),
  )
  await scheduler.settle()
  assert.deepEqual({ parcels, letters }, { parcels: 0, letters: 0 })
})

test('PF2 a job never runs beside itself, and a failing one delays no other', async () => {
  let inside = 0
  let most = 0
  let healthy = 0
  let failures = 0
  let release = (): void => {}
  const enough = new Promise<void>((resolve) => {
    release = resolve
  })
  const scheduler = createScheduler(
    [[
      {
        name: 'slow',
        everyMs: 0,
        run: async () => {
          inside += 1
          most = Math.max(most, inside)
          await new Promise((resolve) => setImmediate(resolve))
          inside -= 1
          return 0
        },
      },
      { name: 'broken', everyMs: 0, run: async () => { failures += 1; throw new Error('boom') } },
      { name: 'healthy', everyMs: 0, run: async () => { healthy += 1; if (healthy === 20) release(); return 0 } },
    ]],
    createCtx(),
    createSilentLog(),
  )
  scheduler.start()
  await enough
  await scheduler.close()
  assert.equal(most, 1)
  assert.ok(failures >= 1)
})

test('PF3 settle rejects with the failure of a job', async () => {
  const scheduler = createScheduler([[{ name: 'broken', everyMs: 1, run: async () => Promise.reject(new Error('boom')) }]], createCtx(), createSilentLog())
  await assert.rejects(scheduler.settle(), /boom/)
})

test('PF66 after the close no round begins, neither of what settles nor of what keeps pace', async () => {
  const begun: string[] = []
  const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const scheduler = createScheduler(
    [[
      { name: 'first', everyMs: 1, run: async () => { begun.push('first'); held.resolve(); await release.promise; return 1 } },
      { name: 'second', everyMs: 1, pace: 'ahead', run: async () => begun.push('second') },
    ]],
    createCtx(),
    createSilentLog(),
  )
  const settled = assert.rejects(scheduler.settle(), /stopping/)
  await held.promise
  const closed = scheduler.close()
  release.resolve()
  await Promise.all([closed, settled])
  scheduler.keepPace()
  await assert.rejects(scheduler.settle(), /stopping/)
  assert.deepEqual(begun, ['first'])
})
