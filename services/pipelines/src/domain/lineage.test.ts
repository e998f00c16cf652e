// Closures of the graph of definitions.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DefinitionSet } from '../contract.ts'
import { buildGraph } from './definition-graph.ts'
import { buildAdjacency, findClosure } from './lineage.ts'

/** `count` datasets; each reads up to three of those before it. */
function buildSet(count: number): DefinitionSet {
  const names = Array.from({ length: count }, (_, index) => `d${index}`)
  return {
    endpoints: names.map((name) => ({ name, owner: 's', description: '', partition: 'daily', key: [], columns: [{ name: 'x', type: 'string', personal: 'none' }], retention: '1d', slo: { landsWithinMinutes: 1 } })),
    pipelines: names.map((output, index) => {
      const inputs = index === 0 ? { a: { endpoint: 'events' } } : Object.fromEntries([1, 7, 31].flatMap((step) => (index >= step ? [[`i${step}`, { endpoint: `d${index - step}` }]] : [])))
      return { name: `p${index}`, owner: 's', description: '', output, inputs, sql: 'select x from a' }
    }),
  }
}

test('PL11 closures follow the graph, nearest first', () => {
  const { graph } = buildGraph(buildSet(9), new Set(['events']), (text) => text)
  const { up, down } = buildAdjacency(graph)
  assert.deepEqual(findClosure('d2', up), ['d1', 'd0', 'events'])
  assert.deepEqual(findClosure('d6', down), ['d7', 'd8'])
  assert.deepEqual(findClosure('nothing', down), [])
})

test('PL11 the largest closure of 40,000 datasets takes milliseconds', () => {
  const { graph, violations } = buildGraph(buildSet(40_000), new Set(['events']), () => '')
  assert.deepEqual(violations, [])
  const { up } = buildAdjacency(graph)
  const began = performance.now()
  assert.equal(findClosure('d39999', up).length, 40_000)
  assert.ok(performance.now() - began < 500)
})
