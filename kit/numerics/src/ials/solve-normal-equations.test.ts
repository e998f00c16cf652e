// The f64 solver on equations that f32 cannot solve, and on some that nobody can.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { solveNormalEquations } from './solve-normal-equations.ts'

const nothing = { ridge: 0, columnIndices: [], values: [] }

test('NUM5 solves a Hilbert matrix of order 6, whose condition number is 1.5e7', () => {
  // one entry y with confidence 1: (H + y y') x = y, so with y = H 1 and H x = s y the answer is x = 1 / (1 + 1' H 1)
  const gram = Array.from({ length: 36 }, (_, at) => 1 / (Math.floor(at / 6) + (at % 6) + 1))
  const y = Array.from({ length: 6 }, (_, i) => gram.slice(i * 6, i * 6 + 6).reduce((sum, value) => sum + value))
  const expected = 1 / (1 + y.reduce((sum, value) => sum + value))
  const x = solveNormalEquations({ gram, factors: y, dimensions: 6, ridge: 0, columnIndices: [0], values: [1] })
  for (const value of x) assert.ok(Math.abs(value - expected) < 1e-8, `${value} against ${expected}`)
})

test('NUM5 a singular matrix gets an answer that still fits the entries', () => {
  const factors = [3, 4, 0, 0] // one item, four dimensions
  const x = solveNormalEquations({ gram: new Float64Array(16), factors, dimensions: 4, ridge: 0, columnIndices: [0], values: [2] })
  assert.ok(Math.abs(3 * x[0]! + 4 * x[1]! - 1) < 1e-6)
  assert.ok(Math.abs(x[0]! / x[1]! - 3 / 4) < 1e-3) // the shortest of the many answers
  assert.deepEqual([x[2], x[3]], [0, 0])
})

test('NUM5 no information at all is the zero factor', () => {
  assert.deepEqual(solveNormalEquations({ ...nothing, gram: new Float64Array(9), factors: [], dimensions: 3 }), new Float64Array(3))
})
