// A whole house in this process with a small simulated world, lived through to a given instant.
import { join } from 'node:path'
import { createCtx, type Ctx } from '@rondo/context'
import type { RawRoute } from '@rondo/contract'
import { createSilentLog } from '@rondo/host'
import { runWorld, type WorldDimensions } from '@rondo/listeners'
import { createTempFolder, type TempFolder } from '@rondo/testing'
import { WEEK_MS, createManualClock, type ManualClock } from '@rondo/time'
import { CHECKOUT } from '../src/cli/place.ts'
import { createHistory } from '../src/pass-history.ts'
import { createPlatform, type Platform } from '../src/platform.ts'
import { loadWorkspace } from '../src/workspace/load-workspace.ts'
import type { Workspace } from '../src/workspace/workspace.ts'

/** Monday 5 January 2026, 00:00 UTC. */
export const START_MS = Date.parse('2026-01-05T00:00:00Z')

/** `trial` is the example's experiment for this life: when it starts and how long it is planned. `raw` is served besides the rooms, for instance the portal. */
export type LifeOptions = { seed: number; weeks: number; dimensions: WorldDimensions; tasteBlind?: boolean; trial: { afterDays: number; days: number }; raw?: RawRoute[] }

export type SimulatedLife = AsyncDisposable & { platform: Platform; url: string; clock: ManualClock; folder: TempFolder; ctx: Ctx; events: number; seconds: number }

/** Through `weeks` weeks as `rondo up` passes them, all through HTTP on a free port. */
export async function liveThrough(options: LifeOptions): Promise<SimulatedLife> {
  const folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const workspace = setTrial(await loadWorkspace(join(CHECKOUT, 'examples/music')), options.trial)
  const token = 'rk_local_of_this_test'
  const platform = await createPlatform({ workspace, dataFolder: folder.path, log: createSilentLog(), clock, seed: options.seed, localToken: token })
  const startedAt = performance.now()
  try {
    await platform.apply(workspace)
    const { url } = await platform.listen({ bind: '127.0.0.1', port: 0, ...(options.raw === undefined ? {} : { raw: options.raw }) })
    const over = new AbortController()
    let events = 0
    await runWorld({
      url,
      token,
      size: options.dimensions,
      seed: options.seed,
      startMs: START_MS,
      liveFromMs: START_MS + options.weeks * WEEK_MS,
      nowMs: START_MS,
      rate: 1,
      stateFile: folder.join('world.json'),
      tasteBlind: options.tasteBlind ?? false,
      advance: createHistory(platform, clock).advance,
      onProgress(progress) {
        events = progress.events
        if (progress.phase === 'live') over.abort(new Error('History is written.'))
      },
      signal: over.signal,
    })
    // One more hour, so that the last day is complete everywhere.
    clock.moveTo(START_MS + options.weeks * WEEK_MS + 3_600_000)
    await platform.settle()
    return {
      ...{ platform, url, clock, folder, events },
      ctx: createCtx({ principal: { kind: 'service', name: 'test' } }),
      seconds: (performance.now() - startedAt) / 1000,
      async [Symbol.asyncDispose]() {
        await platform.close()
        await folder[Symbol.asyncDispose]()
      },
    }
  } catch (thrown) {
    await platform.close()
    await folder[Symbol.asyncDispose]()
    throw thrown
  }
}

function setTrial(workspace: Workspace, { afterDays, days }: LifeOptions['trial']): Workspace {
  const definitions = workspace.definitions.map((located) => (located.definition.kind === 'experiment' ? { ...located, definition: { ...located.definition, days, autoStart: { afterDays } } } : located))
  return { ...workspace, definitions }
}
