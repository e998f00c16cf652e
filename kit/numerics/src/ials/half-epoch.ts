// One half of an epoch: all rows of one side solved against the other side's factors.
import { numericsErrors } from '../errors.ts'
import type { KernelPool } from '../wasm/kernel-pool.ts'
import { GRAM_SLICES, type IalsMemory, type IalsSide } from './ials-memory.ts'
import type { ResolvedIalsOptions } from './ials-options.ts'
import { solveNormalEquations } from './solve-normal-equations.ts'
import { createYield } from '../create-yield.ts'

const ENTRIES_A_CHUNK = 4096 // about a millisecond of work: threads end together, and an abort is heard soon

export type HalfEpoch = { memory: IalsMemory; pool: KernelPool; options: ResolvedIalsOptions; solved: IalsSide; fixed: IalsSide }

/** Solves `solved`; returns how many of its rows had to be solved again in f64. */
export async function runHalfEpoch({ memory, pool, options, solved, fixed }: HalfEpoch): Promise<number> {
  const { width } = memory
  await computeSideGram(memory, pool, fixed, options.alpha0, options.signal)
  // what pads a factor must stay zero: its equation is 1 x = 0
  const gram = memory.floats(memory.gram, width * width)
  for (let k = options.dimensions; k < width; k += 1) gram[k * width + k] = 1
  const failures = memory.integers(memory.failures, solved.rowCount + 1)
  failures[0] = 0
  const exact = options.solver === 'cholesky'
  const rows = [solved.offsets, solved.columns, solved.values, fixed.factors, memory.gram, solved.ridge, width, solved.factors]
  await pool.run(
    {
      kernel: exact ? 'solveRowsByCholesky' : 'solveRowsByConjugateGradient',
      total: solved.rowCount,
      chunk: Math.max(1, Math.round((ENTRIES_A_CHUNK * solved.rowCount) / options.interactions.columnIndices.length)),
      args: [...rows, exact ? memory.failures : options.conjugateGradientSteps],
    },
    options.signal,
  )
  const failedRows = failures.subarray(1, 1 + (failures[0] as number))
  const pause = createYield()
  for (const row of failedRows) {
    options.signal?.throwIfAborted()
    await pause()
    solveInDoublePrecision(memory, solved, fixed, row)
  }
  return failedRows.length
}

/** memory.gram = scale * Y'Y of a side's factors, whole. Refuses factors that are not finite: each stands squared on the diagonal. */
export async function computeSideGram(memory: IalsMemory, pool: KernelPool, side: IalsSide, scale: number, signal?: AbortSignal): Promise<void> {
  const { width, gram, gramPartials } = memory
  const sliceRows = Math.ceil(side.rowCount / GRAM_SLICES)
  const sliceCount = Math.ceil(side.rowCount / sliceRows)
  await pool.run(
    { kernel: 'accumulateGram', total: sliceCount, chunk: 1, args: [side.factors, side.rowCount, width, sliceRows, gramPartials] },
    signal,
  )
  await pool.run({ kernel: 'combineGrams', total: width, chunk: 16, args: [gramPartials, sliceCount, width, scale, gram] }, signal)
  const squares = memory.floats(gram, width * width).filter((_, at) => at % (width + 1) === 0)
  if (!squares.every(Number.isFinite)) throw numericsErrors.diverged({ name: side.name })
}

function solveInDoublePrecision(memory: IalsMemory, solved: IalsSide, fixed: IalsSide, row: number): void {
  const { width } = memory
  const [first = 0, last = 0] = memory.integers(solved.offsets + row * 4, 2)
  const solution = solveNormalEquations({
    gram: memory.floats(memory.gram, width * width),
    factors: memory.floats(fixed.factors, fixed.rowCount * width),
    dimensions: width,
    ridge: memory.floats(solved.ridge, solved.rowCount)[row] as number,
    columnIndices: memory.integers(solved.columns + first * 4, last - first),
    values: memory.floats(solved.values + first * 4, last - first),
  })
  memory.floats(solved.factors + row * width * 4, width).set(solution)
}
