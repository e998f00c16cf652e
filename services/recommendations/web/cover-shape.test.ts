// Covers come from ids alone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawCover } from './cover-shape.ts'

test('RCW7 the same ids give the same cover, and an artist keeps its colour', () => {
  assert.deepEqual(drawCover('artist-1', 'track-1'), drawCover('artist-1', 'track-1'))
  assert.equal(drawCover('artist-1', 'track-1').colour, drawCover('artist-1', 'track-2').colour)
  const drawings = new Set(Array.from({ length: 200 }, (_, index) => JSON.stringify(drawCover(`artist-${index % 20}`, `track-${index}`))))
  assert.ok(drawings.size > 190, `${drawings.size} different of 200`)
})

test('RCW8 every pattern and colour is used, and no number is broken', () => {
  const covers = Array.from({ length: 200 }, (_, index) => drawCover(`artist-${index}`, `track-${index}`))
  assert.equal(new Set(covers.map((cover) => cover.colour)).size, 5)
  assert.ok(covers.every((cover) => cover.lines.length >= 4 && cover.lines.every((line) => !line.d.includes('NaN'))))
})
