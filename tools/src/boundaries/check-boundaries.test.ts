// The boundary check sees every kind of planted violation, and says nothing about the house as it stands.
import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { formatViolation } from '../violation.ts'
import { checkBoundaries } from './check-boundaries.ts'
import { findCycles } from './find-cycles.ts'
import { rules } from './rules.ts'

const root = resolve(import.meta.dirname, '../../..')
const planted = await checkBoundaries(resolve(root, 'tools/planted/boundaries'))

for (const rule of [...rules.map(({ name }) => name), 'no-cycles', 'door-exists']) {
  test(`TL1 boundaries: a planted violation of ${rule} is caught`, () => {
    assert.ok(planted.some((violation) => violation.rule === rule))
  })
}

test('TL1 boundaries: a violation names its place', () => {
  const clock = planted.find((violation) => violation.message.includes('"Date.now"'))
  assert.deepEqual([clock?.file, clock?.line, clock?.column], ['services/events/src/domain/impure.ts', 5, 65])
  for (const what of ['Math.random', 'new Date()', 'process', 'node:fs']) assert.ok(planted.some((violation) => violation.rule === 'domain-is-pure' && violation.message.includes(`"${what}"`)), what)
})

test('TL1 boundaries: an SDK may import types, and Node where only servers load it', () => {
  assert.deepEqual(planted.filter((violation) => violation.file === 'sdks/js/src/index.ts').map((violation) => violation.line), [2, 3, 5])
  assert.ok(!planted.some((violation) => violation.file === 'sdks/js/src/node.ts'))
})

test('TL2 boundaries: the house keeps its own rules', async () => {
  assert.deepEqual((await checkBoundaries(root)).map(formatViolation), [])
})

test('TL3 cycles: components of a graph, without its trees', () => {
  const graph = new Map([['a', ['b']], ['b', ['c']], ['c', ['a', 'd']], ['d', []], ['e', ['e']], ['f', ['a']]])
  assert.deepEqual(findCycles(graph), [['a', 'b', 'c'], ['e']])
})
