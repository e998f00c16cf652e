// Deduplication's memory: the window, the limit, and forgetting.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import { IdFingerprint } from './id-fingerprint.ts'
import { createRecentIds } from './recent-ids.ts'

test('EV6 remembers for the window at least and twice the window at most', () => {
  const ids = createRecentIds({ windowMs: 100, maxIds: 1000 })
  ids.advance(0)
  assert.equal(ids.add(1, 1), true)
  ids.advance(99)
  assert.equal(ids.add(1, 1), false)
  ids.advance(150)
  assert.equal(ids.add(1, 1), false)
  ids.advance(250)
  assert.equal(ids.add(1, 1), true)
  ids.advance(10_000)
  assert.equal(ids.add(1, 1), true)
})

test('EV6 holds as many as it says, and shortens the window beyond', () => {
  const ids = createRecentIds({ windowMs: 1e9, maxIds: 50_000 })
  const random = createRandom(3)
  const all = Array.from({ length: 40_000 }, (): [number, number] => [random.uint32(), random.uint32()])
  for (const [low, high] of all) assert.equal(ids.add(low, high), true)
  for (const [low, high] of all) assert.equal(ids.add(low, high), false)
  assert.equal(ids.turnedEarly, 0)
  for (let i = 0; i < 500_000; i += 1) ids.add(random.uint32(), random.uint32())
  assert.ok(ids.turnedEarly > 0)
  assert.ok(ids.sizeBytes < 50_000 * 2 * 64)
})

test('EV120 ids that go early are claimed by none that stay', () => {
  const older = { room: 1000, size: 0, sizeBytes: 0, has: () => false, findAll: (_words: Int32Array, _at: number, _stride: number, _count: number, found: Uint8Array) => void found.fill(0), advance: () => undefined }
  const ids = createRecentIds({ windowMs: 1e9, maxIds: 1000, older })
  const random = createRandom(5)
  const fill = (): void => {
    const before = ids.turnedEarly
    while (ids.turnedEarly === before) ids.add(random.uint32(), random.uint32())
  }
  fill()
  // What it claims lies partly in the generation that goes next.
  ids.claim('track-played', { from: 0, to: 1500 })
  fill()
  assert.deepEqual(ids.standing.flatMap(({ ranges }) => [...ranges.keys()]), [])
})

test('EV17 what was taken away can be added again, and disturbs no other', () => {
  const ids = createRecentIds({ windowMs: 100, maxIds: 100_000 })
  for (let i = 1; i < 1000; i += 1) ids.add(i, 7)
  for (let i = 1; i < 1000; i += 2) ids.remove(i, 7)
  for (let i = 1; i < 1000; i += 1) assert.equal(ids.has(i, 7), i % 2 === 0)
  assert.equal(ids.add(1, 7), true)
  for (const [low, high] of [[0, 0], [0, 1], [0, 2]] as const) ids.add(low, high)
  assert.equal(ids.has(0, 0), true)
})

test('EV6 fingerprints of near ids differ', () => {
  const print = new IdFingerprint()
  const seen = new Set<string>()
  for (let i = 0; i < 200_000; i += 1) {
    const bytes = Buffer.from(`track-${i}`)
    print.of(bytes, 0, bytes.length, 42)
    seen.add(`${print.low}:${print.high}`)
  }
  assert.equal(seen.size, 200_000)
})
