// Names of weekly lists, the weeks beside them, and what changed from one to the next.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareLists, findMonday, findPlayedInstead, findWeekAfter, findWeekBefore, isUnknown, nameList, sayChange } from './list-words.ts'

const week = (monday: string, shelf: 'discover-weekly' | 'popularity' = 'discover-weekly') => ({ week: monday, shelf, played: 0, finished: 0, saved: 0, newArtists: 0 })
const weeks = [week('2026-09-21'), week('2026-09-14', 'popularity'), week('2026-09-14'), week('2026-08-31')]

const track = (artist: string, trackId: string) => ({
  trackId, title: trackId, artistId: artist, artistName: artist.toUpperCase(), genre: '', position: 1, score: 1, outcome: 'waiting' as const,
  reason: { kind: 'popular' as const, text: '' }, sources: { people: 0, popularity: 1, freshness: 0 },
})

test('RCW4 a list is called by its Monday and its length', () => {
  assert.equal(findMonday(Date.parse('2026-09-27T23:59:00Z')), '2026-09-21')
  assert.equal(nameList(30, '2026-09-21', '2026-09-21'), 'This Monday’s thirty')
  assert.equal(nameList(12, '2026-09-21', '2026-09-21'), 'This Monday’s 12 tracks')
  assert.equal(nameList(30, '2026-09-14', '2026-09-21'), 'The thirty of Mon 14 Sep')
})

test('RCW5 the weeks beside one are those of its own shelf, over gaps', () => {
  assert.equal(findWeekBefore(weeks, 'discover-weekly', '2026-09-14')?.week, '2026-08-31')
  assert.equal(findWeekBefore(weeks, 'popularity', '2026-09-21')?.week, '2026-09-14')
  assert.equal(findWeekBefore(weeks, 'discover-weekly', '2026-08-31'), undefined)
  assert.equal(findWeekAfter(weeks, 'discover-weekly', '2026-08-31')?.week, '2026-09-14')
  assert.equal(findWeekAfter(weeks, 'popularity', '2026-09-14'), undefined)
})

test('RCW9 a list that never stood on the shelf is not called a failure', () => {
  const [unseen, seen] = [week('2026-09-14'), { ...week('2026-09-14', 'popularity'), played: 14, finished: 11 }]
  assert.equal(findPlayedInstead([unseen, seen], unseen), seen)
  assert.equal(findPlayedInstead([unseen, seen], { ...unseen, played: 1 }), undefined)
  assert.equal(findPlayedInstead([unseen, week('2026-09-14', 'popularity')], unseen), undefined)
})

test('RCW6 what changed is counted by artist, each once', () => {
  const change = compareLists({ tracks: [track('a', 'a1'), track('a', 'a2'), track('b', 'b1'), track('c', 'c1')] }, { tracks: [track('a', 'a1'), track('d', 'd1')] })
  assert.deepEqual(change, { tracksKept: 1, artistsKept: ['A'], artistsNew: ['B', 'C'], artistsGone: ['D'] })
  assert.equal(sayChange(change), '2 artists are new, 1 stays.')
  assert.equal(sayChange({ tracksKept: 0, artistsKept: [], artistsNew: ['B', 'C'], artistsGone: [] }), 'All 2 artists are new.')
  assert.equal(sayChange({ tracksKept: 0, artistsKept: ['A', 'B'], artistsNew: [], artistsGone: [] }), 'No artist is new; 2 stay.')
})

test('RCW10 somebody of whom no event came is no listener', () => {
  assert.equal(isUnknown({ firstEventAt: null }), true)
  assert.equal(isUnknown({ firstEventAt: '2026-09-21T08:00:00Z' }), false)
})
