// An iALS epoch at the size of a service, against the same algorithm as a scalar TypeScript loop on a sample of the rows.
import { availableParallelism } from 'node:os'
import { type CsrMatrix, type IalsEpoch, type IalsModel, type IalsOptions, trainIals, transposeCsr } from '@rondo/numerics'
import type { BenchOptions, BenchResult } from '../result.ts'
import { computeMedian } from './compute-median.ts'
import { solveRowsScalar } from './scalar-ials.ts'
import { createSyntheticInteractions } from './synthetic-interactions.ts'

const EPOCHS = 4
/** 1.3 times the half-epoch of the prototype that these kernels were written after, both on one core of the machine they were made on. */
const USER_MARK_S = 1.6
const HYPERPARAMETERS = { dimensions: 64, alpha0: 0.1, regularization: 0.05, nu: 0.5 }

type Timing = { userSeconds: number; itemSeconds: number; model: IalsModel }

export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const scale = small ? 0.1 : 1
  const [userCount, itemCount, entryCount] = [100_000 * scale, 20_000 * scale, 5_000_000 * scale]
  const interactions = createSyntheticInteractions(userCount, itemCount, entryCount)
  const threads = availableParallelism()
  const one = await timeTraining({ interactions, threads: 1 })
  const all = await timeTraining({ interactions, threads })
  const iterated = await timeTraining({ interactions, threads: 1, solver: 'conjugate-gradient' })
  const scalar = timeScalar(interactions, one.model)
  const size = `d=64, ${userCount} x ${itemCount}, ${entryCount / 1e6}M`
  const mark = small ? {} : { mark: `≤ ${USER_MARK_S} s`, ok: one.userSeconds <= USER_MARK_S }

  const half = (name: string, seconds: number, reference: number, rows: number, fixedRows: number): BenchResult => {
    const gigaflops = countFlops(interactions, rows, fixedRows) / seconds / 1e9
    return { name, figure: `${seconds.toFixed(3)} s, ${gigaflops.toFixed(1)} GFLOP/s`, ratio: reference / seconds, reference: 'scalar TypeScript' }
  }
  const epoch = (name: string, { userSeconds, itemSeconds }: Timing): BenchResult => ({
    name,
    figure: `${(userSeconds + itemSeconds).toFixed(3)} s (users ${userSeconds.toFixed(3)}, items ${itemSeconds.toFixed(3)})`,
    ratio: (scalar.userSeconds + scalar.itemSeconds) / (userSeconds + itemSeconds),
    reference: 'scalar TypeScript Cholesky, one thread',
  })
  return [
    { ...half(`iALS user half-epoch, Cholesky, 1 thread, ${size}`, one.userSeconds, scalar.userSeconds, userCount, itemCount), ...mark },
    half('iALS item half-epoch, Cholesky, 1 thread', one.itemSeconds, scalar.itemSeconds, itemCount, userCount),
    epoch('iALS epoch, Cholesky, 1 thread', one),
    epoch(`iALS epoch, Cholesky, ${threads} threads`, all),
    epoch('iALS epoch, conjugate gradient 3 steps, 1 thread', iterated),
  ]
}

/** Medians over the epochs after the first, in which the engine still optimizes the kernels. */
async function timeTraining(options: IalsOptions): Promise<Timing> {
  const epochs: IalsEpoch[] = []
  const model = await trainIals({ ...HYPERPARAMETERS, ...options, epochs: EPOCHS, onEpoch: (epoch) => epochs.push(epoch) })
  const warm = epochs.slice(1)
  return {
    userSeconds: computeMedian(warm.map(({ userDurationMs }) => userDurationMs)) / 1e3,
    itemSeconds: computeMedian(warm.map(({ itemDurationMs }) => itemDurationMs)) / 1e3,
    model,
  }
}

function timeScalar(interactions: CsrMatrix, model: IalsModel): { userSeconds: number; itemSeconds: number } {
  const sides = [
    { matrix: interactions, factors: model.itemFactors, gram: model.itemGram, every: 200 },
    { matrix: transposeCsr(interactions), factors: model.userFactors, gram: model.userGram, every: 100 },
  ]
  const [userSeconds = 0, itemSeconds = 0] = sides.map(({ matrix, factors, gram, every }) => {
    const sample = Array.from({ length: Math.floor(matrix.rowCount / every) }, (_, at) => at * every)
    const sampleEntries = sample.reduce((sum, row) => sum + matrix.rowOffsets[row + 1]! - matrix.rowOffsets[row]!, 0)
    const input = { interactions: matrix, factors, gram: gram.map((value) => HYPERPARAMETERS.alpha0 * value), ridge: 1, dimensions: 64 }
    solveRowsScalar(input, sample.slice(0, 20))
    const start = performance.now()
    solveRowsScalar(input, sample)
    // scaled by entries, not rows: those are what differs between a sample and the whole
    return ((performance.now() - start) / 1e3) * (matrix.columnIndices.length / sampleEntries)
  })
  return { userSeconds, itemSeconds }
}

/** Multiplications and additions of a half-epoch that cannot be saved: triangles of outer products, right sides, factoring, substitution, Gram. */
function countFlops({ columnIndices }: CsrMatrix, rows: number, fixedRows: number): number {
  const d = HYPERPARAMETERS.dimensions
  return columnIndices.length * (d * (d + 1) + 2 * d) + rows * (d ** 3 / 3 + 2 * d * d) + fixedRows * d * (d + 1)
}
