// Copies between rooms, beside what JSON itself would make of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import { copyAsJson } from './copy-as-json.ts'

const throughJson = (value: unknown): unknown => {
  const text = JSON.stringify(value)
  return text === undefined ? undefined : JSON.parse(text)
}

test('CON6 a copy is what JSON carries: random values of every kind', () => {
  const random = createRandom('copies')
  const leaves: unknown[] = ['', 'ä\u0000"', 0, -0, 1e-7, 2 ** 53, Number.NaN, -Infinity, true, null, undefined, new Date(5), new Date(Number.NaN), () => 1, Symbol('s'), new Uint8Array([1, 2]), new Map([[1, 2]]), new String('x'), new Number(3), Object.create(null)]
  const make = (depth: number): unknown => {
    const kind = depth > 4 ? 0 : random.int(3)
    if (kind === 0) return leaves[random.int(leaves.length)]
    if (kind === 1) return Array.from({ length: random.int(5) }, () => make(depth + 1))
    const entries = Array.from({ length: random.int(5) }, (_, i) => [['a', 'constructor', '10', '2', 'toString'][i] ?? 'x', make(depth + 1)])
    return Object.fromEntries(entries) as unknown
  }
  for (let i = 0; i < 20_000; i += 1) {
    const value = make(0)
    assert.deepEqual(copyAsJson(value), throughJson(value))
  }
  const named = JSON.parse('{"__proto__":{"a":1}}') as unknown
  assert.deepEqual(Object.keys(copyAsJson(named) as object), ['__proto__'])
})

test('CON6 a bigint and a circle are refused', () => {
  const circle: unknown[] = []
  circle.push(circle)
  assert.throws(() => copyAsJson({ n: 1n }), TypeError)
  assert.throws(() => copyAsJson(circle), TypeError)
})
