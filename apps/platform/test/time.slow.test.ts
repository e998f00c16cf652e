// A folder of a simulated world opened by the machine's own clock.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import { eventsContract } from '@rondo/events/contract'
import { createSilentLog } from '@rondo/host'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, DAY_MS, HOUR_MS, type ManualClock } from '@rondo/time'
import { createPlatform } from '../src/platform.ts'
import { loadWorkspace } from '../src/workspace/load-workspace.ts'
import { assertDelivered } from './delivered.ts'
import { makeListening, type Listening } from './listening-events.ts'
import { MUSIC } from './music-copy.ts'
import { call, KEYS, startUp } from './running-platform.ts'

/** A house whose clock is moved by hand, as the simulated world moves it, lives through three hours. */
async function liveSimulated(folder: string, clock: ManualClock, listening: Listening): Promise<void> {
  const workspace = await loadWorkspace(MUSIC)
  const platform = await createPlatform({ workspace, dataFolder: folder, log: createSilentLog(), clock })
  try {
    await platform.apply(workspace)
    const ctx = createCtx({ principal: { kind: 'service', name: 'test' } })
    const third = Math.ceil(listening.events.length / 3)
    for (let from = 0; from < listening.events.length; from += third) {
      await platform.peer(eventsContract).publish({ body: { events: listening.events.slice(from, from + third) } }, ctx)
      clock.advance(HOUR_MS)
      await platform.settle()
    }
  } finally {
    await platform.close()
  }
}

for (const [where, shiftMs] of [['the future', 40 * DAY_MS], ['the past', -40 * DAY_MS]] as const) {
  test(`PF28 a folder that was lived in by a world in ${where} is opened by the machine's clock, and nothing is lost`, async () => {
    await using folder = await createTempFolder()
    const data = folder.join('data')
    const clock = createManualClock(Date.now() + shiftMs)
    const simulated = makeListening({ seed: 'simulated', count: 600, occurredAtMs: clock.now() })
    // The version file and the lock are the command's; the stores are the same.
    await using first = await startUp(data)
    assert.equal(await first.stop(), 0)
    await liveSimulated(data, clock, simulated)
    await using platform = await startUp(data)
    await assertDelivered(platform, [simulated])
    const real = makeListening({ seed: 'real', count: 300, occurredAtMs: Date.now() })
    assert.equal((await call(platform.url, 'POST', '/v1/events', { key: KEYS.write, body: real.events })).status, 202)
    await assertDelivered(platform, [simulated, real])
    // The receive time never goes back into a closed hour, so after a world in the future this week of the machine may hold too little to learn from.
    const refreshed = await call(platform.url, 'POST', '/api/recommendations/v1/refresh', { body: { provisional: true } })
    assert.ok(refreshed.status === 200 || refreshed.json['code'] === 'TOO_LITTLE_DATA', refreshed.text)
    assert.equal((await call(platform.url, 'GET', '/api/recommendations/v1/users/user-1/recommend?k=5')).status, 200)
    assert.equal((await call(platform.url, 'GET', '/api/experiments/v1/experiments/discover-weekly-vs-popularity/readout')).status, 200)
    assert.equal(await platform.stop(), 0)
    // And the world goes on where it was.
    const later = makeListening({ seed: 'later', count: 300, occurredAtMs: clock.now() })
    await liveSimulated(data, clock, later)
    await using last = await startUp(data)
    await assertDelivered(last, [simulated, real, later])
  })
}
