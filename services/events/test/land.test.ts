// Landing: hourly Parquet buckets, closed once and for all, whatever fails on the way.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAnalytics } from '@rondo/analytics'
import { AppError } from '@rondo/errors'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, HOUR_MS } from '@rondo/time'
import { START_MS, ctx, openHouse, play, searchMade, trackPlayed, type House } from './events-house.ts'

async function readRows(house: House, type: string): Promise<Record<string, unknown>[]> {
  const { rows } = await house.api.listBuckets({ type }, ctx)
  const analytics = await openAnalytics('duckdb:')
  const files = rows.flatMap((row) => row.files).map((key) => house.objects.locate(key))
  const answer = await analytics.query('select * from t order by id', { tables: [{ name: 't', files }] }, ctx)
  await analytics.close()
  return answer.rows
}

test('EV10 an hour becomes one closed bucket with a column a property, sorted by user', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.send([play('a', 'u2'), play('b', 'u1', '2026-09-21T08:59:00.000Z', { position: 3 })])
  assert.equal((await house.api.listBuckets({ type: 'track-played' }, ctx)).closedUntil, '2026-09-21T09:00:00.000Z')
  clock.advance(HOUR_MS)
  await house.settle()
  const { rows, closedUntil } = await house.api.listBuckets({ type: 'track-played' }, ctx)
  assert.equal(closedUntil, '2026-09-21T10:00:00.000Z')
  assert.deepEqual(rows.map(({ hour, state, rows: count, late, closedAt }) => ({ hour, state, count, late, closedAt })), [{ hour: '2026-09-21T09', state: 'closed', count: 2, late: 1, closedAt: '2026-09-21T10:00:00.000Z' }])
  assert.equal(rows[0]?.files.length, 1)
  assert.deepEqual((await readRows(house, 'track-played'))[1], {
    id: 'b', userId: 'u1', anonymousId: null, occurredAt: '2026-09-21T08:59:00.000Z', receivedAt: '2026-09-21T09:00:00.000Z', late: true, context: null,
    trackId: 't1', artistId: 'a1', trackMs: 200000, playedMs: 180000, source: 'radio', position: 3,
  })
  await house.close()
})

test('EV11 open hours fill by the clock, and become one file when they close', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  // What may go is looked for every six hours: so that it is, right when the hour closes.
  await house.settle()
  clock.advance(5 * HOUR_MS)
  for (let i = 0; i < 5; i += 1) {
    await house.send([play(`a${i}`, `u${5 - i}`)])
    await house.settle()
    clock.advance(40_000)
    await house.settle()
  }
  const open = await house.api.listBuckets({ type: 'track-played' }, ctx)
  assert.deepEqual([open.rows[0]?.state, open.rows[0]?.rows, open.rows[0]?.files.length], ['open', 5, 5])
  await house.send([play('last')])
  assert.deepEqual(await house.api.land({}, ctx), { landed: 1 })
  clock.moveTo(START_MS + 6 * HOUR_MS)
  await house.settle()
  const closed = await house.api.listBuckets({ type: 'track-played' }, ctx)
  assert.deepEqual([closed.rows[0]?.state, closed.rows[0]?.rows, closed.rows[0]?.files.length], ['closed', 6, 1])
  assert.notEqual(closed.rows[0]?.version, open.rows[0]?.version)
  assert.equal((await readRows(house, 'track-played')).length, 6)
  // What was replaced is removed later, not at once.
  const count = async (): Promise<number> => (await house.objects.list('events/track-played/', {}, ctx)).length
  assert.equal(await count(), 7)
  clock.advance(8 * HOUR_MS)
  await house.settle()
  assert.equal(await count(), 1)
  await house.close()
})

test('EV174 what a start finds in no bucket lands at once', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  for (let i = 0; i < 6; i += 1) {
    await house.send([play(`a${i}`)])
    clock.advance(80_000)
    await house.settle()
  }
  const landed = async (): Promise<number | undefined> => (await house.api.listBuckets({ type: 'track-played' }, ctx)).rows[0]?.rows
  await house.send([play('last')])
  await house.settle()
  assert.equal(await landed(), 6, 'an hour with six files waits for the seventh')
  await house.close()
  house = await openHouse(folder.path, clock)
  await house.settle()
  assert.equal(await landed(), 7)
  // What comes after the start waits as ever.
  await house.send([play('next')])
  await house.settle()
  assert.equal(await landed(), 7)
  await house.close()
})

test('EV11 events of more bytes than a landing takes at a time land in several files, and are not merged', async () => {
  for (const [landBytes, files] of [[1, 6], [1_000, 3], [100_000, 1]] as const) {
    await using folder = await createTempFolder()
    const clock = createManualClock(START_MS)
    const house = await openHouse(folder.path, clock, { landBytes })
    await house.api.putType({ type: 'search-made', body: searchMade }, ctx)
    const search = (id: string): object => ({ id, userId: 'u', type: 'search-made', properties: { query: id.repeat(200) } })
    await house.send(['a', 'b', 'c', 'd'].map(search))
    clock.advance(10_000)
    await house.settle()
    await house.send(['e', 'f'].map(search))
    clock.advance(HOUR_MS)
    await house.settle()
    const { rows } = await house.api.listBuckets({ type: 'search-made' }, ctx)
    assert.deepEqual(rows.map((row) => [row.state, row.rows, row.files.length]), [['closed', 6, files]], `${landBytes} bytes`)
    assert.deepEqual((await readRows(house, 'search-made')).map((row) => row['id']), ['a', 'b', 'c', 'd', 'e', 'f'])
    await house.close()
  }
})

test('EV12 a closed bucket never changes, also when the clock jumps back', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.send([play('a')])
  clock.advance(HOUR_MS)
  await house.settle()
  const before = await house.api.listBuckets({ type: 'track-played' }, ctx)
  await house.close()
  clock.moveTo(START_MS + 60_000)
  house = await openHouse(folder.path, clock)
  await house.send([play('b')])
  clock.moveTo(START_MS + 3 * HOUR_MS)
  await house.settle()
  const after = await house.api.listBuckets({ type: 'track-played' }, ctx)
  assert.deepEqual(after.rows[0], before.rows[0])
  assert.equal(after.rows[1]?.hour, '2026-09-21T10')
  await house.close()
})

test('EV12 an hour does not close over an event that was received in it and is still on its way into the log', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS + HOUR_MS - 1)
  const [begun, slow] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const house = await openHouse(folder.path, clock, {
    wrapLog: (eventLog) => ({
      ...eventLog,
      async append(batches, ...rest) {
        if (batches.some(({ topic }) => topic === 'events.search-made')) {
          begun.resolve()
          await slow.promise
        }
        return eventLog.append(batches, ...rest)
      },
    }),
  })
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.api.putType({ type: 'search-made', body: searchMade }, ctx)
  await house.send([play('a')])
  const searching = house.send([{ id: 's', type: 'search-made', properties: { query: 'q' } }])
  await begun.promise
  clock.moveTo(START_MS + 2 * HOUR_MS)
  await house.settle()
  const before = await house.api.listBuckets({ type: 'search-made' }, ctx)
  assert.deepEqual([before.rows.length, Date.parse(before.closedUntil)], [0, START_MS])
  slow.resolve()
  await searching
  await house.settle()
  const after = await house.api.listBuckets({ type: 'search-made' }, ctx)
  assert.deepEqual([after.rows.map(({ hour, state, rows }) => [hour, state, rows]), Date.parse(after.closedUntil)], [[['2026-09-21T09', 'closed', 1]], START_MS + 2 * HOUR_MS])
  await house.close()
})

test('EV13 a type whose landing fails delays no other, and loses nothing', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let broken = true
  const house = await openHouse(folder.path, clock, {
    wrapObjects: (objects) => ({ ...objects, put: async (key, ...rest) => { if (broken && key.startsWith('events/search-made/')) throw new Error('no'); return objects.put(key, ...rest) } }),
  })
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.api.putType({ type: 'search-made', body: searchMade }, ctx)
  await house.send([play('a'), { id: 's', type: 'search-made', properties: { query: 'q', filters: ['x', 'y'] } }])
  clock.advance(HOUR_MS)
  await house.settle()
  assert.equal((await house.api.listBuckets({ type: 'track-played' }, ctx)).rows[0]?.state, 'closed')
  assert.equal((await house.api.listBuckets({ type: 'search-made' }, ctx)).closedUntil, '2026-09-21T09:00:00.000Z')
  assert.equal((await house.api.getType({ type: 'search-made' }, ctx)).state, 'warned')
  assert.equal((await house.api.pulse({}, ctx)).state, 'failed')
  broken = false
  clock.advance(60_000)
  await house.settle()
  assert.equal((await house.api.listBuckets({ type: 'search-made' }, ctx)).rows[0]?.state, 'closed')
  assert.equal((await readRows(house, 'search-made'))[0]?.['filters'], '["x","y"]')
  await house.close()
})

test('EV14 hours without events cost nothing and are closed', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  clock.advance(1000 * HOUR_MS)
  await house.settle()
  const { rows, closedUntil } = await house.api.listBuckets({ type: 'track-played' }, ctx)
  assert.deepEqual([rows.length, closedUntil], [0, new Date(START_MS + 1000 * HOUR_MS).toISOString()])
  await house.close()
})

test('EV15 dead letters are replayed once, under their own ids', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const tape = (id: string): object => play(id, 'u', undefined, { source: 'tape' })
  await house.send([tape('a'), tape('b'), play('c', 'u', undefined, { playedMs: -1 }), { id: 's', type: 'search-made', properties: { query: 'q' } }])
  const dead = await house.api.listDead({ type: 'track-played' }, ctx)
  assert.deepEqual(dead.reasons, [{ reason: 'properties/source enum', count: 2 }, { reason: 'properties/playedMs minimum', count: 1 }])
  const schema = structuredClone(trackPlayed.schema) as { properties: { source: { enum: string[] } } }
  schema.properties.source.enum.push('tape')
  await house.api.putType({ type: 'track-played', body: { ...trackPlayed, version: '1-1-0', schema } }, ctx)
  await house.api.putType({ type: 'search-made', body: searchMade }, ctx)
  // The sender has sent one of them again meanwhile.
  await house.send([tape('b')])
  assert.deepEqual(await house.api.replayDead({ type: 'track-played', body: {} }, ctx), { examined: 3, accepted: 1, duplicate: 1, stillDead: 1 })
  assert.deepEqual(await house.api.replayDead({ type: 'track-played', body: {} }, ctx), { examined: 1, accepted: 0, duplicate: 0, stillDead: 1 })
  assert.deepEqual(await house.api.replayDead({ type: 'unknown', body: {} }, ctx), { examined: 1, accepted: 1, duplicate: 0, stillDead: 0 })
  clock.advance(HOUR_MS)
  await house.settle()
  assert.deepEqual((await house.api.counts({}, ctx)).rows, [
    { type: 'search-made', accepted: 1, delivered: 1, duplicate: 0, dead: 0, inFlight: 0 },
    { type: 'track-played', accepted: 4, delivered: 2, duplicate: 1, dead: 1, inFlight: 0 },
  ])
  assert.deepEqual((await house.api.listDead({ type: 'track-played' }, ctx)).rows.map((row) => row.id), ['c'])
  await house.close()
})

test('EV15 letters that stay dead hold up none that came later: each replay goes on behind the one before, until all were looked at', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  const search = (id: string, good: boolean): object => ({ id, type: 'search-made', properties: good ? { query: 'q' } : {} })
  await house.send([search('a', false), search('b', false), search('c', true)])
  await house.api.putType({ type: 'search-made', body: searchMade }, ctx)
  await house.send([search('d', false), search('e', false)])
  const walk = async (): Promise<number[][]> => {
    const looked: number[][] = []
    for (let after: string | undefined; ; ) {
      const { examined, accepted, stillDead, next } = await house.api.replayDead({ type: 'search-made', body: { limit: 2, ...(after === undefined ? {} : { after }) } }, ctx)
      looked.push([examined, accepted, stillDead])
      if (next === undefined) return looked
      after = next
    }
  }
  assert.deepEqual(await walk(), [[2, 0, 2], [2, 1, 1], [1, 0, 1]], 'over the border between those of no known type and its own')
  assert.deepEqual(await walk(), [[2, 0, 2], [2, 0, 2]], 'a last page that is full is known to be the last')
  const { rows } = await house.api.listDead({ type: 'search-made' }, ctx)
  assert.deepEqual(rows.map((row) => row.id), ['e', 'd', 'b', 'a'])
  assert.equal((await house.api.replayDead({ type: 'search-made', body: { after: rows[1]?.cursor ?? '' } }, ctx)).examined, 1, 'the cursor of a letter in the list is a place as well')
  await assert.rejects(house.api.replayDead({ type: 'search-made', body: { after: 'x' } }, ctx), { kind: 'invalid' })
  await house.close()
})

test('EV19 dead letters of a name that nobody registered are listed by it, by reason as well, and delivered once when it is', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  const search = (id: string | undefined, type = 'search-made'): object => ({ ...(id === undefined ? {} : { id }), type, properties: { query: 'q' } })
  const ids = async (type: string, reason?: string): Promise<(string | null)[]> => (await house.api.listDead({ type, ...(reason === undefined ? {} : { reason }) }, ctx)).rows.map((row) => row.id)
  await house.send([search('a'), search('x', 'song-hummed'), search(undefined), search('b'), { id: 'n' }])
  assert.deepEqual(await ids('unknown'), ['n', 'b', null, 'x', 'a'])
  assert.deepEqual((await house.api.listDead({ type: 'unknown' }, ctx)).types, [{ type: 'search-made', count: 3 }, { type: 'unknown', count: 1 }, { type: 'song-hummed', count: 1 }])
  const named = await house.api.listDead({ type: 'search-made' }, ctx)
  assert.deepEqual([named.rows.map((row) => row.id), named.reasons, named.types], [['b', null, 'a'], [{ reason: 'type unknown', count: 2 }, { reason: 'id required', count: 1 }], [{ type: 'search-made', count: 3 }]])
  assert.deepEqual(await ids('search-made', 'id required'), [null])
  await assert.rejects(house.api.listDead({ type: 'never-sent' }, ctx), { code: 'EVENT_TYPE_NOT_FOUND' })
  await assert.rejects(house.api.replayDead({ type: 'search-made', body: {} }, ctx), { code: 'EVENT_TYPE_NOT_FOUND' })
  const first = await house.api.listDead({ type: 'search-made', limit: 1 }, ctx)

  await house.api.putType({ type: 'search-made', body: searchMade }, ctx)
  await house.send([{ id: 'c', type: 'search-made', properties: {} }])
  assert.deepEqual(await ids('search-made'), ['c', 'b', null, 'a'])
  // A page begun before the registration goes on behind it; pages of one meet every letter once and come to an end.
  assert.deepEqual((await house.api.listDead({ type: 'search-made', after: first.next }, ctx)).rows.map((row) => row.id), [null, 'a'])
  const paged: (string | null)[] = []
  for (let after: string | undefined; ; ) {
    const page = await house.api.listDead({ type: 'search-made', limit: 1, ...(after === undefined ? {} : { after }) }, ctx)
    paged.push(...page.rows.map((row) => row.id))
    if (page.next === after) break
    after = page.next
  }
  assert.deepEqual(paged, ['c', 'b', null, 'a'])

  assert.deepEqual(await house.api.replayDead({ type: 'search-made', body: { limit: 1 } }, ctx), { examined: 1, accepted: 1, duplicate: 0, stillDead: 0, next: 'uv1.1' })
  await house.close()
  house = await openHouse(folder.path, clock)
  assert.deepEqual(await house.api.replayDead({ type: 'search-made', body: {} }, ctx), { examined: 3, accepted: 1, duplicate: 0, stillDead: 2 })
  assert.deepEqual(await house.api.replayDead({ type: 'unknown', body: {} }, ctx), { examined: 3, accepted: 0, duplicate: 0, stillDead: 3 })
  assert.deepEqual([await ids('search-made'), await ids('unknown')], [['c', null], ['n', null, 'x']])
  assert.deepEqual((await house.api.readEvents({ type: 'search-made' }, ctx)).rows.map((row) => row.id), ['b', 'a'])
  clock.advance(HOUR_MS)
  await house.settle()
  assert.deepEqual((await house.api.counts({}, ctx)).rows, [
    { type: 'search-made', accepted: 3, delivered: 2, duplicate: 0, dead: 1, inFlight: 0 },
    { type: 'unknown', accepted: 3, delivered: 0, duplicate: 0, dead: 3, inFlight: 0 },
  ])
  await house.close()
})

test('EV16 the pulse and the history count what flowed, and say when a type falls silent', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  assert.equal((await house.api.pulse({}, ctx)).state, 'waiting')
  for (let hour = 0; hour < 150; hour += 1) {
    await house.send([play(`h${hour}`, 'u', new Date(clock.now()).toISOString()), play(`h${hour}`)])
    clock.advance(HOUR_MS)
    await house.settle()
  }
  const pulse = await house.api.pulse({}, ctx)
  assert.deepEqual([pulse.notes.length, pulse.notes[22]?.value, pulse.notes[22]?.usual, pulse.state, pulse.lagMs], [24, 2, 2, 'healthy', HOUR_MS])
  const history = await house.api.history({ type: 'track-played', hours: 3 }, ctx)
  assert.deepEqual(history.rows.map((row) => [row.accepted, row.duplicate, row.landedLagMs]), [[2, 1, HOUR_MS], [2, 1, HOUR_MS], [0, 0, null]])
  clock.advance(4 * HOUR_MS)
  const silent = await house.api.pulse({}, ctx)
  assert.deepEqual([silent.state, silent.attention[0]?.subject], ['silent', 'track-played'])
  assert.equal((await house.api.listTypes({}, ctx)).rows[0]?.state, 'silent')
  await house.close()
})

test('EV18 hours past their retention lose their files once a day, and keep their counts', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: { ...trackPlayed, retention: '2d' } }, ctx)
  await house.api.putType({ type: 'search-made', body: searchMade }, ctx)
  await house.send([play('a'), play('a'), play('b'), play('c', 'u', undefined, { playedMs: -1 }), { id: 's', type: 'search-made', properties: { query: 'q' } }])
  clock.advance(HOUR_MS)
  await house.settle()
  const before = await house.api.listBuckets({ type: 'track-played' }, ctx)
  const counts = await house.api.counts({}, ctx)
  assert.deepEqual(counts.rows[1], { type: 'track-played', accepted: 4, delivered: 2, duplicate: 1, dead: 1, inFlight: 0 })
  const stored = async (): Promise<number> => (await house.objects.list('events/track-played/', {}, ctx)).length
  const look = async (hours: number): Promise<number[]> => {
    clock.moveTo(START_MS + hours * HOUR_MS)
    await house.settle()
    return [(await house.api.listBuckets({ type: 'track-played' }, ctx)).rows[0]?.files.length ?? -1, await stored()]
  }
  // The hour ended at 1: two days later, at 49, it may go; a day's look at 39 finds it too young, and the next is on the next day.
  assert.deepEqual(await look(39), [1, 1])
  assert.deepEqual(await look(50), [1, 1])
  assert.deepEqual(await look(63), [0, 1])
  assert.deepEqual((await house.api.listBuckets({ type: 'track-played' }, ctx)).rows, [{ ...before.rows[0], files: [] }])
  assert.deepEqual(await look(70), [0, 0])
  assert.equal((await house.api.listBuckets({ type: 'search-made' }, ctx)).rows[0]?.files.length, 1)
  assert.deepEqual(await house.api.counts({}, ctx), counts)
  await house.close()
  house = await openHouse(folder.path, clock)
  assert.deepEqual(await house.api.counts({}, ctx), counts)
  assert.deepEqual((await house.api.counts({ type: 'track-played', from: '2026-09-21T09', to: '2026-09-21T10' }, ctx)).rows, [counts.rows[1]])
  await house.close()
})

test('EV175 the room is not ready while its disk is full, and finds out by itself when it is not', async () => {
  await using folder = await createTempFolder()
  let full = false
  const clock = createManualClock(START_MS)
  const refuse = (): never => {
    throw new AppError({ code: 'STORAGE_FULL', kind: 'storage-full', message: 'No space is left.', details: {} })
  }
  let house = await openHouse(folder.path, clock, { wrapLog: (eventLog) => ({ ...eventLog, append: async (...args) => (full ? refuse() : eventLog.append(...args)) }) })
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.service.ready?.(ctx)
  full = true
  await house.service.ready?.(ctx)
  await assert.rejects(house.send([play('a')]), { code: 'STORAGE_FULL' })
  for (let i = 0; i < 2; i += 1) await assert.rejects(async () => house.service.ready?.(ctx), { code: 'STORAGE_FULL', message: 'No space is left.' })
  full = false
  await house.service.ready?.(ctx)
  assert.equal((await house.send([play('a')]))[0]?.status, 'accepted')
  await house.settle()
  await house.close()
  house = await openHouse(folder.path, clock)
  assert.deepEqual((await house.api.counts({}, ctx)).rows, [{ type: 'track-played', accepted: 1, delivered: 0, duplicate: 0, dead: 0, inFlight: 1 }])
  await house.close()
})

test('EV17 a full disk is answered as such, and the next try is taken once', async () => {
  await using folder = await createTempFolder()
  let full = false
  const house = await openHouse(folder.path, createManualClock(START_MS), {
    wrapLog: (eventLog) => ({ ...eventLog, append: async (...args) => { if (full) throw Object.assign(new Error('no space'), { kind: 'storage-full' }); return eventLog.append(...args) } }),
  })
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.send([play('a')])
  full = true
  const [first, second] = await Promise.allSettled([house.send([play('b')]), house.send([play('b')])])
  assert.deepEqual([first.status, second.status], ['rejected', 'rejected'])
  full = false
  assert.deepEqual((await house.send([play('a'), play('b')])).map((result) => result.status), ['duplicate', 'accepted'])
  await house.close()
})
