// What a world tells in history: reproducible, at plausible times, and nothing before it happened.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS, startOfDay, startOfHour, startOfWeek, toIsoDate } from '@rondo/time'
import { createStubTime, type StubPlatform } from './stub-platform.ts'
import { run, START_MS, TINY, withFolder } from './worlds.ts'

const textOf = (platform: StubPlatform): string => [...platform.events.values()].map(({ event, receivedMs }) => `${receivedMs} ${JSON.stringify(event)}`).sort().join('\n')
const instantOf = (event: { occurredAt: string }): number => Date.parse(event.occurredAt)

test('LI1 six weeks are the same to the byte for one seed, whatever the machine\'s clock, and others for another', async () => {
  await withFolder(async (folder) => {
    const first = textOf((await run(`${folder}`, 6)).platform)
    assert.ok(first.length > 1_000_000)
    await withFolder(async (other) => assert.equal(textOf((await run(other, 6, { time: createStubTime(987_654_321) })).platform), first))
    await withFolder(async (other) => assert.notEqual(textOf((await run(other, 1, { seed: 2 })).platform), textOf((await run(`${folder}/..`, 1, { stateFile: `${folder}/b.json` })).platform)))
  })
})

test('LI2 nothing is told before it happened, nor in a later hour; ids are one an event and short', async () => {
  await withFolder(async (folder) => {
    const { platform, advances } = await run(folder, 2)
    assert.ok(advances.every((toMs, i) => toMs > (advances[i - 1] ?? 0)))
    assert.deepEqual(platform.duplicates, [])
    for (const { event, receivedMs } of platform.events.values()) {
      assert.ok(instantOf(event) <= receivedMs, `${event.id} at ${event.occurredAt}`)
      assert.ok(event.id.length <= 64)
      if (event.type !== 'track-released') assert.equal(startOfHour(instantOf(event)), startOfHour(receivedMs), event.id)
    }
  })
})

test('LI3 the catalogue comes first, spread over three years; then new tracks every Friday; releases have no user', async () => {
  await withFolder(async (folder) => {
    const { platform } = await run(folder, 3)
    const releases = [...platform.events.values()].filter(({ event }) => event.type === 'track-released')
    assert.equal(releases.length, TINY.tracks + 3 * TINY.releasesAWeek)
    const backlog = releases.filter(({ event }) => instantOf(event) < START_MS)
    assert.equal(backlog.length, TINY.tracks)
    assert.ok(backlog.every(({ receivedMs }) => receivedMs < START_MS + HOUR_MS))
    assert.ok(Math.min(...backlog.map(({ event }) => instantOf(event))) < START_MS - 2 * 365 * DAY_MS)
    for (const { event } of releases.slice(TINY.tracks)) assert.equal(new Date(event.occurredAt).getUTCDay(), 5)
    assert.ok(releases.every(({ event }) => event.userId === undefined))
    const played = new Map([...platform.events.values()].filter(({ event }) => event.type === 'track-played').map(({ event }) => [(event.properties as { trackId: string }).trackId, instantOf(event)]))
    for (const { event } of releases) assert.ok((played.get((event.properties as { trackId: string }).trackId) ?? Infinity) > instantOf(event))
  })
})

test('LI4 about eighteen acts an active listener and day, most in the evening of working days, later on weekends', async () => {
  await withFolder(async (folder) => {
    const { platform } = await run(folder, 4, { size: { ...TINY, listeners: 200 } })
    const acts = [...platform.events.values()].filter(({ event }) => event.userId !== undefined && event.type !== 'flag-exposed').map(({ event }) => instantOf(event))
    const aDay = acts.length / 28 / 200
    assert.ok(aDay > 15.5 && aDay < 20.5, `${aDay}`)
    const share = (days: number[], from: number, to: number): number => {
      const those = acts.filter((at) => days.includes(new Date(at).getUTCDay()))
      return those.filter((at) => at - startOfDay(at) >= from * HOUR_MS && at - startOfDay(at) < to * HOUR_MS).length / those.length
    }
    const [workdays, weekend] = [[1, 2, 3, 4, 5], [0, 6]]
    assert.ok(share(workdays, 15, 20) > 2.5 * share(workdays, 0, 5), 'evenings over nights')
    assert.ok(share(workdays, 6, 9) > 1.3 * share(weekend, 6, 9), 'mornings of working days')
    assert.ok(share(weekend, 9, 14) > share(workdays, 9, 14), 'noon of weekends')
  })
})

test('LI5 a listener is exposed once a week, on using the shelf, with an id and time of their own; never while there is no list', async () => {
  await withFolder(async (folder) => {
    const { platform } = await run(folder, 3)
    const exposures = [...platform.events.values()].filter(({ event }) => event.type === 'flag-exposed')
    assert.ok(exposures.length > 1.5 * TINY.listeners)
    assert.equal(new Set(exposures.map(({ event }) => `${event.userId} ${toIsoDate(startOfWeek(instantOf(event)))}`)).size, exposures.length)
    for (const { event, receivedMs } of exposures) {
      assert.ok(receivedMs >= START_MS + WEEK_MS)
      assert.ok(instantOf(event) >= startOfWeek(instantOf(event)) + 4 * HOUR_MS)
      assert.match(event.id, /^w1\.x\d{4}-\d\d-\d\d\.\d+$/)
      assert.equal((event.properties as { unit: string }).unit, event.userId)
    }
    const mondays = exposures.filter(({ event }) => new Date(event.occurredAt).getUTCDay() === 1)
    assert.ok(mondays.length > 0.6 * exposures.length)
    assert.ok(platform.requests.filter((path) => path.includes('weekly?')).length < 3 * TINY.listeners + 8 * 24, 'a week without lists costs a question an hour')
  })
})

test('LI6 plays of a list name it and the position; Mondays most, fewer through the week', async () => {
  await withFolder(async (folder) => {
    const { platform } = await run(folder, 4, { size: { ...TINY, listeners: 120 } })
    type Heard = { source: string; listId?: string; position?: number; playedMs: number; trackMs: number }
    const heard = [...platform.events.values()].filter(({ event }) => event.type === 'track-played' || event.type === 'track-skipped').map(({ event }) => ({ at: instantOf(event), ...(event.properties as Heard) }))
    const listed = heard.filter(({ listId }) => listId !== undefined)
    assert.ok(listed.length > 500)
    for (const { source, listId, position, at } of listed) {
      assert.ok(source === 'discover-weekly' || source === 'popularity')
      // A session may go on past Sunday's midnight.
      assert.ok([at, at - 90 * MINUTE_MS].some((ms) => listId === toIsoDate(startOfWeek(ms))), `${listId} at ${at}`)
      assert.ok(position !== undefined && position >= 1 && position <= 30)
    }
    assert.ok(heard.every(({ source, listId }) => (source === 'discover-weekly' || source === 'popularity') === (listId !== undefined)))
    assert.ok(heard.every(({ playedMs, trackMs }) => playedMs >= 0 && playedMs <= trackMs))
    const byDay = [1, 2, 3, 4, 5, 6, 0].map((day) => listed.filter(({ at }) => new Date(at).getUTCDay() === day).length)
    assert.ok((byDay[0] ?? 0) > (byDay[1] ?? 0) && (byDay[1] ?? 0) > (byDay[6] ?? 0), byDay.join(' '))
  })
})

test('LI7 some leave and some come, and nobody is heard of after leaving', async () => {
  await withFolder(async (folder) => {
    const { platform } = await run(folder, 6, { size: { ...TINY, listeners: 150 } })
    const last = new Map<string, number>()
    for (const { event } of platform.events.values()) if (event.userId !== undefined) last.set(event.userId, Math.max(last.get(event.userId) ?? 0, instantOf(event)))
    const newcomers = [...last.keys()].filter((user) => Number(user.slice('listener-'.length)) > 150)
    const gone = [...last.values()].filter((at) => at < START_MS + 4 * WEEK_MS)
    assert.ok(newcomers.length >= 4 && newcomers.length <= 40, `${newcomers.length} came`)
    assert.ok(gone.length >= 3 && gone.length <= 40, `${gone.length} went`)
  })
})
