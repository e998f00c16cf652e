// One part that fails to close leaves no other open.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeAll, closeAllAfter } from '../src/close-all.ts'

function createParts(broken: readonly string[]) {
  const closed: string[] = []
  const closes = ['log', 'database', 'room', 'host'].map((name) => async (): Promise<void> => {
    closed.push(name)
    if (broken.includes(name)) throw new Error(`${name} does not close`)
  })
  return { closed, closes }
}

test('PF47 everything is closed in reverse when parts fail to, and the first error is thrown', async () => {
  const { closed, closes } = createParts(['room', 'log'])
  await assert.rejects(closeAll(closes), { message: 'room does not close' })
  assert.deepEqual(closed, ['host', 'room', 'database', 'log'])
  const good = createParts([])
  await closeAll(good.closes)
  await closeAll(good.closes)
  assert.deepEqual(good.closed, ['host', 'room', 'database', 'log', 'host', 'room', 'database', 'log'], 'the order is not turned by closing')
})

test('PF47 why something did not open is said, not what then failed to close', async () => {
  const { closed, closes } = createParts(['host'])
  await assert.rejects(closeAllAfter(new Error('the disk is not there'), closes), { message: 'the disk is not there' })
  assert.deepEqual(closed, ['host', 'room', 'database', 'log'])
})
