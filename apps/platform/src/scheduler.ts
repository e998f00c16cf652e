// Runs the rooms' jobs: each in its own loop while the platform lives, or all of them until none is due.
import { setTimeout as pause } from 'node:timers/promises'
import type { Ctx } from '@rondo/context'
import type { Job, Log } from '@rondo/contract'
import { toAppError } from '@rondo/errors'

/** After a failed round a job waits this long, doubling to the longest. */
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000

/** A job that claims work for ever would hang `settle`; this many rounds in one settling is a bug worth an error. */
const MAX_ROUNDS = 10_000

export type Scheduler = {
  start(): void
  /** Runs every job but those behind until none has anything due at this instant of the clock. Rejects with the first failure. */
  settle(): Promise<void>
  /** Begins a round of each job with a pace that is not at it already; a failure is logged. */
  keepPace(): void
  /** Stops after the rounds that run: none begins any more, and what settles rejects. */
  close(): Promise<void>
}

type Lane = { job: Job; running: Promise<number> | undefined }

/** `rooms`: the jobs of each room. When settling, a room runs its jobs in their order, and the rooms run side by side. */
export function createScheduler(rooms: Job[][], ctx: Ctx, log: Log): Scheduler {
  const stop = new AbortController()
  const jobCtx: Ctx = { ...ctx, signal: stop.signal }
  const lanesOfRooms: Lane[][] = rooms.map((jobs) => jobs.map((job) => ({ job, running: undefined })))
  const lanes = lanesOfRooms.flat()
  const settling = lanesOfRooms.map((room) => room.filter((lane) => lane.job.pace !== 'behind'))
  const loops: Promise<void>[] = []

  /** A job never runs beside itself: whoever comes second waits for the first and then runs. */
  const runRound = async (lane: Lane): Promise<number> => {
    while (lane.running !== undefined) await lane.running.catch(() => 0)
    stop.signal.throwIfAborted()
    lane.running = lane.job.run(jobCtx).finally(() => {
      lane.running = undefined
    })
    return lane.running
  }

  const runRoom = async (lanesOfRoom: Lane[]): Promise<number> => {
    let done = 0
    for (const lane of lanesOfRoom) done += await runRound(lane)
    return done
  }

  const logFailure = (lane: Lane, thrown: unknown, retryMs?: number): void => {
    const error = toAppError(thrown)
    log.error(`Job ${lane.job.name} failed: ${error.message}`, { job: lane.job.name, code: error.code, ...(retryMs === undefined ? {} : { retryMs }), stack: error.stack })
  }

  const loop = async (lane: Lane): Promise<void> => {
    let retryMs = FIRST_RETRY_MS
    while (!stop.signal.aborted) {
      let waitMs: number
      try {
        const done = await runRound(lane)
        retryMs = FIRST_RETRY_MS
        waitMs = done > 0 ? 0 : lane.job.everyMs
      } catch (thrown) {
        if (stop.signal.aborted) return
        logFailure(lane, thrown, retryMs)
        waitMs = retryMs
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
      }
      await pause(waitMs, undefined, { signal: stop.signal, ref: false }).catch(() => {})
    }
  }

  return {
    start() {
      for (const lane of lanes) loops.push(loop(lane))
    },
    async settle() {
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const done = await Promise.all(settling.map(runRoom))
        if (done.every((count) => count === 0)) return
      }
      throw new Error(`Jobs still had work after ${MAX_ROUNDS} rounds: ${lanes.map((lane) => lane.job.name).join(', ')}`)
    },
    keepPace() {
      if (stop.signal.aborted) return
      for (const lane of lanes) if (lane.job.pace !== undefined && lane.running === undefined) runRound(lane).catch((thrown: unknown) => logFailure(lane, thrown))
    },
    async close() {
      stop.abort(new Error('The platform is stopping.'))
      await Promise.allSettled(loops)
      await Promise.allSettled(lanes.flatMap((lane) => lane.running ?? []))
    },
  }
}
