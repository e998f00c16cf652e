// The room through its contract, two weeks of listening by two groups whose tastes have an obvious answer.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createTempFolder, type TempFolder } from '@rondo/testing'
import { DAY_MS, HOUR_MS, WEEK_MS, toIsoDate } from '@rondo/time'
import type { WeeklyList } from '../src/contract.ts'
import { GROUPS, LISTENERS, makeListening, makePlay, makeReleases } from './music.ts'
import { START_MS, ctx, openHouse, type House } from './open-house.ts'

const MONDAY_MS = START_MS + 2 * WEEK_MS
const MONDAY = toIsoDate(MONDAY_MS)
const users = GROUPS.flatMap((group) => Array.from({ length: LISTENERS }, (_, i) => `listener-${group}${i}`))

describe('two weeks of two tastes', () => {
  let folder: TempFolder
  let house: House
  const heard = new Map<string, Set<string>>()
  const lists = new Map<string, WeeklyList>()

  before(async () => {
    folder = await createTempFolder()
    house = await openHouse(folder.path)
    await house.publish(makeReleases())
    for (let day = 0; day < 14; day += 1) {
      const played = makeListening(START_MS + day * DAY_MS)
      house.clock.moveTo(START_MS + day * DAY_MS + 20 * HOUR_MS)
      await house.publish(played)
      await house.settle()
      for (const { userId, properties } of played) heard.set(userId ?? '', (heard.get(userId ?? '') ?? new Set()).add(String(properties?.['trackId'])))
    }
    house.clock.moveTo(MONDAY_MS + 30_000)
    await house.settle()
    for (const user of users) lists.set(user, await house.api.weekly({ user }, ctx))
  })
  after(async () => {
    await house[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  test('RE10 on Monday, within the minute, everybody has thirty tracks that they never heard, two an artist at most', () => {
    for (const user of users) {
      const { week, tracks, coldStart, modelVersion, madeAt } = lists.get(user) as WeeklyList
      assert.deepEqual([week, coldStart, modelVersion, madeAt], [MONDAY, undefined, `${MONDAY}-final`, new Date(MONDAY_MS + 30_000).toISOString()], user)
      const ids = tracks.map(({ trackId }) => trackId)
      assert.equal(new Set(ids).size, ids.length)
      assert.deepEqual(ids.filter((id) => heard.get(user)?.has(id)), [])
      const artists = Map.groupBy(tracks, ({ artistId }) => artistId)
      for (const [artist, own] of artists) assert.ok(own.length <= 2, `${user}: ${own.length} of ${artist}`)
      assert.deepEqual(tracks.map(({ position }) => position), tracks.map((_, i) => i + 1))
      assert.equal(tracks.length, 30)
    }
  })

  test('RE12 what is on top is of the listener’s own group', () => {
    for (const user of users) {
      const group = user.at('listener-'.length)
      const top = (lists.get(user) as WeeklyList).tracks.slice(0, 15)
      assert.ok(top.every(({ trackId }) => trackId.startsWith(`${group}-`)), `${user}: ${top.map(({ trackId }) => trackId).join(' ')}`)
    }
  })

  test('RE14 reasons name a track that was heard, and what spoke for a track adds up to 1', () => {
    for (const user of users) {
      const { tracks } = lists.get(user) as WeeklyList
      for (const { reason, sources } of tracks) {
        assert.ok(Math.abs(sources.people + sources.popularity + sources.freshness - 1) < 1e-9)
        assert.ok(Math.min(sources.people, sources.popularity, sources.freshness) >= 0)
        if (reason.becauseOf !== undefined) assert.ok(heard.get(user)?.has(reason.becauseOf.trackId), reason.text)
      }
      assert.ok(tracks.filter(({ reason }) => reason.kind === 'similar').length >= 15, user)
      assert.match(tracks[0]?.reason.text ?? '', /^You (finished|played|saved) “Title [ab]-\d\d” by Name of artist-[ab]-\d+( \d+ times)?$/)
    }
  })

  test('RE13 the popularity shelf goes by the number of listeners, and is as unheard', async () => {
    const user = 'listener-a0'
    const { tracks, coldStart } = await house.api.weekly({ user, shelf: 'popularity' }, ctx)
    assert.equal(coldStart, undefined)
    assert.equal(tracks.length, 30)
    const scores = tracks.map(({ score }) => score)
    assert.deepEqual(scores, scores.toSorted((a, b) => b - a))
    assert.ok(scores.every((score) => score > 0 && score <= 1))
    assert.ok(tracks.some(({ trackId }) => trackId.startsWith('b-')))
    assert.deepEqual(tracks.filter(({ trackId }) => heard.get(user)?.has(trackId)), [])
    assert.deepEqual(tracks[0]?.sources, { people: 0, popularity: 1, freshness: 0 })
    assert.match(tracks[0]?.reason.text ?? '', /^\d+ listeners play it, and you have not heard it$/)
  })

  test('RE31 similar tracks are of the same group; an unknown track gets its reason', async () => {
    const { item, rows } = await house.api.similar({ item: 'a-07', k: 10 }, ctx)
    assert.equal(item?.title, 'Title a-07')
    assert.equal(rows.length, 10)
    assert.ok(rows.every(({ trackId }) => trackId.startsWith('a-') && trackId !== 'a-07'))
    assert.ok(rows.every(({ score }, i) => score > 0 && score <= 1.000001 && score <= (rows[i - 1]?.score ?? 2)))
    const nothing = await house.api.similar({ item: '__proto__' }, ctx)
    assert.deepEqual([nothing.item, nothing.rows, nothing.coldStart], [null, [], 'There is no track "__proto__".'])
  })

  test('RE30 somebody unknown gets what most play and the reason; never an error', async () => {
    for (const user of ['nobody', '__proto__', 'ö'.repeat(128)]) {
      const weekly = await house.api.weekly({ user }, ctx)
      assert.equal(weekly.coldStart, `Nothing is known of "${user}" yet, so this is what most listeners play.`)
      assert.equal(weekly.tracks.length, 30)
      const now = await house.api.recommend({ user, k: 1 }, ctx)
      assert.deepEqual([now.rows.length, now.coldStart], [1, weekly.coldStart])
      const detail = await house.api.getUser({ user }, ctx)
      assert.deepEqual([detail.plays, detail.history, detail.weeks, detail.lastEventAt], [0, [], [], null])
    }
    assert.equal((await house.api.listUsers({}, ctx)).total, users.length)
  })

  test('RE17 a past week without a list answers with none; a day that is no Monday is refused with its Monday', async () => {
    const past = await house.api.weekly({ user: 'listener-a0', week: '2025-01-06' }, ctx)
    assert.deepEqual([past.tracks, past.coldStart], [[], 'No list was made for "listener-a0" in the week of 2025-01-06.'])
    await assert.rejects(house.api.weekly({ user: 'listener-a0', week: '2026-09-23' }, ctx), { code: 'WEEK_WRONG', message: '"2026-09-23" is not a Monday.', help: 'Its week is "2026-09-21".' })
    await assert.rejects(house.api.weekly({ user: 'listener-a0', week: '2026-13-45' }, ctx), { code: 'WEEK_WRONG' })
  })

  test('RE16 the list stays the same through the week: plays, a refresh with a new model, a restart', async () => {
    const before = lists.get('listener-b3') as WeeklyList
    house.clock.moveTo(MONDAY_MS + DAY_MS)
    await house.publish(makeListening(MONDAY_MS))
    await house.settle()
    const refreshed = await house.api.refresh({ body: { provisional: true } }, ctx)
    assert.deepEqual([refreshed.modelVersion, refreshed.lists], [`${MONDAY}-p1`, 0])
    assert.equal((await house.api.refresh({ body: {} }, ctx)).modelVersion, `${MONDAY}-p2`)
    await house.settle()
    await house.restart()
    await house.settle()
    const after = await house.api.weekly({ user: 'listener-b3' }, ctx)
    const strip = ({ tracks, ...rest }: WeeklyList) => ({ ...rest, tracks: tracks.map(({ outcome: _, ...track }) => track) })
    assert.deepEqual(strip(after), strip(before))
    const { rows } = await house.api.listModels({}, ctx)
    assert.deepEqual(rows.map(({ version }) => version).filter((version) => version.startsWith(MONDAY)).sort(), [`${MONDAY}-final`, `${MONDAY}-p1`, `${MONDAY}-p2`])
  })

  test('RE32 recommendations for now know the play of a moment ago, and leave out what was heard', async () => {
    const user = 'listener-new'
    await house.publish(['b-01', 'b-11', 'b-21', 'b-31'].map((trackId, i) => makePlay(`new-${i}`, user, trackId, MONDAY_MS + DAY_MS)))
    await house.settle()
    const { rows, coldStart, modelVersion } = await house.api.recommend({ user, k: 10 }, ctx)
    assert.deepEqual([coldStart, modelVersion, rows.length], [undefined, `${MONDAY}-p2`, 10])
    assert.ok(rows.every(({ trackId }) => trackId.startsWith('b-') && !['b-01', 'b-11', 'b-21', 'b-31'].includes(trackId)))
    const weekly = await house.api.weekly({ user }, ctx)
    assert.match(weekly.coldStart ?? '', /^No list was made for "listener-new" this Monday/)
  })

  test('RE40 a turn goes from the play that spoke for a track to its first play from the list; outcomes keep the best', async () => {
    const user = 'listener-a5'
    const { tracks } = await house.api.weekly({ user }, ctx)
    const [first, second, third] = tracks.filter(({ reason }) => reason.becauseOf !== undefined)
    assert.ok(first !== undefined && second !== undefined && third !== undefined)
    const playedMs = MONDAY_MS + DAY_MS + HOUR_MS
    house.clock.moveTo(playedMs + HOUR_MS)
    const fromList = { source: 'discover-weekly', listId: MONDAY }
    await house.publish([
      makePlay('turn-1', user, first.trackId, playedMs, fromList),
      makePlay('turn-2', user, first.trackId, playedMs + 60_000, fromList),
      makePlay('turn-3', user, second.trackId, playedMs, { ...fromList, playedMs: 60_000 }),
      { ...makePlay('turn-4', user, third.trackId, playedMs, { ...fromList, playedMs: 1_000 }), type: 'track-skipped' },
      { id: 'turn-5', type: 'track-saved', version: '1-0-0', occurredAt: new Date(playedMs).toISOString(), userId: user, properties: { trackId: first.trackId, artistId: first.artistId, source: 'discover-weekly' } },
    ])
    await house.settle()
    const after = await house.api.weekly({ user }, ctx)
    const outcomeOf = new Map(after.tracks.map(({ trackId, outcome }) => [trackId, outcome]))
    assert.deepEqual([first, second, third].map(({ trackId }) => outcomeOf.get(trackId)), ['saved', 'played', 'skipped'])
    const turns = [first, second].map(({ reason }) => playedMs - Date.parse(reason.becauseOf?.occurredAt ?? '')).sort((x, y) => x - y)
    const turn = await house.api.turn({}, ctx)
    assert.deepEqual([turn.plays, turn.medianMs, turn.previousMs], [2, ((turns[0] ?? 0) + (turns[1] ?? 0)) / 2, null])
    assert.deepEqual(turn.parts.map(({ name }) => name), ['Listen to Datasets', 'Datasets to Recommendations', 'Recommendations to Listen'])
    const detail = await house.api.getUser({ user }, ctx)
    const week = detail.weeks.find((one) => one.week === MONDAY)
    assert.deepEqual([week?.played, week?.finished, week?.saved], [2, 1, 1])
    assert.equal((await house.api.listUsers({ q: 'LISTENER-A5' }, ctx)).rows[0]?.listPlayed, 2)
  })

  test('RE33 a listener’s page: taste by genre adds up, history newest first, the latest active listener first', async () => {
    const detail = await house.api.getUser({ user: 'listener-a5' }, ctx)
    assert.deepEqual(detail.genres.map(({ genre }) => genre), ['ambient'])
    assert.ok(Math.abs((detail.genres[0]?.share ?? 0) - 1) < 1e-9)
    const times = detail.history.map(({ occurredAt }) => occurredAt)
    assert.deepEqual(times, times.toSorted().reverse())
    const { rows } = await house.api.listUsers({ limit: 5 }, ctx)
    assert.deepEqual([rows.length, rows[0]?.user], [5, 'listener-a5'])
  })

  test('RE41 the pulse counts plays from lists by whole hours, and is late when Monday’s lists are', async () => {
    house.clock.moveTo(MONDAY_MS + DAY_MS + 3 * HOUR_MS)
    const pulse = await house.api.pulse({}, ctx)
    assert.deepEqual([pulse.state, pulse.attention, pulse.notes.length, pulse.rate], ['healthy', [], 24, '3 plays from lists a day'])
    assert.equal(pulse.notes.at(-2)?.value, 3)
    const nowMs = house.clock.now()
    house.clock.moveTo(MONDAY_MS + WEEK_MS + 4 * HOUR_MS)
    const late = await house.api.pulse({}, ctx)
    assert.deepEqual([late.state, late.attention[0]?.subject], ['late', 'Discover Weekly'])
    house.clock.moveTo(nowMs)
  })

  test('RE4 closed and opened again, every answer is the same', async () => {
    const ask = async (): Promise<unknown[]> => [
      await house.api.listUsers({ limit: 1000 }, ctx),
      await house.api.turn({}, ctx),
      await house.api.pulse({}, ctx),
      await house.api.similar({ item: 'b-10' }, ctx),
      ...(await Promise.all(['listener-a5', 'listener-b3', 'listener-new'].flatMap((user) => [house.api.getUser({ user }, ctx), house.api.weekly({ user }, ctx), house.api.recommend({ user }, ctx)]))),
    ]
    const before = await ask()
    await house.restart()
    assert.deepEqual(await ask(), before)
  })

  test('RE15 a track that left the catalogue is on no list, in no answer', async () => {
    const gone = (lists.get('listener-a7') as WeeklyList).tracks[0]?.trackId ?? ''
    await house.keyValue.deleteMany([{ partition: 'items', sort: gone }], ctx)
    await house.restart()
    const answers = [(await house.api.weekly({ user: 'listener-a7' }, ctx)).tracks, (await house.api.recommend({ user: 'listener-a7', k: 60 }, ctx)).rows, (await house.api.similar({ item: 'a-01', k: 59 }, ctx)).rows]
    for (const rows of answers) assert.ok(rows.length > 20 && rows.every(({ trackId }) => trackId !== gone))
  })
})
