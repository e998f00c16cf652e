/// <reference types="node" />
// Words of the graph of relations.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GraphNode } from '@rondo/catalog/contract'
import { sayGraph, sayNode, toAlikePath, toGraphEdge } from './graph-words.ts'

const node = (over: Partial<GraphNode> = {}): GraphNode => ({ id: 'component:default/a', title: 'a', kind: 'Component', type: 'library', ownerName: 'squad-data', state: null, known: true, distance: 1, count: 1, names: [], ...over })

test('CAW7 a node says what it is and whose, how many it stands for, or that it is missing', () => {
  assert.equal(sayNode(node()), 'library · data')
  assert.equal(sayNode(node({ count: 22, names: ['a', 'b'] })), 'data')
  assert.equal(sayNode(node({ type: 'owner', count: 1_204 })), '1,204 things')
  assert.equal(sayNode(node({ known: false })), 'not in the catalog')
  assert.equal(toAlikePath(node({ type: 'event-type' })), '/catalog?kind=event+type&owner=squad-data')
})

test('CAW7 the picture says what is drawn and what is left out', () => {
  const graph = { nodes: [node()], edges: [{ from: 'a', to: 'b', type: 'dependsOn' }], focus: 'a', related: 9, hidden: 0, foldedBy: null }
  assert.equal(sayGraph(graph, 'a'), '8 things around a, 1 relation drawn.')
  assert.equal(sayGraph({ ...graph, hidden: 4 }, 'a'), '8 things around a, 1 relation drawn; 4 further away are left out.')
  assert.match(sayGraph({ ...graph, related: 1_204, foldedBy: 'owner' }, undefined), /^1,204 things are related, too many/)
  assert.deepEqual(toGraphEdge({ from: 'a', to: 'b', type: 'partOf' }), { from: 'a', to: 'b', kind: 'has as a part', line: 'dashed' })
})
