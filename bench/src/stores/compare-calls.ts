// What a call costs this process through a store of ours, beside the bare client library doing the same in the same run.
import type { BenchResult } from '../result.ts'

const TURNS = 6
/** Our overhead at most 15 %. */
const MARK = 1 / 1.15

type Call = (index: number) => Promise<unknown>
export type Comparison = { name: string; calls: number; atOnce: number; ours: Call; bare: Call; /** The bare client's name. */ client: string }
type Cost = { cpuSeconds: number; seconds: number; latenciesMs: number[] }

/**
 * Both take turns, because a machine that others use is another one a second later; the first turn, which the engine still compiles, is thrown away.
 * A cost is the sum over the others; each index from 0 is given once a contestant, and never again.
 */
export async function compareCalls({ name, calls, atOnce, ours, bare, client }: Comparison): Promise<BenchResult> {
  const costs = { ours: createCost(), bare: createCost() }
  for (let turn = 0; turn <= TURNS; turn += 1) {
    for (const [who, call] of Object.entries({ ours, bare })) {
      const cost = await measureCalls(call, turn * calls, calls, atOnce)
      if (turn > 0) addCost(costs[who as keyof typeof costs], cost)
    }
  }
  const ratio = costs.bare.cpuSeconds / costs.ours.cpuSeconds
  const perCpuSecond = Math.round((TURNS * calls) / costs.ours.cpuSeconds).toLocaleString('en')
  return {
    name,
    figure: `${perCpuSecond} per CPU-second, ${perSecond(costs.ours)}, p99 ${computeP99(costs.ours.latenciesMs).toFixed(1)} ms`,
    reference: `${client} alone: ${perSecond(costs.bare)}, p99 ${computeP99(costs.bare.latenciesMs).toFixed(1)} ms`,
    ratio,
    mark: '≥ 0.87',
    ok: ratio >= MARK,
  }
}

export function computeP99(latenciesMs: number[]): number {
  return latenciesMs.toSorted((a, b) => a - b)[Math.floor(latenciesMs.length * 0.99)] ?? 0
}

function perSecond({ latenciesMs, seconds }: Cost): string {
  return `${Math.round(latenciesMs.length / seconds).toLocaleString('en')}/s`
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
