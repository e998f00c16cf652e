// The order and the bound of waiting, failures and callers that go away.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createCtx } from '@rondo/context'
import { createLimit, createSemaphore, createSerial } from './index.ts'

it('a limit lets so many run, in their order, also after failures', async () => {
  const limit = createLimit(2)
  let running = 0
  let peak = 0
  const order: number[] = []
  const outcomes = await Promise.allSettled(
    Array.from({ length: 9 }, (_, index) =>
      limit(async () => {
        running += 1
        peak = Math.max(peak, running)
        order.push(index)
        await Promise.resolve()
        running -= 1
        if (index % 3 === 0) throw new Error('no')
      }),
    ),
  )
  assert.equal(peak, 2)
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8])
  assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 3)
})

it('work that throws before its first promise gives its place back', async () => {
  const serial = createSerial()
  await assert.rejects(
    serial(() => {
      throw new Error('at once')
    }),
    /at once/,
  )
  assert.equal(await serial(async () => 'next'), 'next')
})

it('who is cancelled while waiting leaves the queue at once, is never begun, and costs the others no place', async () => {
  const limit = createLimit(1)
  const first = Promise.withResolvers<void>()
  const controller = new AbortController()
  const began: string[] = []
  const begin = (name: string) => async (): Promise<void> => {
    began.push(name)
  }
  const running = limit(() => first.promise)
  const gone = limit(begin('gone'), createCtx({ signal: controller.signal }))
  const last = limit(begin('last'), createCtx())
  controller.abort()
  await assert.rejects(gone, { code: 'CANCELLED' })
  await assert.rejects(limit(begin('late'), createCtx({ signal: controller.signal })), { code: 'CANCELLED' })
  assert.deepEqual(began, [])
  first.resolve()
  await Promise.all([running, last])
  assert.deepEqual(began, ['last'])
})

it('who is cancelled in the moment in which the place comes passes it on', async () => {
  const limit = createLimit(1)
  const first = Promise.withResolvers<void>()
  const controller = new AbortController()
  const running = limit(async () => {
    await first.promise
  })
  const gone = limit(async () => assert.fail('begun'), createCtx({ signal: controller.signal }))
  const last = limit(async () => 'ran')
  void running.then(() => controller.abort())
  first.resolve()
  await assert.rejects(gone, { code: 'CANCELLED' })
  assert.equal(await last, 'ran')
})

it('a place that is given back twice is one place', async () => {
  const semaphore = createSemaphore(1)
  const release = await semaphore.acquire()
  release()
  release()
  const second = await semaphore.acquire()
  let isThirdIn = false
  const third = semaphore.acquire().then((leave) => {
    isThirdIn = true
    return leave
  })
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(isThirdIn, false)
  second()
  const leave = await third
  leave()
})
