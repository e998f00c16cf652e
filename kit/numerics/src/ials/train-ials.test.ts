// Training against a naive oracle, and its promises: same bits, free event loop, bad input refused.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trainNaiveIals } from '../../test/naive-ials.ts'
import { createRandomInteractions } from '../../test/random-interactions.ts'
import { createCsr } from '../matrix/csr-matrix.ts'
import type { IalsOptions } from './ials-options.ts'
import { type IalsModel, trainIals } from './train-ials.ts'

const interactions = createRandomInteractions({ rowCount: 60, columnCount: 40, entryCount: 500, dislikes: true })
const options: IalsOptions = { interactions, dimensions: 16, epochs: 3, alpha0: 0.2, regularization: 0.05, nu: 0.8, seed: 3, threads: 1 }

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length)
  const largest = Array.from(expected).reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  for (let at = 0; at < expected.length; at += 1) {
    const difference = Math.abs(actual[at]! - expected[at]!)
    assert.ok(difference <= tolerance * largest, `number ${at}: ${actual[at]} against ${expected[at]}`)
  }
}

function score(model: IalsModel, user: number, item: number): number {
  let sum = 0
  for (let k = 0; k < model.dimensions; k += 1) sum += model.userFactors[user * model.dimensions + k]! * model.itemFactors[item * model.dimensions + k]!
  return sum
}

for (const dimensions of [1, 5, 8, 16, 20, 64]) {
  test(`NUM3 agrees with the oracle at ${dimensions} dimensions`, async () => {
    const naive = trainNaiveIals({ interactions, dimensions, epochs: 3, alpha0: 0.2, regularization: 0.05, nu: 0.8, seed: 3 })
    const model = await trainIals({ ...options, dimensions })
    assertClose(model.userFactors, naive.users.flat(), 1e-3)
    assertClose(model.itemFactors, naive.items.flat(), 1e-3)
    assert.equal(model.resolvedRowCount, 0)
  })
}

test('NUM3 the plain build agrees too', async () => {
  const naive = trainNaiveIals({ interactions, dimensions: 16, epochs: 3, alpha0: 0.2, regularization: 0.05, nu: 0.8, seed: 3 })
  const model = await trainIals({ ...options, kernelBuild: 'plain' })
  assertClose(model.itemFactors, naive.items.flat(), 1e-3)
})

test('NUM3 rows longer than a block of the kernels agree too', async () => {
  const dense = createRandomInteractions({ rowCount: 12, columnCount: 300, entryCount: 3000, seed: 9 })
  const naive = trainNaiveIals({ interactions: dense, dimensions: 8, epochs: 2, alpha0: 0.2, regularization: 0.05, nu: 1, seed: 3 })
  const model = await trainIals({ ...options, interactions: dense, dimensions: 8, epochs: 2, nu: 1 })
  assertClose(model.itemFactors, naive.items.flat(), 1e-3)
})

test('NUM4 the same seed gives the same bits with one thread and with three, another seed does not', async () => {
  const larger = createRandomInteractions({ rowCount: 900, columnCount: 500, entryCount: 30000 })
  const [one, three, other] = await Promise.all([
    trainIals({ ...options, interactions: larger, threads: 1 }),
    trainIals({ ...options, interactions: larger, threads: 3 }),
    trainIals({ ...options, interactions: larger, threads: 3, seed: 4 }),
  ])
  assert.deepEqual(three, one)
  assert.notDeepEqual(other.itemFactors, one.itemFactors)
})

test('NUM5 equations too near singular for f32 are solved in f64', async () => {
  // without unobserved weight and ridge a row with fewer entries than dimensions has a singular matrix
  const model = await trainIals({ ...options, alpha0: 0, regularization: 0, epochs: 2 })
  assert.ok(model.resolvedRowCount > 0)
  assert.ok(model.userFactors.every(Number.isFinite) && model.itemFactors.every(Number.isFinite))
})

test('NUM6 a checkerboard is learnt', async () => {
  const pairs = Array.from({ length: 20 * 20 }, (_, at) => [Math.floor(at / 20), at % 20] as const).filter(([user, item]) => user % 2 === item % 2)
  const board = createCsr({ rowCount: 20, columnCount: 20, rows: pairs.map(([user]) => user), columns: pairs.map(([, item]) => item) })
  const model = await trainIals({ ...options, interactions: board, dimensions: 8, epochs: 15, alpha0: 0.5, regularization: 0.001 })
  for (let user = 0; user < 20; user += 1) {
    for (let item = 0; item < 20; item += 1) {
      if (user % 2 !== item % 2) assert.ok(Math.abs(score(model, user, item)) < 0.05)
      else assert.ok(Math.abs(score(model, user, item) - 1 / 1.5) < 0.1) // confidence 1 on preference 1 against 0.5 on 0
    }
  }
})

test('NUM7 a dislike scores below what was never seen, an empty row is zero', async () => {
  const rows = [0, 0, 1, 1, 2, 2, 3]
  const columns = [0, 1, 0, 1, 0, 1, 0]
  const withDislike = createCsr({ rowCount: 5, columnCount: 3, rows: [...rows, 3], columns: [...columns, 1], values: [1, 1, 1, 1, 1, 1, 1, -5] })
  const without = createCsr({ rowCount: 5, columnCount: 3, rows, columns })
  const disliking = await trainIals({ ...options, interactions: withDislike, dimensions: 8, epochs: 10 })
  const neutral = await trainIals({ ...options, interactions: without, dimensions: 8, epochs: 10 })
  assert.ok(score(disliking, 3, 1) < score(neutral, 3, 1))
  assert.deepEqual(disliking.userFactors.subarray(4 * 8), new Float32Array(8))
})

test('NUM8 conjugate gradient with many steps agrees with Cholesky', async () => {
  const exact = await trainIals(options)
  const iterated = await trainIals({ ...options, solver: 'conjugate-gradient', conjugateGradientSteps: 40 })
  assertClose(iterated.itemFactors, exact.itemFactors, 2e-3)
  const quick = await trainIals({ ...options, solver: 'conjugate-gradient', threads: 2 })
  assert.ok(quick.itemFactors.every(Number.isFinite))
})

test('NUM10 reports every epoch and stops when aborted', async () => {
  const epochs: number[] = []
  const controller = new AbortController()
  const onEpoch = ({ epoch }: { epoch: number }): void => {
    epochs.push(epoch)
    if (epoch === 2) controller.abort(new Error('enough'))
  }
  await assert.rejects(trainIals({ ...options, epochs: 50, onEpoch, signal: controller.signal }), { message: 'enough' })
  assert.deepEqual(epochs, [1, 2])
})

test('NUM11 the event loop turns while it trains', async () => {
  const larger = createRandomInteractions({ rowCount: 4000, columnCount: 2000, entryCount: 200000 })
  await trainIals({ ...options, epochs: 1 }) // kernels compiled and cached
  let longestMs = 0
  let last = performance.now()
  const timer = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last)
    last = performance.now()
  }, 2)
  const start = performance.now()
  await trainIals({ ...options, interactions: larger, dimensions: 64, epochs: 4 })
  const totalMs = performance.now() - start
  clearInterval(timer)
  assert.ok(longestMs < Math.max(50, totalMs / 3), `${longestMs} ms of ${totalMs} ms without a turn`)
})

test('NUM12 bad options are refused by name', async () => {
  const refused = (change: Partial<IalsOptions>, code: string, name: RegExp): Promise<void> =>
    assert.rejects(trainIals({ ...options, ...change }), (error: Error & { code?: string }) => error.code === code && name.test(error.message))
  await refused({ dimensions: 0 }, 'NUMERICS_OUT_OF_RANGE', /"dimensions" is "0"/)
  await refused({ alpha0: Number.NaN }, 'NUMERICS_OUT_OF_RANGE', /"alpha0" is "NaN"/)
  await refused({ regularization: -1 }, 'NUMERICS_OUT_OF_RANGE', /"regularization" is "-1"/)
  await refused({ threads: 0 }, 'NUMERICS_OUT_OF_RANGE', /"threads"/)
  await refused({ solver: 'qr' as 'cholesky' }, 'NUMERICS_OUT_OF_RANGE', /"solver" is "qr"/)
  const values = interactions.values.slice()
  values[7] = Number.NaN
  await refused({ interactions: { ...interactions, values } }, 'NUMERICS_NOT_FINITE', /number 7 is "NaN"/)
  const huge = { ...interactions, values: interactions.values.map(() => 3e38) }
  await assert.rejects(trainIals({ ...options, interactions: huge, solver: 'conjugate-gradient' }), { code: 'NUMERICS_DIVERGED' })
})
