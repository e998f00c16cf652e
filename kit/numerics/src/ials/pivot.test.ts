// The f32 solver notices what it cannot solve, and f64 gives the oracle's answer there.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trainNaiveIals } from '../../test/naive-ials.ts'
import { createRandomInteractions } from '../../test/random-interactions.ts'
import { trainIals } from './train-ials.ts'

test('NUM5 ill-conditioned rows agree with the oracle', async () => {
  const interactions = createRandomInteractions({ rowCount: 30, columnCount: 40, entryCount: 200 })
  const options = { interactions, dimensions: 16, epochs: 1, alpha0: 1e-8, regularization: 1e-8, nu: 0, seed: 5 }
  const naive = trainNaiveIals(options)
  const model = await trainIals({ ...options, threads: 1 })
  assert.ok(model.resolvedRowCount > 0, 'no row failed in f32: the case is too easy')
  const largest = Math.max(...naive.users.flat().map(Math.abs))
  naive.users.flat().forEach((value, at) => {
    const difference = Math.abs(model.userFactors[at]! - value)
    assert.ok(difference < 0.01 * largest, `number ${at}: ${model.userFactors[at]} against ${value}`)
  })
})
