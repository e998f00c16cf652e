// Each step of a start with the time it took.
import type { Terminal } from './terminal.ts'

export type Steps = { done(name: string, text: string): void }

export function createSteps(terminal: Terminal, startedAt: number): Steps {
  let last = startedAt
  return {
    done(name, text) {
      const now = performance.now()
      terminal.say(`  ${name.padEnd(12)} ${text} ${terminal.dim(`${((now - last) / 1000).toFixed(1)} s`)}`)
      last = now
    },
  }
}
