// Implicit alternating least squares: factors of users and items from who touched what.
import { createRandom } from '@rondo/random'
import { type KernelPool, openKernelPool } from '../wasm/kernel-pool.ts'
import { loadKernels } from '../wasm/load-kernels.ts'
import { copyRows } from '../wasm/memory-layout.ts'
import { computeSideGram, runHalfEpoch } from './half-epoch.ts'
import type { IalsHyperparameters } from './ials-defaults.ts'
import { createIalsMemory, fillRidges, fillUsers, type IalsMemory, type IalsSide } from './ials-memory.ts'
import { type IalsOptions, type ResolvedIalsOptions, resolveIalsOptions } from './ials-options.ts'
import { createYield } from '../create-yield.ts'

export type IalsModel = IalsHyperparameters & {
  userCount: number
  itemCount: number
  /** userCount x dimensions and itemCount x dimensions, row-major. The score of a pair is the dot product of its rows. */
  userFactors: Float32Array
  itemFactors: Float32Array
  /** Y'Y of each side, dimensions x dimensions, for `solveRow`. */
  userGram: Float32Array
  itemGram: Float32Array
  /** Rows, over all epochs, whose equations were too near singular for f32 and were solved in f64. */
  resolvedRowCount: number
}

/**
 * Minimizes, by turns over users and items,
 *   sum over entries |r| (p - x.y)^2 + alpha0 * sum over all pairs (x.y)^2 + sum over rows ridge |row|^2,
 * p = 1 for r > 0 and 0 for r < 0; Hu, Koren and Volinsky (2008) as restated by Rendle et al., "Revisiting the Performance of iALS on
 * Item Recommendation Benchmarks" (2022). Runs in threads of its own; the caller's event loop stays free but for copying. The same
 * seed gives the same bits for any number of threads (and kernel build). Takes about
 * 16 bytes an interaction and 4 * dimensions bytes a row.
 */
export async function trainIals(options: IalsOptions): Promise<IalsModel> {
  const resolved = resolveIalsOptions(options)
  const memory = createIalsMemory(resolved)
  const { memory: shared, scratchAt, scratchBytes } = memory
  const module = await loadKernels({ build: resolved.kernelBuild })
  const pool = openKernelPool({ module, memory: shared, threads: resolved.threads, scratchAt, scratchBytes })
  try {
    await prepare(memory, pool, resolved)
    const resolvedRowCount = await runEpochs(memory, pool, resolved)
    return await readModel(memory, pool, resolved, resolvedRowCount)
  } finally {
    await pool.close()
  }
}

async function prepare(memory: IalsMemory, pool: KernelPool, options: ResolvedIalsOptions): Promise<void> {
  const { users, items } = memory
  fillUsers(memory, options)
  const source = [users.rowCount, items.rowCount, users.offsets, users.columns, users.values]
  await pool.run({ kernel: 'transposeMatrix', total: 1, chunk: 1, args: [...source, items.offsets, items.columns, items.values] }, options.signal)
  fillRidges(memory, users, items.rowCount, options)
  fillRidges(memory, items, users.rowCount, options)
  await drawItemFactors(memory, options)
}

/** Normal with standard deviation 0.1 / sqrt(dimensions), as Rendle et al.; users need no start, the first half-epoch solves them. */
async function drawItemFactors({ items, width, floats }: IalsMemory, { dimensions, seed }: ResolvedIalsOptions): Promise<void> {
  const factors = floats(items.factors, items.rowCount * width)
  const random = createRandom(seed)
  const scale = 0.1 / Math.sqrt(dimensions)
  const pause = createYield()
  for (let row = 0; row < items.rowCount; row += 1) {
    for (let k = 0; k < dimensions; k += 1) factors[row * width + k] = scale * random.normal()
    const turn = pause()
    if (turn) await turn
  }
}

async function runEpochs(memory: IalsMemory, pool: KernelPool, options: ResolvedIalsOptions): Promise<number> {
  const { users, items } = memory
  let total = 0
  for (let epoch = 1; epoch <= options.epochs; epoch += 1) {
    const start = performance.now()
    const resolvedUsers = await runHalfEpoch({ memory, pool, options, solved: users, fixed: items })
    const middle = performance.now()
    const resolvedItems = await runHalfEpoch({ memory, pool, options, solved: items, fixed: users })
    const resolvedRowCount = resolvedUsers + resolvedItems
    total += resolvedRowCount
    options.onEpoch?.({ epoch, userDurationMs: middle - start, itemDurationMs: performance.now() - middle, resolvedRowCount })
  }
  return total
}

async function readModel(memory: IalsMemory, pool: KernelPool, options: ResolvedIalsOptions, resolvedRowCount: number): Promise<IalsModel> {
  const { dimensions, epochs, alpha0, regularization, nu } = options
  const readSide = async (side: IalsSide): Promise<{ factors: Float32Array; gram: Float32Array }> => {
    await computeSideGram(memory, pool, side, 1, options.signal)
    const padded = memory.floats(side.factors, side.rowCount * memory.width)
    const factors = new Float32Array(side.rowCount * dimensions)
    copyRows(padded, memory.width, factors, dimensions)
    const gram = new Float32Array(dimensions * dimensions)
    copyRows(memory.floats(memory.gram, dimensions * memory.width), memory.width, gram, dimensions)
    return { factors, gram }
  }
  const users = await readSide(memory.users)
  const items = await readSide(memory.items)
  return {
    ...{ dimensions, epochs, alpha0, regularization, nu, resolvedRowCount },
    userCount: memory.users.rowCount,
    itemCount: memory.items.rowCount,
    userFactors: users.factors,
    itemFactors: items.factors,
    userGram: users.gram,
    itemGram: items.gram,
  }
}
