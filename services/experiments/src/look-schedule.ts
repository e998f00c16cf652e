// Which running experiment is due for its next look, kept in memory so that an idle round costs nothing.
import type { Ctx } from '@rondo/context'
import type { Relational } from '@rondo/relational'
import { DAY_MS, startOfDay } from '@rondo/time'
import { findLastLook, listExperiments } from './store/experiment-store.ts'
import type { ExperimentsDatabase } from './store/tables.ts'

/** Look `look` is about the day that begins at `dayMs`; it can be taken once that day is over. */
export type DueLook = { experiment: string; look: number; dayMs: number }

export type LookSchedule = {
  /** Looks whose day is over at `nowMs`, at most one an experiment. */
  due(nowMs: number): DueLook[]
  /** Day, as an instant, of an experiment's next look; undefined when it does not run. */
  find(experiment: string): DueLook | undefined
  reload(ctx: Ctx): Promise<void>
}

export function createLookSchedule(relational: Relational<ExperimentsDatabase>): LookSchedule {
  let next = new Map<string, DueLook>()
  let earliestMs = Infinity
  return {
    due: (nowMs) => (nowMs < earliestMs ? [] : [...next.values()].filter((look) => nowMs >= look.dayMs + DAY_MS)),
    find: (experiment) => next.get(experiment),
    async reload() {
      const fresh = new Map<string, DueLook>()
      for (const { definition, state, startedAtMs } of await listExperiments(relational.db)) {
        if (state !== 'running' || startedAtMs === null) continue
        const last = await findLastLook(relational.db, definition.id)
        const look = (last?.look ?? 0) + 1
        fresh.set(definition.id, { experiment: definition.id, look, dayMs: startOfDay(startedAtMs) + (look - 1) * DAY_MS })
      }
      next = fresh
      earliestMs = Math.min(Infinity, ...[...fresh.values()].map((look) => look.dayMs + DAY_MS))
    },
  }
}
