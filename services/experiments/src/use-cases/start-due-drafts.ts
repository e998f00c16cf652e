// Starts drafts whose time has come: those that start by themselves some days after they were created.
import type { Ctx } from '@rondo/context'
import { toAppError } from '@rondo/errors'
import { DAY_MS, startOfHour } from '@rondo/time'
import type { Log } from '@rondo/contract'
import type { Room } from '../deps.ts'
import { listExperiments, type StoredExperiment } from '../store/experiment-store.ts'
import { startExperiment } from './start-experiment.ts'

/** When a draft starts by itself, epoch ms; undefined when a person has to start it. */
export function findStart({ state, definition, createdAtMs }: StoredExperiment): number | undefined {
  const { autoStart } = definition
  if (state !== 'draft' || autoStart === undefined || autoStart === false) return undefined
  return createdAtMs + (autoStart === true ? 0 : autoStart.afterDays * DAY_MS)
}

/** Asks the drafts once an hour of the clock; one that cannot start stays a draft, and the log says why. */
export function createDraftStarter(room: Room, log: Log): (ctx: Ctx) => Promise<number> {
  let askedMs: number | undefined
  return async (ctx) => {
    const nowMs = room.clock.now()
    if (askedMs !== undefined && startOfHour(askedMs) === startOfHour(nowMs)) return 0
    askedMs = nowMs
    let started = 0
    for (const draft of await listExperiments(room.relational.db)) {
      const dueMs = findStart(draft)
      if (dueMs === undefined || dueMs > nowMs) continue
      try {
        await startExperiment(draft.definition.id, room, ctx)
        started += 1
      } catch (thrown) {
        const { code, message } = toAppError(thrown)
        log.warn('an experiment could not start', { experiment: draft.definition.id, code, message })
      }
    }
    return started
  }
}
