// Small worlds of the tests, run in the test's own thread.
import { join } from 'node:path'
import { createTempFolder } from '@rondo/testing'
import { HOUR_MS, WEEK_MS } from '@rondo/time'
import { runWorld, type RunWorldOptions, type WorldDimensions, type WorldProgress } from '../src/index.ts'
import { createStubPlatform, createStubTime, instantTimers, type StubPlatform } from './stub-platform.ts'

export const START_MS = Date.parse('2026-08-31T00:00:00Z')
export const TINY: WorldDimensions = { listeners: 40, artists: 40, tracks: 200, releasesAWeek: 4, actsADay: 18, weeks: 6 }

export type Ran = { platform: StubPlatform; progress: WorldProgress[]; warnings: string[]; advances: number[] }

type Overrides = Partial<RunWorldOptions> & { /** Stops the world when it is asked to go there. */ stopAtMs?: number; platform?: StubPlatform }

/** History of `weeks` and then a stop, unless told otherwise. */
export async function run(folder: string, weeks: number, overrides: Overrides = {}): Promise<Ran> {
  const { stopAtMs = START_MS + weeks * WEEK_MS, platform = createStubPlatform(START_MS + WEEK_MS), ...options } = overrides
  const stop = new AbortController()
  const ran: Ran = { platform, progress: [], warnings: [], advances: [] }
  await runWorld({
    url: 'http://rondo.test',
    token: 'secret',
    size: TINY,
    seed: 1,
    startMs: START_MS,
    liveFromMs: START_MS + weeks * WEEK_MS - 3 * HOUR_MS,
    nowMs: START_MS,
    rate: 360,
    stateFile: join(folder, 'world.json'),
    fetch: platform.fetch,
    time: createStubTime(),
    timers: instantTimers,
    signal: stop.signal,
    async advance(toMs) {
      ran.advances.push(toMs)
      platform.nowMs = toMs
      if (toMs >= stopAtMs) stop.abort()
    },
    onProgress: (progress) => ran.progress.push(progress),
    warn: (text) => ran.warnings.push(text),
    ...options,
  })
  return ran
}

export async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  await using folder = await createTempFolder()
  await work(folder.path)
}
