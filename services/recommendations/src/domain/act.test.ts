// What an act weighs, and which list it belongs to.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { computeActWeight, readAct } from './act.ts'

const occurredAt = '2026-09-23T12:00:00.000Z'

test('RE6 weights: complete 1 from 80 % on, partial 0.5, save 2.5, playlist 2, skip -0.8, within 30 s -1.5; a count multiplies plays', () => {
  const act = { share: 1, plays: 1, playedMs: 100_000 }
  const cases: [Parameters<typeof computeActWeight>[0], number][] = [
    [{ ...act, kind: 'played' }, 1],
    [{ ...act, kind: 'played', share: 0.8 }, 1],
    [{ ...act, kind: 'played', share: 0.79 }, 0.5],
    [{ ...act, kind: 'played', plays: 13_883 }, 13_883],
    [{ ...act, kind: 'saved' }, 2.5],
    [{ ...act, kind: 'added' }, 2],
    [{ ...act, kind: 'skipped', playedMs: 30_000 }, -0.8],
    [{ ...act, kind: 'skipped', playedMs: 29_999 }, -1.5],
  ]
  for (const [input, weight] of cases) assert.equal(computeActWeight(input), weight, JSON.stringify(input))
})

test('RE6 an event becomes an act; what it leaves out has a plain meaning', () => {
  const properties = { trackId: 't', artistId: 'a', trackMs: 200, playedMs: 50, source: 'library' }
  assert.deepEqual(readAct('played', { userId: 'u', occurredAt, properties }), { user: 'u', kind: 'played', trackId: 't', artistId: 'a', occurredMs: Date.parse(occurredAt), playedMs: 50, share: 0.25, plays: 1 })
  const bare = readAct('played', { userId: 'u', occurredAt, properties: { trackId: 't', plays: 40 } })
  assert.deepEqual([bare?.artistId, bare?.share, bare?.plays], ['t', 1, 40])
})

test('RE7 an act belongs to the list it names; without a possible name, to the shelf’s list of the week it happened in', () => {
  const listOf = (properties: Record<string, unknown>): string | undefined => readAct('saved', { userId: 'u', occurredAt, properties: { trackId: 't', ...properties } })?.list
  assert.equal(listOf({ source: 'discover-weekly', listId: '2026-09-14' }), '2026-09-14/discover-weekly')
  assert.equal(listOf({ source: 'popularity' }), '2026-09-21/popularity')
  for (const listId of ['2026-09-23', '9998-12-28', '2026-13-45', '2026-09-14/x', 'whatever', '__proto__', 5]) assert.equal(listOf({ source: 'discover-weekly', listId }), '2026-09-21/discover-weekly', String(listId))
  assert.equal(listOf({ source: 'search', listId: '2026-09-21' }), undefined)
})
