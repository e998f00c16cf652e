// What the weekly measurement costs: a second training without the held-out likes, and a full ranking.
import { IALS_DEFAULTS, createCsr, createFactorIndex, evaluateRanking, trainIals, type CsrMatrix } from '@rondo/numerics'
import { createRandom } from '@rondo/random'
import type { BenchResult } from '../result.ts'

const DIMENSIONS = 64
const EPOCHS = 10
/** The room measures up to two million interactions and 10^9 pairs of user and item. */
const LIMIT = { users: 20_000, items: 50_000, entries: 2_000_000 }
const MARK_S = 60

/** A tenth of that limit unless told otherwise (`node bench/src/recommendations/learn.ts --whole`), scaled up; processor time of all threads. */
export async function run({ share = 0.1 }: { small?: boolean; share?: number } = {}): Promise<BenchResult[]> {
  const users = Math.round(LIMIT.users * share)
  const matrix = makeMatrix(users, LIMIT.items, Math.round(LIMIT.entries * share))
  const startedMs = cpuMs()
  const model = await trainIals({ ...IALS_DEFAULTS, dimensions: DIMENSIONS, epochs: EPOCHS, interactions: matrix, threads: 1 })
  const trainedMs = cpuMs()
  const index = await createFactorIndex({ factors: model.itemFactors, dimensions: DIMENSIONS })
  const test = makeMatrix(users, LIMIT.items, users * 5)
  await evaluateRanking({ train: matrix, test, k: 20, computeScores: (user) => index.computeScores(model.userFactors.subarray(user * DIMENSIONS, (user + 1) * DIMENSIONS)) })
  const rankedMs = cpuMs()
  const seconds = (rankedMs - startedMs) / share / 1_000
  return [
    {
      name: `recommendations: measure ${LIMIT.entries.toLocaleString('en-US')} interactions, ${LIMIT.users.toLocaleString('en-US')} x ${LIMIT.items.toLocaleString('en-US')}`,
      figure: `${seconds.toFixed(0)} s (training ${((trainedMs - startedMs) / share / 1_000).toFixed(0)} s)`,
      mark: `< ${MARK_S} s`,
      ok: seconds < MARK_S,
    },
  ]
}

function makeMatrix(rowCount: number, columnCount: number, entries: number): CsrMatrix {
  const random = createRandom(`bench/learn ${entries}`)
  return createCsr({
    rowCount,
    columnCount,
    rows: Int32Array.from({ length: entries }, (_, i) => i % rowCount),
    columns: Int32Array.from({ length: entries }, () => Math.floor(columnCount * random.next() ** 2)),
    values: Float32Array.from({ length: entries }, () => 0.5 + random.next()),
  })
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

if (import.meta.main) console.log(await run(process.argv.includes('--whole') ? { share: 1 } : {}))
