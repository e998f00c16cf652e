// What a call costs this process through a store of ours, beside the bare client library doing the same in the same run.
import type { BenchResult } from '../result.ts'

const TURNS = 6
const FEW_CALLS = 20
const CALLS = { count: 1, name: '' }
/** Our overhead at most 15 %. */
const MARK = 1 / 1.15

type Call = (index: number) => Promise<unknown>
/** `mark`: ours may cost at most 15 % more than it. */
export type Reference = { client: string; call: Call; mark: boolean }
/** `units`: what a call does many of, e.g. 100 "records"; one call when absent. `turns`: how often all take theirs. */
type Measure = { name: string; calls: number; atOnce: number; ours: Call; turns?: number; units?: Units }
export type Units = { count: number; name: string }
export type Comparison = Measure & { bare: Call; /** The bare client's name. */ client: string }
export type Comparisons = Measure & { references: Reference[] }
/** CPU of this process, latency of each call. */
export type Cost = { cpuSeconds: number; seconds: number; latenciesMs: number[] }

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
export async function compareWithAll({ name, calls, atOnce, ours, references, turns = TURNS, units = CALLS }: Comparisons): Promise<BenchResult[]> {
  const mine = { call: ours, cost: createCost() }
  const theirs = references.map((reference) => ({ ...reference, cost: createCost() }))
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const { call, cost } of [mine, ...theirs]) {
      const measured = await measureCalls(call, turn * calls, calls, atOnce)
      if (turn > 0) addCost(cost, measured)
    }
  }
  return theirs.map(({ client, mark, cost }) => {
    const ratio = cost.cpuSeconds / mine.cost.cpuSeconds
    return { name, figure: describeCost(mine.cost, units), reference: `${client}: ${describePace(cost, units)}`, ratio, ...(mark ? { mark: '≥ 0.87', ok: ratio >= MARK } : {}) }
  })
}

export function computeP99(latenciesMs: number[]): number {
  return latenciesMs.toSorted((a, b) => a - b)[Math.floor(latenciesMs.length * 0.99)] ?? 0
}

export function describeCost(cost: Cost, units: Units = CALLS): string {
  return `${Math.round((cost.latenciesMs.length * units.count) / cost.cpuSeconds).toLocaleString('en')} ${units.name === '' ? '' : `${units.name} `}per CPU-second, ${describePace(cost, units)}`
}

/** A 99th percentile of few calls would be their worst. */
function describePace({ latenciesMs, seconds }: Cost, { count }: Units): string {
  return `${Math.round((latenciesMs.length * count) / seconds).toLocaleString('en')}/s${latenciesMs.length < FEW_CALLS ? '' : `, p99 ${computeP99(latenciesMs).toFixed(1)} ms`}`
}

export async function measureCalls(call: Call, from: number, calls: number, atOnce: number): Promise<Cost> {
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
