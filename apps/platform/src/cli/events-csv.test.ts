// Events as CSV: nothing of a row is left out.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toCsv } from './events.ts'

test('PF141 events read --format csv writes every column of an event', () => {
  const at = '2026-09-21T09:00:00.000Z'
  const row = { id: 'a,b', type: 'track-played', userId: null, anonymousId: 'v"1', occurredAt: at, receivedAt: at, properties: { n: 1 }, context: { app: 'x' }, cursor: 'v1.1' }
  assert.equal(toCsv(row), `"a,b",track-played,,"v""1",${at},${at},"{""n"":1}","{""app"":""x""}",,,v1.1`)
})
