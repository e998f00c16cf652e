// The throw-away driver keeps the rules of the store, and leaves nothing behind.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { it } from 'node:test'
import { testObjects } from '../conformance.ts'
import { openObjects } from '../open.ts'

testObjects('memory', async () => {
  const objects = await openObjects('memory:')
  return { objects, [Symbol.asyncDispose]: () => objects.close() }
})

it('OB12 nothing of a throw-away store is left after close', async () => {
  const objects = await openObjects('memory:')
  const folder = dirname(objects.locate('a'))
  assert.ok(existsSync(folder))
  await objects.close()
  assert.ok(!existsSync(folder))
})
