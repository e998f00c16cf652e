// Dead letters by reason.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderReasons } from './show-dead.ts'

test('PF120 reasons are told as `replay --reason` takes them', () => {
  const told = renderReasons('track-played', [
    { reason: 'properties/playedMs type', count: 1_204 },
    { reason: 'id required', count: 3 },
  ])
  assert.deepEqual(told.split('\n'), ['By reason:', '   1,204  rondo events replay track-played --dry-run --reason "properties/playedMs type"', '       3  rondo events replay track-played --dry-run --reason "id required"'])
})
