// How late a room is.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { computeLateMs, type Attention } from './pulse.ts'

const at = (state: Attention['state'], since: string): Attention => ({ state, subject: 'x', ref: '/x', owner: 'o', since, message: 'm', hurts: 'h' })

test('CON5 a room is late since the first promise that is broken, and not at all without one', () => {
  const nowMs = Date.parse('2026-09-21T10:00:00Z')
  assert.equal(computeLateMs([at('late', '2026-09-21T09:19:00Z'), at('late', '2026-09-21T09:40:00Z'), at('failed', '2026-09-20T00:00:00Z')], nowMs), 41 * 60_000)
  assert.equal(computeLateMs([at('failed', '2026-09-20T00:00:00Z')], nowMs), null)
  assert.equal(computeLateMs([at('late', '2026-09-21T10:00:00Z')], nowMs), 0)
})
