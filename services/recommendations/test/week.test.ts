// Monday's work and refreshes when something is missing, cut off, or done twice at once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Api, Contract, Peer } from '@rondo/contract'
import type { KeyValue } from '@rondo/key-value'
import { createTempFolder } from '@rondo/testing'
import { DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS, toIso, toIsoDate } from '@rondo/time'
import { GROUPS, LISTENERS, definitions, makeListening, makePlay, makeReleases, toTrack } from './music.ts'
import { START_MS, ctx, openHouse, type House } from './open-house.ts'

const MONDAY_MS = START_MS + WEEK_MS
const MONDAY = toIsoDate(MONDAY_MS)
const users = GROUPS.flatMap((group) => Array.from({ length: LISTENERS }, (_, i) => `listener-${group}${i}`))

/** One evening of listening, then Monday morning; the rooms beside this one have done their work. */
async function listenUntilMonday(house: House): Promise<void> {
  await house.publish(makeReleases())
  house.clock.moveTo(START_MS + 20 * HOUR_MS)
  await house.publish([...makeListening(START_MS), ...makeListening(START_MS - DAY_MS)])
  await house.settle()
  house.clock.moveTo(MONDAY_MS + 30_000)
}

function countCalls(calls: Map<string, number>): (peer: Peer) => Peer {
  return (peer) => <C extends Contract>(contract: C): Api<C> =>
    new Proxy(peer(contract), {
      get(target, name, receiver) {
        const key = `${contract.service}.${String(name)}`
        calls.set(key, (calls.get(key) ?? 0) + 1)
        return Reflect.get(target, name, receiver) as unknown
      },
    })
}

test('RE24 lists that were cut off are made to the end at the next round, also by another process; those that stood stay', async () => {
  let writesLeft = Infinity
  const wrapKeyValue = (inner: KeyValue): KeyValue => ({
    ...inner,
    putMany: async (entries, options, call) => {
      if (entries[0]?.partition.startsWith('weekly/') === true && (writesLeft -= 1) < 0) throw new Error('cut off')
      return inner.putMany(entries, options, call)
    },
  })
  await using folder = await createTempFolder()
  await using house = await openHouse(folder.path, { wrapKeyValue })
  await listenUntilMonday(house)
  // Twenty more who only come on Monday: more than one write of lists.
  await house.publish(Array.from({ length: 20 }, (_, i) => makePlay(`late-${i}`, `late-${i}`, 'a-01', MONDAY_MS)))
  writesLeft = 1
  await assert.rejects(house.settle(), /cut off/)
  const ask = (user: string) => house.api.weekly({ user }, ctx)
  const everybody = [...users, ...Array.from({ length: 20 }, (_, i) => `late-${i}`)]
  const standing = (await Promise.all(everybody.map(ask))).filter(({ coldStart }) => coldStart === undefined)
  assert.ok(standing.length > 0)
  assert.match((await ask('late-19')).coldStart ?? '', /^No list was made/)
  writesLeft = Infinity
  await house.restart()
  house.clock.advance(2 * MINUTE_MS)
  await house.settle()
  assert.deepEqual(await Promise.all(standing.map(({ user }) => ask(user))), standing)
  for (const user of everybody) assert.deepEqual([(await ask(user)).modelVersion, (await ask(user)).coldStart], [`${MONDAY}-final`, undefined], user)
  const { rows } = await house.api.listModels({}, ctx)
  assert.deepEqual(rows.map(({ version, lists }) => [version, lists]), [[`${MONDAY}-final`, 2 * (everybody.length - standing.length)]])
})

test('RE10 lists know all that was played before they are made, also what comes while the model learns', async () => {
  await using folder = await createTempFolder()
  let play: (() => Promise<void>) | undefined
  const wrapPeer =
    (peer: Peer): Peer =>
    <C extends Contract>(contract: C): Api<C> =>
      new Proxy(peer(contract), {
        get(target, name, receiver) {
          const call = Reflect.get(target, name, receiver) as (input: unknown, call: unknown) => Promise<unknown>
          if (contract.service !== 'pipelines' || name !== 'sql') return call
          return async (...input: Parameters<typeof call>) => {
            const answer = await call(...input)
            await play?.()
            play = undefined
            return answer
          }
        },
      })
  await using house = await openHouse(folder.path, { wrapPeer })
  await listenUntilMonday(house)
  const [user = ''] = users
  const heard = GROUPS.flatMap((group) => Array.from({ length: 55 }, (_, number) => toTrack(group, number).trackId))
  play = () => house.publish(heard.map((trackId) => makePlay(`now-${trackId}`, user, trackId, MONDAY_MS)))
  await house.settle()
  const { tracks } = await house.api.weekly({ user }, ctx)
  assert.deepEqual([play, tracks.length > 0, tracks.filter(({ trackId }) => heard.includes(trackId))], [undefined, true, []])
})

test('RE25 while this week’s lists cannot be made, pipelines are asked once a minute, and a few times while the clock stands still', async () => {
  await using folder = await createTempFolder()
  const calls = new Map<string, number>()
  await using house = await openHouse(folder.path, { wrapPeer: countCalls(calls) })
  const job = house.service.jobs?.find(({ name }) => name === 'recommendations.week')
  const asked = async (rounds: number): Promise<number> => {
    const before = calls.get('pipelines.listPartitions') ?? 0
    for (let i = 0; i < rounds; i += 1) assert.equal(await job?.run(ctx), 0)
    return (calls.get('pipelines.listPartitions') ?? 0) - before
  }
  assert.equal(await asked(20), 8)
  house.clock.advance(59_000)
  assert.equal(await asked(20), 0)
  house.clock.advance(1_000)
  assert.equal(await asked(1), 1)
  house.clock.advance(WEEK_MS)
  assert.equal(await asked(1), 1)
})

test('RE23 too little listening trains nothing and is looked at once; the next week that has enough gets its lists', async () => {
  await using folder = await createTempFolder()
  const calls = new Map<string, number>()
  await using house = await openHouse(folder.path, { wrapPeer: countCalls(calls) })
  await house.publish(makeReleases())
  house.clock.moveTo(START_MS + 20 * HOUR_MS)
  await house.publish([makePlay('only', 'listener-a0', 'a-01', START_MS)])
  await house.settle()
  for (let hour = 0; hour < 5; hour += 1) {
    house.clock.moveTo(MONDAY_MS + HOUR_MS * (hour + 1))
    await house.settle()
  }
  assert.deepEqual([calls.get('pipelines.sql'), (await house.api.listModels({}, ctx)).rows], [1, []])
  await assert.rejects(house.api.refresh({ body: {} }, ctx), { code: 'TOO_LITTLE_DATA', kind: 'conflict' })
  assert.deepEqual((await house.api.weekly({ user: 'listener-a0' }, ctx)).tracks, [])
  await house.publish(makeListening(MONDAY_MS))
  await house.settle()
  house.clock.moveTo(MONDAY_MS + WEEK_MS + 30_000)
  await house.settle()
  const { coldStart, tracks, week } = await house.api.weekly({ user: 'listener-a0' }, ctx)
  assert.deepEqual([coldStart, tracks.length, week], [undefined, 30, toIsoDate(MONDAY_MS + WEEK_MS)])
})

test('RE26 an import: items out since 2011, counts of plays now, a refresh: lists for this week with counted reasons, nobody’s twice', async () => {
  await using folder = await createTempFolder()
  await using house = await openHouse(folder.path, { startMs: START_MS + 2 * DAY_MS + 9 * HOUR_MS })
  await house.publish(makeReleases())
  const now = house.clock.now()
  await house.publish(makeListening(START_MS).map((event, i) => ({ ...event, id: `import-${i}`, occurredAt: toIso(now), properties: { ...event.properties, trackMs: 0, playedMs: 0, source: 'import', plays: 1_000 + i } })))
  await house.settle()
  await house.events.land({}, ctx)
  const [first, second] = await Promise.all([house.api.refresh({ body: { provisional: true } }, ctx), house.api.refresh({ body: { provisional: true } }, ctx), house.settle()])
  assert.deepEqual([first.users, first.lists, second.lists], [40, 80, 0])
  assert.deepEqual([first.modelVersion, second.modelVersion], [`${toIsoDate(START_MS)}-p1`, `${toIsoDate(START_MS)}-p2`])
  const { tracks, coldStart } = await house.api.weekly({ user: 'listener-b4' }, ctx)
  assert.equal(coldStart, undefined)
  assert.ok(tracks.every(({ reason }) => reason.kind !== 'new'))
  assert.match(tracks[0]?.reason.text ?? '', /^You played “Title b-\d\d” by Name of artist-b-\d+ 1,\d{3} times$/)
  assert.deepEqual([(await house.api.pulse({}, ctx)).state, (await house.api.turn({}, ctx)).medianMs], ['healthy', null])
  assert.ok(Date.parse((await house.api.getUser({ user: 'listener-b4' }, ctx)).tasteAsOf ?? '') >= now)
})

test('RE27 a refresh says why when the taste cannot be published', async () => {
  await using folder = await createTempFolder()
  await using house = await openHouse(folder.path)
  await listenUntilMonday(house)
  await house.settle()
  const failing = { ...definitions, pipelines: definitions.pipelines.map((pipeline) => (pipeline.name === 'build-taste-weekly' ? { ...pipeline, sql: `select userId, trackId, 'x' as week, error('no taste today') as score from listening` } : pipeline)) }
  await house.pipelines.putDefinitions({ body: failing }, ctx)
  await assert.rejects(house.api.refresh({ body: {} }, ctx), { code: 'TASTE_NOT_PUBLISHED', kind: 'conflict' })
})

test('RE5 without datasets the room follows and answers, with its reason, and asks for nothing more', async () => {
  await using folder = await createTempFolder()
  await using house = await openHouse(folder.path, { hasDefinitions: false })
  await listenUntilMonday(house)
  await house.settle()
  const { tracks, coldStart } = await house.api.weekly({ user: 'listener-a0' }, ctx)
  assert.deepEqual([tracks, coldStart], [[], 'No model has been trained yet, so there is nothing to recommend from.'])
  assert.deepEqual((await house.api.recommend({ user: 'x' }, ctx)).rows, [])
  assert.equal((await house.api.similar({ item: 'a-01' }, ctx)).coldStart, '"Title a-01" has too few listeners to compare.')
  assert.equal((await house.api.listUsers({}, ctx)).total, users.length)
  assert.deepEqual([(await house.api.pulse({}, ctx)).state, (await house.api.pulse({}, ctx)).holds], ['waiting', 'no model yet'])
})

test('RE28 factors of the newest four models are kept, facts of all; lists are given back after half a year', async () => {
  await using folder = await createTempFolder()
  await using house = await openHouse(folder.path)
  await listenUntilMonday(house)
  await house.settle()
  for (let i = 0; i < 6; i += 1) await house.api.refresh({ body: {} }, ctx)
  assert.equal((await house.api.listModels({}, ctx)).rows.length, 7)
  const partition = 'weekly/listener-a0'
  assert.equal((await house.keyValue.scan({ partition }, ctx)).length, 2)
  await house.restart()
  assert.equal((await house.api.recommend({ user: 'listener-a0' }, ctx)).modelVersion, `${MONDAY}-p6`)
  house.clock.advance(27 * WEEK_MS)
  const tidy = house.service.jobs?.find(({ name }) => name === 'recommendations.tidy')
  assert.equal(await tidy?.run(ctx), 80)
  assert.equal(await tidy?.run(ctx), 0)
})
