// Stops one engine of a set; its data stays.
import { engineFolder, findState, isRunning, removeState } from './engine-state.ts'
import type { Engine } from './engine.ts'
import { stopProcess } from './process/stop-process.ts'
import { holdFolder } from './start.ts'

/** "dead": it was written down as running, and was not. */
export type Stopped = 'was-stopped' | 'dead' | 'clean' | 'forced'

export function stop(engine: Engine, set: string): Promise<Stopped> {
  const state = findState(set, engine.name)
  if (state === undefined) return Promise.resolve('was-stopped')
  return holdFolder(engine, engineFolder(set, engine.name), async () => {
    const ended = isRunning(state) ? await stopProcess(state.pid, { signal: engine.stopSignal ?? 'SIGTERM', withinMs: engine.stopWithinMs }) : 'dead'
    await removeState(set, engine.name)
    return ended
  })
}
