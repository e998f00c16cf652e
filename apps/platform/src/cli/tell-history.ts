// How far a simulated history is: a line that moves where somebody looks, a line each quarter in a pipe.
import type { Terminal } from './terminal.ts'

const QUARTERS = 4

export type HistoryTeller = (progress: number, events: number, rate: string) => void

/** `from`: the share that is written already, 0–1. */
export function createHistoryTeller(terminal: Pick<Terminal, 'live' | 'say' | 'progress'>, from: number): HistoryTeller {
  let told = Math.floor(from * QUARTERS)
  return (progress, events, rate) => {
    const line = `  world        writing simulated history: ${Math.floor(progress * 100)} %, ${events.toLocaleString('en-US')} events, ${rate}`
    if (terminal.live) return terminal.progress(line)
    const quarter = Math.floor(progress * QUARTERS)
    if (quarter > told) terminal.say(line)
    told = Math.max(told, quarter)
  }
}
