/// <reference types="node" />
// A page that cannot be fetched reloads itself once, not in a circle.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isReloadDue } from './reload-once.ts'

test('PO23 a page that could not be fetched reloads by itself, once a minute at most', () => {
  const last = JSON.stringify({ path: '/events', at: 1_000 })
  assert.equal(isReloadDue(null, '/events', 5_000), true)
  assert.equal(isReloadDue(last, '/events', 5_000), false)
  assert.equal(isReloadDue(last, '/data', 5_000), true)
  assert.equal(isReloadDue(last, '/events', 61_000), true)
})
