// The words of reasons.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Item } from '../contract.ts'
import { explain, type ExplainInput, type Heard } from './explain.ts'

const picked: Item = { trackId: 'new', title: 'New', artistId: 'x', artistName: 'Xenia', genre: 'ambient' }
const items = new Map<string, Item>([
  ['song', { trackId: 'song', title: 'Song', artistId: 'y', artistName: 'Yara', genre: 'ambient' }],
  ['duran', { trackId: 'duran', title: 'Duran Duran', artistId: 'duran', artistName: 'Duran Duran', genre: 'pop' }],
])
const heard: Heard = { trackId: 'song', lastMs: Date.parse('2026-09-20T10:00:00Z'), plays: 1, finished: 1, saved: false }

function say(over: Omit<Partial<ExplainInput>, 'picked'> & { from?: 'taste' | 'popularity' | 'fresh' }) {
  const { from = 'taste', ...rest } = over
  return explain({
    picked: { item: picked, from, score: 1, sources: { people: 1, popularity: 0, freshness: 0 } },
    nearest: undefined, listeners: 214, likesArtist: false, getItem: (trackId) => items.get(trackId) ?? picked, ...rest,
  })
}

test('RE14 the reason names what was done with the nearest liked track', () => {
  const { kind, text, becauseOf } = say({ nearest: heard })
  assert.deepEqual([kind, text], ['similar', 'You finished “Song” by Yara'])
  assert.deepEqual(becauseOf, { trackId: 'song', title: 'Song', occurredAt: '2026-09-20T10:00:00.000Z' })
  assert.equal(say({ nearest: { ...heard, finished: 0 } }).text, 'You played “Song” by Yara')
  assert.equal(say({ nearest: { ...heard, saved: true } }).text, 'You saved “Song” by Yara')
  assert.equal(say({ nearest: { ...heard, saved: true, plays: 3 } }).text, 'You played “Song” by Yara 3 times')
  assert.equal(say({ nearest: { ...heard, trackId: 'duran', plays: 13_883 } }).text, 'You played “Duran Duran” 13,883 times')
})

test('RE14 without one, how many listen; what is new says why it is there', () => {
  assert.deepEqual(say({}), { kind: 'popular', text: '214 listeners play it, and you have not heard it' })
  assert.deepEqual(say({ from: 'popularity', nearest: heard, listeners: 1_204 }).text, '1,204 listeners play it, and you have not heard it')
  assert.deepEqual(say({ listeners: 1 }).text, 'Others have begun to play it, and you have not heard it')
  assert.deepEqual(say({ from: 'fresh' }), { kind: 'new', text: 'New in ambient, which you play often' })
  assert.deepEqual(say({ from: 'fresh', likesArtist: true }).text, 'New from Xenia, whom you play')
})
