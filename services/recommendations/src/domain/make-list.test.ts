// What a list may hold, in which order.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import { makeList, type ListInput, type TasteCandidate } from './make-list.ts'

const item = (trackId: string, artistId = `artist of ${trackId}`) => ({ trackId, title: trackId, artistId, artistName: artistId, genre: 'g' })
const candidates = (prefix: string, count: number): TasteCandidate[] => Array.from({ length: count }, (_, i) => ({ trackId: `${prefix}${i}`, score: 1 - i / count, average: 0.1 }))
const open: ListInput = { byTaste: [], byPopularity: [], fresh: [], isHeard: () => false, findItem: (trackId) => item(trackId) }
const idsOf = (input: Partial<ListInput>): string[] => makeList({ ...open, ...input }).map(({ item }) => item.trackId)

test('RE10 thirty tracks: never one that was heard, none twice', () => {
  const ids = idsOf({ byTaste: candidates('t', 100), byPopularity: candidates('t', 100), fresh: candidates('t', 100), isHeard: (trackId) => Number(trackId.slice(1)) % 2 === 0 })
  assert.equal(ids.length, 30)
  assert.equal(new Set(ids).size, 30)
  assert.ok(ids.every((id) => Number(id.slice(1)) % 2 === 1))
})

test('RE11 two an artist at most, across all layers', () => {
  const random = createRandom('artists')
  const artistOf = new Map(Array.from({ length: 300 }, (_, i) => [`t${i}`, `a${Math.floor(random.next() * 18)}`]))
  const picked = makeList({ ...open, byTaste: candidates('t', 100), fresh: candidates('t', 200), byPopularity: candidates('t', 300), findItem: (trackId) => item(trackId, artistOf.get(trackId)) })
  const perArtist = Map.groupBy(picked, (one) => one.item.artistId)
  assert.ok([...perArtist.values()].every((own) => own.length <= 2))
  assert.equal(picked.length, 30)
})

test('RE10 a catalogue with fewer tracks gives fewer; an empty one none', () => {
  assert.deepEqual(idsOf({ byTaste: candidates('t', 4), byPopularity: [...candidates('t', 4), ...candidates('p', 3)] }), ['t0', 't1', 't2', 't3', 'p0', 'p1', 'p2'])
  assert.deepEqual(idsOf({}), [])
  assert.deepEqual(idsOf({ byTaste: candidates('t', 50), findItem: (trackId) => item(trackId, 'only one') }), ['t0', 't1'])
})

test('RE15 a track that the catalogue does not hold never appears', () => {
  const ids = idsOf({ byTaste: candidates('t', 60), fresh: candidates('f', 9), byPopularity: candidates('p', 60), findItem: (trackId) => (/3/.test(trackId) ? undefined : item(trackId)) })
  assert.equal(ids.length, 30)
  assert.ok(ids.every((id) => !id.includes('3')))
})

test('RE12 order: taste, three new ones in thirty, then more of taste, then what most play', () => {
  const full = idsOf({ byTaste: candidates('t', 100), fresh: candidates('f', 10), byPopularity: candidates('p', 100) })
  assert.deepEqual(full, [...candidates('t', 27), ...candidates('f', 3)].map(({ trackId }) => trackId))
  assert.equal(idsOf({ byTaste: candidates('t', 100), fresh: candidates('f', 1) }).at(-1), 't28')
  assert.deepEqual(idsOf({ byPopularity: candidates('p', 100), fresh: candidates('f', 10) }), candidates('p', 30).map(({ trackId }) => trackId))
})

test('RE12 a list of any length has that length: new ones take one place in ten', () => {
  for (const length of [1, 2, 3, 9, 10, 19, 20, 30, 60]) {
    const ids = idsOf({ byTaste: candidates('t', 100), fresh: candidates('f', 10), byPopularity: candidates('p', 10), length })
    assert.equal(ids.length, length)
    assert.equal(ids.filter((id) => id.startsWith('f')).length, Math.min(3, Math.floor(length / 10)), `${length}`)
  }
})

test('RE14 sources: what the average listener would be given too is popularity, within 0 and 1 whatever the scores', () => {
  const byTaste = [
    { trackId: 'a', score: 0.8, average: 0.2 },
    { trackId: 'b', score: 0.5, average: 0.9 },
    { trackId: 'c', score: 0.4, average: -0.3 },
  ]
  const sources = makeList({ ...open, byTaste, length: 3 }).map((picked) => picked.sources)
  assert.deepEqual(sources, [
    { people: 0.75, popularity: 0.25, freshness: 0 },
    { people: 0, popularity: 1, freshness: 0 },
    { people: 1, popularity: 0, freshness: 0 },
  ])
})
