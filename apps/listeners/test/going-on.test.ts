// A world that is stopped, killed, or finds its platform in trouble.
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { HOUR_MS, SECOND_MS, WEEK_MS, startOfHour } from '@rondo/time'
import { createStubPlatform, createStubTime } from './stub-platform.ts'
import { run, START_MS, withFolder } from './worlds.ts'

const LIVE_MS = START_MS + 2 * WEEK_MS - 3 * HOUR_MS

test('LI13 stopped and started again tells the same as without a stop, and nothing twice', async () => {
  await withFolder(async (folder) => {
    const whole = await run(folder, 2, { stateFile: join(folder, 'whole.json') })
    const platform = createStubPlatform(START_MS + WEEK_MS)
    const stopAtMs = START_MS + WEEK_MS + 31 * HOUR_MS
    const { advances } = await run(folder, 2, { platform, stopAtMs })
    await run(folder, 2, { platform, nowMs: advances.at(-1) ?? 0 })
    assert.deepEqual(platform.duplicates, [])
    const history = (events: typeof platform.events): string[] => [...events.values()].filter(({ receivedMs }) => receivedMs < LIVE_MS).map(({ event }) => JSON.stringify(event)).sort()
    assert.deepEqual(history(platform.events), history(whole.platform.events))
  })
})

test('LI24 history rests some minutes into each hour and at its end', async () => {
  await withFolder(async (folder) => {
    const { advances } = await run(folder, 2, { stopAtMs: START_MS + 5 * HOUR_MS })
    assert.deepEqual(advances.slice(0, 4).map((toMs) => toMs - startOfHour(toMs)), [269_000, HOUR_MS - SECOND_MS, 269_000, HOUR_MS - SECOND_MS])
  })
})

test('LI14 killed within an hour, the next start repeats it with the same ids and bytes, and the clock never goes back', async () => {
  await withFolder(async (folder) => {
    const whole = await run(folder, 2, { stateFile: join(folder, 'whole.json') })
    const platform = createStubPlatform(START_MS + WEEK_MS)
    const killAtMs = START_MS + WEEK_MS + 33 * HOUR_MS
    await assert.rejects(
      run(folder, 2, {
        platform,
        async advance(toMs) {
          platform.nowMs = toMs
          if (toMs >= killAtMs) throw new Error('killed')
        },
      }),
      /killed/,
    )
    const { advances, warnings } = await run(folder, 2, { platform, nowMs: platform.nowMs })
    assert.deepEqual(warnings, [])
    assert.ok(platform.duplicates.length > 0)
    assert.deepEqual(platform.changed, [])
    assert.ok(advances.every((toMs) => toMs >= killAtMs))
    const ids = (events: typeof platform.events): string[] => [...events.values()].filter(({ event }) => Date.parse(event.occurredAt) < LIVE_MS).map(({ event }) => JSON.stringify(event)).sort()
    assert.deepEqual(ids(platform.events), ids(whole.platform.events))
  })
})

test('LI15 a state that is missing, damaged, or of another world is told, and new listeners go on from now', async () => {
  await withFolder(async (folder) => {
    const stateFile = join(folder, 'world.json')
    const nowMs = START_MS + WEEK_MS + 30 * HOUR_MS
    const missing = await run(folder, 2, { nowMs, stopAtMs: nowMs + 5 * HOUR_MS })
    assert.match(missing.warnings.join(), /world\.json".*missing.*New ones begin now/)
    assert.ok([...missing.platform.events.values()].every(({ event }) => event.type === 'track-released' || Date.parse(event.occurredAt) > nowMs))
    assert.ok([...missing.platform.events.values()].some(({ event }) => event.type === 'track-played'))
    await writeFile(stateFile, (await readFile(stateFile, 'utf8')).slice(0, 500))
    assert.match((await run(folder, 2, { nowMs, stopAtMs: nowMs })).warnings.join(), /damaged/)
    assert.match((await run(folder, 2, { nowMs, stopAtMs: nowMs, seed: 3 })).warnings.join(), /of another world/)
  })
})

test('LI16 errors of the server are tried again, and nothing is lost or told twice', async () => {
  await withFolder(async (folder) => {
    const calm = await run(folder, 2, { stateFile: join(folder, 'calm.json') })
    const platform = createStubPlatform(START_MS + WEEK_MS)
    const faults = [500, undefined, 'down', undefined, 503, undefined, undefined] as const
    platform.fault = (path, call) => (path.endsWith('/weekly') ? (call % 7 === 0 ? 502 : undefined) : faults[call % 7])
    await run(folder, 2, { platform })
    assert.deepEqual([...platform.events.keys()].sort(), [...calm.platform.events.keys()].sort())
    assert.deepEqual(platform.changed, [])
  })
})

test('LI17 a server that stays away breaks the world with what was asked and why, after bounded tries', async () => {
  await withFolder(async (folder) => {
    for (const [part, what] of [['/v1/events', /POST \/v1\/events.*HTTP_503/], ['/ofrep', /flag.*HTTP_500/], ['/weekly', /weekly list.*fetch failed/]] as const) {
      const platform = createStubPlatform(START_MS)
      platform.fault = (path) => (path.includes(part) ? (part === '/v1/events' ? 503 : part === '/ofrep' ? 500 : 'down') : undefined)
      const time = createStubTime()
      await assert.rejects(run(folder, 2, { platform, time, stateFile: join(folder, part.replaceAll('/', '')) }), (thrown: { code?: string; message: string }) => thrown.code === 'WORLD_UNANSWERED' && what.test(thrown.message))
      assert.ok(time.pauses.length < 50)
    }
  })
})

test('LI18 a list that is not there (404, 503) is no trouble: the listener plays something else', async () => {
  await withFolder(async (folder) => {
    const platform = createStubPlatform(START_MS)
    platform.fault = (path, call) => (path.endsWith('/weekly') ? (call % 2 === 0 ? 404 : 503) : undefined)
    await run(folder, 2, { platform })
    assert.ok([...platform.events.values()].every(({ event }) => !('listId' in event.properties) && event.type !== 'flag-exposed'))
  })
})

test('LI19 a dead event breaks the world loudly', async () => {
  await withFolder(async (folder) => {
    const platform = createStubPlatform(START_MS)
    platform.judge = (event) => (event.type === 'track-saved' ? 'dead' : undefined)
    await assert.rejects(run(folder, 2, { platform }), (thrown: { code?: string; message: string }) => thrown.code === 'WORLD_EVENTS_REFUSED' && /"dead" to the simulated "track-saved"/.test(thrown.message))
  })
})

test('LI20 live time goes with real time in small steps that never cross an hour; a slow platform makes it wait', async () => {
  await withFolder(async (folder) => {
    const time = createStubTime()
    const platform = createStubPlatform(START_MS + WEEK_MS)
    const nowMs = LIVE_MS
    const ran = await run(folder, 2, { platform, time, nowMs, stopAtMs: nowMs + 2 * HOUR_MS })
    const steps = ran.advances.map((toMs, i) => toMs - (ran.advances[i - 1] ?? nowMs))
    assert.ok(steps.every((ms) => ms > 0 && ms <= 250 * 360))
    for (const [i, toMs] of ran.advances.entries()) assert.ok(i === 0 || startOfHour((ran.advances[i - 1] ?? 0) + SECOND_MS) === startOfHour(toMs))
    assert.equal(ran.progress.at(-1)?.phase, 'live')
    const advances: number[] = []
    const stop = new AbortController()
    await run(folder, 2, {
      platform,
      time,
      nowMs: ran.advances.at(-1) ?? 0,
      async advance(toMs) {
        advances.push(toMs)
        if (advances.length > 10) throw new Error('enough')
        await time.pause(5_000, stop.signal)
      },
    }).catch((thrown: Error) => assert.equal(thrown.message, 'enough'))
    assert.ok(advances.every((toMs, i) => i === 0 || toMs - (advances[i - 1] ?? 0) <= 500 * 360))
  })
})
