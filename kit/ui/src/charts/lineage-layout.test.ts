/// <reference types="node" />
// Placement of a lineage graph.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextNode } from './lineage-keys.ts'
import { layoutLineage, NODE } from './lineage-layout.ts'

const nodes = (...ids: string[]) => ids.map((id) => ({ id }))

test('UI11 every edge goes to the right, and nothing overlaps', () => {
  const edges = [{ from: 'a', to: 'c' }, { from: 'b', to: 'c' }, { from: 'c', to: 'd' }, { from: 'a', to: 'd' }]
  const { places, width, height } = layoutLineage(nodes('d', 'c', 'b', 'a'), edges)
  for (const edge of edges) assert.ok((places.get(edge.from)?.x ?? 0) < (places.get(edge.to)?.x ?? 0), `${edge.from} to ${edge.to}`)
  assert.equal(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size, 4)
  assert.equal(width, 3 * NODE.width + 2 * NODE.gapX)
  assert.equal(height, 2 * NODE.height + NODE.gapY)
})

test('UI12 parallel chains do not cross', () => {
  const { places } = layoutLineage(nodes('a1', 'b1', 'b2', 'a2', 'b3', 'a3'), [{ from: 'a1', to: 'a2' }, { from: 'a2', to: 'a3' }, { from: 'b1', to: 'b2' }, { from: 'b2', to: 'b3' }])
  const isAbove = (one: string, other: string): boolean => (places.get(one)?.y ?? 0) < (places.get(other)?.y ?? 0)
  assert.equal(isAbove('a1', 'b1'), isAbove('a2', 'b2'))
  assert.equal(isAbove('a2', 'b2'), isAbove('a3', 'b3'))
})

test('UI37 arrow keys go along columns and to the nearest of the next, and stop at the edge', () => {
  const { places } = layoutLineage(nodes('a', 'b', 'c'), [{ from: 'a', to: 'c' }, { from: 'b', to: 'c' }])
  assert.equal(nextNode(places, 'a', 'ArrowDown'), 'b')
  assert.equal(nextNode(places, 'b', 'ArrowRight'), 'c')
  assert.equal(nextNode(places, 'c', 'ArrowLeft'), 'a')
  assert.deepEqual([nextNode(places, 'a', 'ArrowUp'), nextNode(places, 'c', 'ArrowRight'), nextNode(places, 'a', 'x'), nextNode(places, 'z', 'ArrowUp')], [undefined, undefined, undefined, undefined])
})

test('UI38 where the tallest column does not fit the window, columns begin at the top', () => {
  const { places } = layoutLineage(nodes('a', 'b', 'c'), [{ from: 'a', to: 'c' }, { from: 'b', to: 'c' }], 'top')
  assert.deepEqual(['a', 'b', 'c'].map((id) => places.get(id)?.y), [0, NODE.height + NODE.gapY, 0])
})

test('UI13 cycles, loops and unknown ends are survived', () => {
  const { places } = layoutLineage(nodes('a', 'b'), [{ from: 'a', to: 'b' }, { from: 'b', to: 'a' }, { from: 'a', to: 'a' }, { from: 'x', to: 'b' }])
  assert.equal(places.size, 2)
  assert.equal(layoutLineage([], []).places.size, 0)
})

test('UI14 three hundred nodes are placed within a frame or two', () => {
  const many = Array.from({ length: 300 }, (_, index) => ({ id: `n${index}` }))
  const edges = many.slice(10).map((node, index) => ({ from: `n${Math.floor(index / 1.2)}`, to: node.id })).filter((edge) => edge.from !== edge.to)
  const began = performance.now()
  layoutLineage(many, edges)
  assert.ok(performance.now() - began < 400)
})
