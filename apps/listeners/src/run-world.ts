// The loop of a world: simulated history hour by hour, then accelerated life in small steps.
import type { Timers } from '@rondo/js'
import { HOUR_MS, SECOND_MS, startOfHour } from '@rondo/time'
import { createShelfClient } from './world/ask-shelf.ts'
import { machineTime, type RealTime } from './world/real-time.ts'
import { createSender } from './world/send-acts.ts'
import { readState, writeState } from './world/state-file.ts'
import { createWorld, type World } from './world/world.ts'
import { WORLD_SIZES, type WorldDimensions, type WorldProgress, type WorldSize } from './world-size.ts'

export type RunWorldOptions = {
  /** Of the platform, without a slash at its end. */
  url: string
  /** A service token: taken as write key, client secret and Bearer. */
  token: string
  size: WorldSize | WorldDimensions
  /** Same seed and same answers, same events to the byte. */
  seed: number
  /** First instant of the simulated history, epoch ms; a Monday 00:00 UTC. */
  startMs: number
  /** Where history ends and accelerated life begins, epoch ms. */
  liveFromMs: number
  /** Where the platform's clock stands, epoch ms. */
  nowMs: number
  /** Simulated milliseconds a millisecond once history is written. */
  rate: number
  stateFile: string
  /** An A/A world: listeners answer to every list alike, so that an experiment on lists has nothing to find. */
  tasteBlind?: boolean
  /** Moves the platform's clock; in history it also lets the rooms do what follows. */
  advance(toMs: number): Promise<void>
  onProgress(progress: WorldProgress): void
  /** Told what the world could not go on from. */
  warn?(text: string): void
  fetch?: typeof globalThis.fetch
  time?: RealTime
  /** Of the SDK's tries. */
  timers?: Timers
}

/** In history each hour's last events land so long after it, about as long as in life: else whatever waits for a closed hour would seem an hour late. */
const LANDING_MS = 270 * SECOND_MS
/** History keeps its state every so many hours: what is told twice after a crash, the collector knows by its ids. */
const HOURS_BETWEEN_KEEPS = 12
const LIVE_STEP_MS = 250
/** A platform that answers slowly slows the world down, instead of a burst afterwards. */
const LONGEST_STEP_MS = 500

/** Ends when the signal fires; rejects with WORLD_UNANSWERED or WORLD_EVENTS_REFUSED when the world breaks. */
export async function runWorld(options: RunWorldOptions & { signal: AbortSignal }): Promise<void> {
  const { signal, startMs, liveFromMs, seed } = options
  const time = options.time ?? machineTime
  const dimensions = typeof options.size === 'string' ? WORLD_SIZES[options.size] : options.size
  const name = `seed ${seed}, ${dimensions.listeners} listeners, ${dimensions.tracks} tracks, from ${startMs}`
  const connection = { url: options.url, token: options.token, ...(options.fetch === undefined ? {} : { fetch: options.fetch }), ...(options.timers === undefined ? {} : { timers: options.timers }) }
  const sender = createSender(connection)
  const shelves = createShelfClient(connection, time, signal)
  const found = await readState(options.stateFile, name)
  if ('missing' in found && options.nowMs > startMs) {
    options.warn?.(`The simulated listeners cannot go on from "${options.stateFile}": ${found.missing}. New ones begin now.`)
  }
  const saved = 'state' in found ? found.state : undefined
  const world = createWorld({ seed, dimensions, tasteBlind: options.tasteBlind ?? false, startMs, shelves }, saved, options.nowMs)
  const before = saved?.events ?? 0
  const startedAt = time.now()
  let waitedMs = 0
  const keep = (): Promise<void> => writeState(options.stateFile, { world: name, events: before + sender.events, ...world.keep() })
  const report = (phase: WorldProgress['phase']): void =>
    options.onProgress({
      phase,
      progress: phase === 'live' ? 1 : (world.doneMs - startMs) / (liveFromMs - startMs),
      events: before + sender.events,
      eventsPerSecond: (sender.events * 1000) / Math.max(1, time.now() - startedAt - waitedMs),
      waitedMs,
    })
  /** A step that broke off leaves a world that must not be kept: the next start repeats from the last kept one. */
  let isWhole = false
  const step = async (toMs: number, restAtMs?: number): Promise<void> => {
    isWhole = false
    const askedAt = time.now()
    if (restAtMs !== undefined) await options.advance(Math.max(restAtMs, options.nowMs))
    // After a crash the clock may be ahead of what was kept: it never goes back.
    await options.advance(Math.max(toMs, options.nowMs))
    waitedMs += time.now() - askedAt
    await sender.send(await world.step(toMs))
    isWhole = true
  }

  try {
    for (let hours = 1; world.doneMs < liveFromMs - SECOND_MS && !signal.aborted; hours += 1) {
      const hourEndMs = endOfHour(world.doneMs)
      await step(hourEndMs, hourEndMs - HOUR_MS + LANDING_MS)
      if (hours % HOURS_BETWEEN_KEEPS === 0) await keep()
      report('history')
    }
    if (signal.aborted) return
    await keep()
    report('live')
    await live(world, step, keep, options, time)
  } finally {
    if (isWhole) await keep()
    await Promise.all([sender.close(), shelves.close()])
  }
}

async function live(world: World, step: (toMs: number) => Promise<void>, keep: () => Promise<void>, options: RunWorldOptions & { signal: AbortSignal }, time: RealTime): Promise<void> {
  let steppedAt = time.now()
  for (;;) {
    await time.pause(Math.max(0, LIVE_STEP_MS - (time.now() - steppedAt)), options.signal)
    if (options.signal.aborted) return
    const passedMs = Math.min(LONGEST_STEP_MS, time.now() - steppedAt)
    steppedAt = time.now()
    const isLastOfHour = world.doneMs + passedMs * options.rate >= endOfHour(world.doneMs)
    await step(Math.floor(Math.min(world.doneMs + passedMs * options.rate, endOfHour(world.doneMs))))
    if (isLastOfHour) await keep()
  }
}

/** The next last second of an hour after `fromMs`: steps never cross one, so that nothing is told in a later hour than it happened. */
function endOfHour(fromMs: number): number {
  return startOfHour(fromMs + SECOND_MS) + HOUR_MS - SECOND_MS
}
