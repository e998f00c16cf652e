// Runs of clients in the hours that are open, in memory: what is lost with it is said, by an hour that is not whole.
import { addRun, computeLoss, type ClientRun, type HourLoss } from './client-runs.ts'

export type ClientLedger = {
  add(startMs: number, runs: ReadonlyMap<string, ClientRun>): void
  /** Of hours that begin before `untilMs`, each once; they are forgotten with it. */
  take(untilMs: number): (HourLoss & { startMs: number; isWhole: boolean })[]
}

/** About 100 bytes each. */
const MOST_CLIENTS = 500_000

/** `openedMs`: hours that began earlier are not whole. */
export function createClientLedger(openedMs: number): ClientLedger {
  const hours = new Map<number, { runs: Map<string, ClientRun>; isWhole: boolean }>()
  let clients = 0
  return {
    add(startMs, runs) {
      if (runs.size === 0) return
      const hour = hours.get(startMs) ?? { runs: new Map<string, ClientRun>(), isWhole: startMs >= openedMs }
      hours.set(startMs, hour)
      for (const [id, run] of runs) {
        const isNew = !hour.runs.has(id)
        if (isNew && clients >= MOST_CLIENTS) hour.isWhole = false
        else addRun(hour.runs, id, run)
        if (isNew && clients < MOST_CLIENTS) clients += 1
      }
    },
    take(untilMs) {
      const taken = [...hours].filter(([startMs]) => startMs < untilMs)
      for (const [startMs, { runs }] of taken) {
        hours.delete(startMs)
        clients -= runs.size
      }
      return taken.map(([startMs, { runs, isWhole }]) => ({ startMs, isWhole, ...computeLoss(runs) }))
    },
  }
}
