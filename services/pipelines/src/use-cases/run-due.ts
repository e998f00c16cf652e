// The scheduler's round: what the clock and the closed hours have made due is run, oldest first.
import type { Ctx } from '@rondo/context'
import { SECOND_MS } from '@rondo/time'
import type { Room } from '../room.ts'
import { executeInstance } from './execute-instance.ts'
import { syncEvents } from './sync-events.ts'

/** A round ends after so many runs, so that it can be stopped between. */
const RUNS_PER_ROUND = 16

export type RunDue = (ctx: Ctx) => Promise<number>

/** Returns how many instances ran. A round with nothing due asks nobody. */
export function createRunDue(room: Room): RunDue {
  let refreshedMs = -Infinity
  return async (ctx) => {
    const nowMs = room.deps.clock.now()
    if (Math.abs(nowMs - refreshedMs) >= SECOND_MS) {
      refreshedMs = nowMs
      await room.refresh()
    }
    if (findTypesToAsk(room, nowMs).length === 0 && room.picture.planner.isIdle(nowMs)) return 0
    return room.serial(() => runRound(room, nowMs, ctx))
  }
}

async function runRound(room: Room, nowMs: number, ctx: Ctx): Promise<number> {
  for (const type of findTypesToAsk(room, nowMs)) await syncEvents(room, type, false, ctx)
  if (room.picture.planner.collectDue(nowMs).length === 0) return 0
  const lease = await room.holdLease(ctx)
  if (lease === undefined) return 0
  // Taking the lease may have brought a new picture.
  const due = room.picture.planner.collectDue(nowMs)
  let ran = 0
  for (const instance of due.slice(0, RUNS_PER_ROUND)) {
    if (ctx.signal.aborted) break
    await executeInstance(room, instance, lease.fence, ctx)
    ran += 1
  }
  return ran
}

function findTypesToAsk(room: Room, nowMs: number): string[] {
  const { graph, planner } = room.picture
  const types: string[] = []
  for (const name of graph.consumers.keys()) if (!graph.producers.has(name) && planner.findNextAsk(name) <= nowMs) types.push(name)
  return types
}
