// Following exactly once: the same events whatever breaks, compared with a life in which nothing did.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openKeyValue, type KeyValue } from '@rondo/key-value'
import { createRandom } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { DAY_MS, HOUR_MS, WEEK_MS, createManualClock, toIsoDate, type ManualClock } from '@rondo/time'
import type { Parts } from '../src/parts.ts'
import { createFollower, type Follower } from '../src/use-cases/follow-events.ts'
import { createFailingKeyValue, type Break } from './failing-key-value.ts'
import { START_MS, ctx } from './open-house.ts'
import { FakeEvents, openParts } from './open-parts.ts'

const WEEK = toIsoDate(START_MS)
const USERS = Array.from({ length: 12 }, (_, i) => `u${i}`)
const STAGES = 3

/** Three stages of acts; in each the clock goes so far that what was taken is written. */
function appendStage(events: FakeEvents, stage: number): void {
  const random = createRandom(`stage ${stage}`)
  const pick = (count: number): number => Math.floor(random.next() * count)
  if (stage === 0) for (let i = 0; i < 30; i += 1) events.append('track-released', null, START_MS, { trackId: `t${i}`, artistId: `a${i % 7}`, title: `T${i}`, artistName: 'A', genre: 'g', trackMs: 100 })
  for (let i = 0; i < 60; i += 1) {
    const type = ['track-played', 'track-played', 'track-skipped', 'track-saved', 'playlist-added'][pick(5)] ?? 'track-played'
    const track = pick(30)
    const isFromList = pick(2) === 0
    events.append(type, USERS[pick(USERS.length)] ?? null, START_MS + stage * DAY_MS + pick(20) * HOUR_MS, {
      trackId: `t${track}`, artistId: `a${track % 7}`, trackMs: 100, playedMs: pick(100), ...(isFromList ? { source: 'discover-weekly', listId: WEEK } : { source: 'library' }),
    })
  }
}

async function putLists(keyValue: KeyValue): Promise<void> {
  const parts = await openParts(keyValue, new FakeEvents().peer, createManualClock(START_MS))
  const tracks = Array.from({ length: 30 }, (_, i) => ({
    trackId: `t${i}`, title: `T${i}`, artistId: 'a', artistName: 'A', genre: 'g', position: i + 1, score: 1, sources: { people: 1, popularity: 0, freshness: 0 },
    reason: { kind: 'similar' as const, text: 'You played it', becauseOf: { trackId: 'x', title: 'X', occurredAt: new Date(START_MS - i * HOUR_MS).toISOString() } },
  }))
  await parts.lists.putMany(USERS.map((user) => ({ user, week: WEEK, shelf: 'discover-weekly', modelVersion: 'm', madeMs: START_MS, dataMs: START_MS, tracks })), ctx)
}

/** All that is known, in one comparable shape; scores to nine digits, since sums of acts depend on their order in the last ones. */
async function describeAll(parts: Parts): Promise<unknown> {
  const listeners = []
  for (const user of USERS) {
    const { touches, lists, recent, epoch: _, ...head } = await parts.listeners.get(user, ctx)
    const sortedRecent = recent.map(({ trackId, act, occurredMs }) => `${occurredMs} ${trackId} ${act}`).sort()
    const rounded = [...touches].map(([track, touch]) => [track, { ...touch, score: Number(touch.score.toFixed(9)) }] as const)
    listeners.push({ ...head, sortedRecent, touches: Object.fromEntries(rounded), lists: Object.fromEntries([...lists].map(([list, outcomes]) => [list, Object.fromEntries(outcomes)])) })
  }
  const hours = Array.from({ length: 24 * (STAGES + 1) }, (_, hour) => parts.playCounts.at(START_MS + hour * HOUR_MS) ?? 0)
  return { listeners, hours, summaries: [...parts.listeners.summaries()].sort((a, b) => (a.user < b.user ? -1 : 1)), turns: parts.turns.report(START_MS + WEEK_MS), items: parts.items.size }
}

type Life = { parts: Parts; follower: Follower }

async function open(keyValue: KeyValue, events: FakeEvents, clock: ManualClock): Promise<Life> {
  const parts = await openParts(keyValue, events.peer, clock)
  return { parts, follower: createFollower(parts) }
}

/** Lives through all stages; where the process dies, another takes over, with the events of the next stage already there. Returns what was known at the end, then what a last opening finds. */
async function live(inner: KeyValue, plan: Break): Promise<{ known: unknown; reopened: unknown; hasBroken: boolean }> {
  const [events, clock] = [new FakeEvents(), createManualClock(START_MS)]
  await putLists(inner)
  const broken = createFailingKeyValue(inner, plan)
  let life = await open(broken, events, clock)
  for (let stage = 0; stage < STAGES; stage += 1) {
    appendStage(events, stage)
    clock.advance(DAY_MS)
    try {
      await life.follower.catchUp(ctx)
    } catch (thrown) {
      if (!broken.hasBroken) throw thrown
      if (plan.isDeath) life = await open(inner, events, clock)
    }
  }
  clock.advance(DAY_MS)
  await life.follower.catchUp(ctx)
  const known = await describeAll(life.parts)
  await life.follower.flush(ctx)
  return { known, reopened: await describeAll((await open(inner, events, clock)).parts), hasBroken: broken.hasBroken }
}

const never: Break = { atWrite: -1, when: 'before', isDeath: false }

test('RE1 whichever write the process dies at, and however much of it was done, every act is counted once', async () => {
  const expected = await live(await openKeyValue('memory:', { clock: createManualClock(START_MS), namespace: 'x' }), never)
  assert.deepEqual(expected.reopened, expected.known)
  let broken = 0
  for (const when of ['before', 'half', 'after'] as const) {
    for (const isDeath of [true, false]) {
      for (let atWrite = 1; ; atWrite += 1) {
        const life = await live(await openKeyValue('memory:', { clock: createManualClock(START_MS), namespace: 'x' }), { atWrite, when, isDeath })
        assert.deepEqual(life.known, expected.known, `${when} write ${atWrite}, ${isDeath ? 'dead' : 'alive'}`)
        assert.deepEqual(life.reopened, expected.known, `reopened: ${when} write ${atWrite}, ${isDeath ? 'dead' : 'alive'}`)
        if (!life.hasBroken) break
        broken += 1
      }
    }
  }
  assert.ok(broken > 60, `only ${broken} breaks`)
})

test('RE1 turns are counted, and each track of a list but once', async () => {
  const { parts } = await (async () => {
    const [events, clock] = [new FakeEvents(), createManualClock(START_MS)]
    const keyValue = await openKeyValue('memory:', { clock, namespace: 'x' })
    await putLists(keyValue)
    const life = await open(keyValue, events, clock)
    for (let i = 0; i < 3; i += 1) events.append('track-played', 'u1', START_MS + (i + 1) * HOUR_MS, { trackId: 't4', trackMs: 100, playedMs: 90, source: 'discover-weekly', listId: WEEK })
    await life.follower.catchUp(ctx)
    return life
  })()
  assert.deepEqual([parts.turns.report(START_MS).plays, parts.turns.report(START_MS).medianMs], [1, 5 * HOUR_MS])
})

test('RE1 rounds that overlap take each event once; a reader that fails half way loses and doubles nothing', async () => {
  const [events, clock] = [new FakeEvents(), createManualClock(START_MS)]
  const inner = await openKeyValue('memory:', { clock, namespace: 'x' })
  let failures = 3
  const flaky: KeyValue = {
    ...inner,
    scan: async (range, call) => {
      if (range.partition === 'heard/u7' && failures > 0) throw new Error(`scan failed, ${(failures -= 1)} to come`)
      return inner.scan(range, call)
    },
  }
  const { parts, follower } = await open(flaky, events, clock)
  for (let i = 0; i < 200; i += 1) events.append('track-played', `u${i % 12}`, START_MS, { trackId: `t${i % 30}`, trackMs: 100, playedMs: 90 })
  const rounds = await Promise.allSettled([follower.run(ctx), follower.run(ctx), follower.catchUp(ctx), follower.run(ctx), follower.catchUp(ctx)])
  assert.equal(rounds.filter(({ status }) => status === 'rejected').length, 3)
  const plays = [...parts.listeners.summaries()].reduce((sum, summary) => sum + summary.plays, 0)
  assert.deepEqual([plays, follower.taken.events], [200, 200])
})

test('RE1 more than five thousand changed listeners at once are all kept', async () => {
  const [events, clock] = [new FakeEvents(), createManualClock(START_MS)]
  const keyValue = await openKeyValue('memory:', { clock, namespace: 'x' })
  const { parts, follower } = await open(keyValue, events, clock)
  for (let i = 0; i < 5_600; i += 1) for (const type of ['track-played', 'track-saved', 'playlist-added', 'track-skipped']) events.append(type, `u${i}`, START_MS, { trackId: 't', trackMs: 100, playedMs: 90 })
  await follower.catchUp(ctx)
  await follower.flush(ctx)
  assert.equal(parts.listeners.size, 5_600)
  const again = await open(keyValue, events, clock)
  for (const user of ['u0', 'u4999', 'u5000', 'u5599']) {
    const { plays, saves } = await again.parts.listeners.get(user, ctx)
    assert.deepEqual([plays, saves], [1, 2], user)
  }
})

test('RE2 events of nobody, of no track or with names beyond 128 characters are passed over and counted; the rest goes on', async () => {
  const [events, clock] = [new FakeEvents(), createManualClock(START_MS)]
  const { parts, follower } = await open(await openKeyValue('memory:', { clock, namespace: 'x' }), events, clock)
  events.append('track-played', null, START_MS, { trackId: 't1' })
  events.append('track-played', 'u', START_MS, { trackId: 7 })
  events.append('track-played', 'u', START_MS, {})
  events.append('track-played', 'x'.repeat(129), START_MS, { trackId: 't1' })
  events.append('track-played', 'a\0b', START_MS, { trackId: 't1' })
  events.append('track-played', 'u', START_MS, { trackId: 't'.repeat(129) })
  events.append('track-played', 'ö'.repeat(128), START_MS, { trackId: '漢'.repeat(128), trackMs: 100, playedMs: 100 })
  await follower.catchUp(ctx)
  await follower.flush(ctx)
  assert.deepEqual([follower.taken, [...parts.listeners.summaries()].map(({ user }) => user)], [{ events: 7, passedOver: 6 }, ['ö'.repeat(128)]])
})

test('RE3 names such as "__proto__" and "constructor" are names, of tracks and of listeners', async () => {
  const [events, clock] = [new FakeEvents(), createManualClock(START_MS)]
  const keyValue = await openKeyValue('memory:', { clock, namespace: 'x' })
  const first = await open(keyValue, events, clock)
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
  for (const name of names) events.append('track-played', name, START_MS, { trackId: name, trackMs: 100, playedMs: 100, source: 'discover-weekly', listId: '__proto__' })
  await first.follower.catchUp(ctx)
  await first.follower.flush(ctx)
  const { parts } = await open(keyValue, events, clock)
  for (const name of names) {
    const { plays, touches, lists } = await parts.listeners.get(name, ctx)
    assert.deepEqual([plays, [...touches.keys()], [...lists.keys()]], [1, [name], [`${WEEK}/discover-weekly`]])
  }
  assert.equal(Object.hasOwn(Object.prototype, 'score'), false)
})

test('RE4 on LMDB, what a reopened store knows is what was known; older lists are forgotten in memory and on disk alike', async () => {
  await using folder = await createTempFolder()
  const [events, clock] = [new FakeEvents(), createManualClock(START_MS)]
  const url = `lmdb:${folder.path}`
  const keyValue = await openKeyValue(url, { clock, namespace: 'x' })
  await putLists(keyValue)
  const life = await open(keyValue, events, clock)
  for (let stage = 0; stage < STAGES; stage += 1) appendStage(events, stage)
  for (let week = 0; week < 40; week += 1) {
    const occurredMs = START_MS + week * WEEK_MS + HOUR_MS
    events.append('track-played', 'u3', occurredMs, { trackId: `w${week}`, trackMs: 100, playedMs: 90, source: 'popularity', listId: toIsoDate(START_MS + week * WEEK_MS) })
    clock.moveTo(occurredMs)
    await life.follower.catchUp(ctx)
  }
  await life.follower.flush(ctx)
  const known = await describeAll(life.parts)
  await keyValue.close()
  const again = await openKeyValue(url, { clock, namespace: 'x' })
  const { parts } = await open(again, events, clock)
  assert.deepEqual(await describeAll(parts), known)
  assert.equal((await parts.listeners.get('u3', ctx)).lists.size, 24)
  const stored = await again.scan({ partition: 'heard/u3', prefix: 'list/' }, ctx)
  assert.equal(stored.length, 24)
  await again.close()
})

test('RE5 a workspace without these event types costs nothing and breaks nothing', async () => {
  const [events, clock] = [new FakeEvents(), createManualClock(START_MS)]
  const { follower } = await open(await openKeyValue('memory:', { clock, namespace: 'x' }), events, clock)
  assert.equal(await follower.run(ctx), 0)
  assert.equal(events.reads, 5)
})
