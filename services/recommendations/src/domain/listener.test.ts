// What is remembered of a listener.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '@rondo/time'
import { computeActWeight, type Act } from './act.ts'
import { applyAct, computeTaste, countListPlays, createListener, type Touch } from './listener.ts'

const AT_MS = Date.parse('2026-09-23T12:00:00Z')

function act(over: Partial<Act>): Act {
  return { user: 'u', kind: 'played', trackId: 't', artistId: 'a', occurredMs: AT_MS, playedMs: 100, share: 1, plays: 1, ...over }
}

function apply(acts: Act[]) {
  const listener = createListener('u')
  for (const one of acts) applyAct(listener, one, computeActWeight(one))
  return listener
}

test('RE6 acts add up to one signed score a track', () => {
  const { touches, plays, saves, firstMs, lastMs } = apply([
    act({ occurredMs: AT_MS + 5 }),
    act({ share: 0.5, occurredMs: AT_MS - 5 }),
    act({ kind: 'skipped', playedMs: 1 }),
    act({ kind: 'saved' }),
    act({ kind: 'added' }),
    act({ trackId: 'other', plays: 7 }),
  ])
  assert.deepEqual(touches.get('t'), { artistId: 'a', score: 4.5, plays: 2, finished: 1, skips: 1, saved: true, firstMs: AT_MS - 5, lastMs: AT_MS + 5 })
  assert.deepEqual([plays, saves, firstMs, lastMs, touches.get('other')?.plays], [9, 2, AT_MS - 5, AT_MS + 5, 7])
})

test('RE6 the newest sixty acts are kept in the order of time, in whatever order they come', () => {
  const order = Array.from({ length: 90 }, (_, i) => (i * 37) % 90)
  const { recent } = apply(order.map((i) => act({ trackId: `t${i}`, occurredMs: AT_MS + i })))
  assert.deepEqual(recent.map(({ trackId }) => trackId), Array.from({ length: 60 }, (_, i) => `t${i + 30}`))
})

test('RE7 of what came of a listed track the best stands, in any order', () => {
  const list = '2026-09-21/discover-weekly'
  const acts = [act({ kind: 'skipped', list }), act({ share: 0.5, list }), act({ list }), act({ kind: 'saved', list }), act({ kind: 'skipped', trackId: 's', list })]
  for (const some of [acts, acts.toReversed()]) {
    const { lists } = apply(some)
    assert.deepEqual(lists.get(list), new Map([['s', 'skipped'], ['t', 'saved']]))
    assert.equal(countListPlays(lists, '2026-09-21'), 1)
    assert.equal(countListPlays(lists, '2026-09-14'), 0)
  }
})

test('RE7 the newest twenty-four lists are remembered', () => {
  const { lists } = apply(Array.from({ length: 30 }, (_, i) => act({ list: `2026-01-${String(i + 1).padStart(2, '0')}/popularity` })))
  assert.equal(lists.size, 24)
  assert.equal(lists.has('2026-01-06/popularity'), false)
  assert.equal(lists.has('2026-01-30/popularity'), true)
})

test('RE8 taste halves in 28 days and keeps a tenth; the future is now', () => {
  const touch: Touch = { artistId: 'a', score: 8, plays: 0, finished: 0, skips: 0, saved: false, firstMs: AT_MS, lastMs: AT_MS }
  assert.equal(computeTaste(touch, AT_MS), 8)
  assert.equal(computeTaste(touch, AT_MS + 28 * DAY_MS), 4)
  assert.equal(computeTaste(touch, AT_MS + 1_000 * DAY_MS), 0.8)
  assert.equal(computeTaste(touch, AT_MS - DAY_MS), 8)
  assert.equal(computeTaste({ ...touch, score: -8 }, AT_MS + 28 * DAY_MS), -4)
})
