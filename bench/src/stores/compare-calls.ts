// What a call costs this process through a store of ours, beside the bare client library doing the same in the same run.
import type { BenchResult } from '../result.ts'

const TURNS = 6
/** Our overhead at most 15 %. */
const MARK = 1 / 1.15

type Call = (index: number) => Promise<unknown>
/** `mark`: ours may cost at most 15 % more than it. */
export type Reference = { client: string; call: Call; mark: boolean }
type Measure = { name: string; calls: number; atOnce: number; ours: Call }
export type Comparison = Measure & { bare: Call; /** The bare client's name. */ client: string }
export type Comparisons = Measure & { references: Reference[] }
type Cost = { cpuSeconds: number; seconds: number; latenciesMs: number[] }

/** Beside one client alone; as `compareWithAll`. */
export async function compareCalls({ bare, client, ...measure }: Comparison): Promise<BenchResult> {
  const [result] = await compareWithAll({ ...measure, references: [{ client: `${client} alone`, call: bare, mark: true }] })
  if (result === undefined) throw new Error('One reference gives one result.')
  return result
}

/**
 * All take turns, because a machine that others use is another one a second later; the first turn, which the engine still compiles, is thrown away.
 * A cost is the sum over the others; each contestant gets each index from 0 once.
 */
export async function compareWithAll({ name, calls, atOnce, ours, references }: Comparisons): Promise<BenchResult[]> {
  const mine = { call: ours, cost: createCost() }
  const theirs = references.map((reference) => ({ ...reference, cost: createCost() }))
  for (let turn = 0; turn <= TURNS; turn += 1) {
    for (const { call, cost } of [mine, ...theirs]) {
      const measured = await measureCalls(call, turn * calls, calls, atOnce)
      if (turn > 0) addCost(cost, measured)
    }
  }
  const perCpuSecond = Math.round((TURNS * calls) / mine.cost.cpuSeconds).toLocaleString('en')
  return theirs.map(({ client, mark, cost }) => {
    const ratio = cost.cpuSeconds / mine.cost.cpuSeconds
    return { name, figure: `${perCpuSecond} per CPU-second, ${toPace(mine.cost)}`, reference: `${client}: ${toPace(cost)}`, ratio, ...(mark ? { mark: '≥ 0.87', ok: ratio >= MARK } : {}) }
  })
}

export function computeP99(latenciesMs: number[]): number {
  return latenciesMs.toSorted((a, b) => a - b)[Math.floor(latenciesMs.length * 0.99)] ?? 0
}

function toPace({ latenciesMs, seconds }: Cost): string {
  return `${Math.round(latenciesMs.length / seconds).toLocaleString('en')}/s, p99 ${computeP99(latenciesMs).toFixed(1)} ms`
}

async function measureCalls(call: Call, from: number, calls: number, atOnce: number): Promise<Cost> {
  const cost = createCost()
  let next = from
  const caller = async (): Promise<void> => {
    while (next < from + calls) {
      const at = next
      next += 1
      const startMs = performance.now()
      await call(at)
      cost.latenciesMs.push(performance.now() - startMs)
    }
  }
  const startMs = performance.now()
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: atOnce }, caller))
  const { user, system } = process.cpuUsage(before)
  return { ...cost, cpuSeconds: (user + system) / 1e6, seconds: (performance.now() - startMs) / 1000 }
}

function createCost(): Cost {
  return { cpuSeconds: 0, seconds: 0, latenciesMs: [] }
}

function addCost(sum: Cost, cost: Cost): void {
  sum.cpuSeconds += cost.cpuSeconds
  sum.seconds += cost.seconds
  for (const ms of cost.latenciesMs) sum.latenciesMs.push(ms)
}
