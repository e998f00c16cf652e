// A whole house with a small simulated world, in this process or with some of its rooms in another, lived through to a given instant.
import { createCtx, type Ctx } from '@rondo/context'
import type { RawRoute } from '@rondo/contract'
import { createSilentLog } from '@rondo/host'
import { runWorld, type WorldDimensions } from '@rondo/listeners'
import type { StoreAddresses } from 'rondo'
import { createTempFolder, type TempFolder } from '@rondo/testing'
import { WEEK_MS, createManualClock, type ManualClock } from '@rondo/time'
import { createHistory } from '../src/pass-history.ts'
import { createPlatform, type Platform } from '../src/platform.ts'
import { rooms as allRooms, type RoomName } from '../src/rooms.ts'
import { loadLifeWorkspace, type Trial } from './life-workspace.ts'
import { startSecondPlatform, type SecondPlatform } from './second-platform.ts'

/** Monday 5 January 2026, 00:00 UTC. */
export const START_MS = Date.parse('2026-01-05T00:00:00Z')

export type LifeOptions = {
  seed: number
  weeks: number
  dimensions: WorldDimensions
  tasteBlind?: boolean
  trial: Trial
  /** Served besides the rooms, for instance the portal. */
  raw?: RawRoute[]
  /** Embedded ones unless told. */
  stores?: StoreAddresses
  /** These rooms live in a process of their own, which follows this one's clock; the other rooms are the front. */
  apart?: RoomName[]
}

export type SimulatedLife = AsyncDisposable & { platform: Platform; url: string; clock: ManualClock; folder: TempFolder; ctx: Ctx; events: number; seconds: number }

/** Through `weeks` weeks as `rondo up` passes them, all through HTTP on a free port. */
export async function liveThrough(options: LifeOptions): Promise<SimulatedLife> {
  const folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const token = 'rk_local_of_this_test'
  const { seed, trial, stores = {}, apart = [] } = options
  const second = apart.length === 0 ? undefined : await startSecondPlatform({ seed, trial, stores, only: apart, token, folder: folder.join('second'), startMs: START_MS })
  const workspace = await loadLifeWorkspace({ trial, stores, peers: Object.fromEntries(apart.map((room) => [room, second?.url ?? ''])) })
  const only = allRooms.map((room) => room.name).filter((name) => !apart.includes(name))
  const platform = await createPlatform({ workspace, dataFolder: folder.path, log: createSilentLog(), clock, seed, only, localToken: token, peerToken: token })
  const house = second === undefined ? platform : follow(platform, clock, second)
  const close = async (): Promise<void> => {
    await platform.close()
    await second?.close()
    await folder[Symbol.asyncDispose]()
  }
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
      advance: createHistory(house, clock).advance,
      onProgress(progress) {
        events = progress.events
        if (progress.phase === 'live') over.abort(new Error('History is written.'))
      },
      signal: over.signal,
    })
    // One more hour, so that the last day is complete everywhere.
    clock.moveTo(START_MS + options.weeks * WEEK_MS + 3_600_000)
    await house.settle()
    return {
      ...{ platform, url, clock, folder, events },
      ctx: createCtx({ principal: { kind: 'service', name: 'test' } }),
      seconds: (performance.now() - startedAt) / 1000,
      [Symbol.asyncDispose]: close,
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

/** The house as one: the second platform is always at this one's instant, and settles first, since the front's rooms read what is there. */
function follow(platform: Platform, clock: ManualClock, second: SecondPlatform): Pick<Platform, 'settle' | 'keepPace'> {
  return {
    async settle() {
      await second.settle(clock.now())
      await platform.settle()
    },
    keepPace() {
      second.keepPace(clock.now())
      platform.keepPace()
    },
  }
}
