// Erasing a user: what was personal is unreadable in every copy, all else stays, and nothing of it comes back.
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createIds } from '@rondo/ids'
import { createRandom } from '@rondo/random'
import { openTestDatabase } from '@rondo/relational/testing'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, HOUR_MS, MINUTE_MS } from '@rondo/time'
import { migrations } from '../migrations/index.ts'
import { createKeyRing, userOwner } from '../src/erasure/key-ring.ts'
import type { EventsDb } from '../src/index.ts'
import { ctx, openHouse, play, plainSearch, START_MS, trackPlayed, type House } from './events-house.ts'

const SECRET = 'zanzibar-lullaby'
const at = new Date(START_MS).toISOString()
const search = (id: string, userId: string | undefined, query: string, more: object = {}) => ({ id, type: 'search-made', occurredAt: at, ...(userId === undefined ? {} : { userId }), properties: { query, results: 3 }, ...more })

async function withHouse(work: (house: House, folder: string, clock: ReturnType<typeof createManualClock>) => Promise<void>): Promise<void> {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  try {
    await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
    await house.api.putType({ type: 'search-made', body: plainSearch }, ctx)
    await work(house, folder.path, clock)
  } finally {
    await house.close()
  }
}

/** Every byte of every file below, the database's log as well. */
async function readAll(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return Buffer.concat(await Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name)))))
}

const rowsOf = async (house: House, type: string) => (await house.api.readEvents({ type, order: 'asc', limit: 10_000 }, ctx)).rows

test('EV60 personal properties and contexts lie nowhere in the clear, and are read as they came', () =>
  withHouse(async (house, folder, clock) => {
    await house.send([search('s1', 'u1', SECRET), search('s2', 'u2', `${SECRET} again`), search('s3', undefined, `nobody's ${SECRET}`)])
    await house.send([{ ...play('p1', 'u1'), context: { ip: SECRET } }])
    assert.equal((await house.send([search('bad', 'u1', SECRET, { version: '9-0-0' }), { userId: 'u1', note: SECRET }]))[0]?.status, 'dead')
    clock.advance(2 * HOUR_MS)
    await house.settle()
    assert.equal((await readAll(folder)).includes(SECRET), false)
    assert.deepEqual((await rowsOf(house, 'search-made')).map(({ properties }) => properties['query']), [SECRET, `${SECRET} again`, `nobody's ${SECRET}`])
    const dead = await house.api.listDead({ type: 'search-made' }, ctx)
    assert.equal(JSON.parse(dead.rows[0]?.raw ?? '').properties.query, SECRET)
    assert.match(dead.rows[0]?.reason ?? '', /of no model/)
    assert.equal((await house.api.listBuckets({ type: 'search-made' }, ctx)).rows[0]?.sealed, true)
  }))

test('EV62 an erased user is unreadable in log, dead letters and buckets at once, others are not touched, and the audit counts it', () =>
  withHouse(async (house, _folder, clock) => {
    await house.send([search('s1', 'u1', SECRET), search('s2', 'u2', 'jazz')])
    await house.send([search('bad', 'u1', SECRET, { version: '9-0-0' })])
    clock.advance(2 * HOUR_MS)
    await house.settle()
    await house.send([search('s4', 'u1', SECRET)])
    const before = await house.api.audit({ user: 'u1' }, ctx)
    assert.deepEqual(before.rows.map(({ place, records, sealed, plain, readable }) => [place, records, sealed, plain, readable]), [['log', 2, 2, 0, 2], ['dead', 1, 1, 0, 1], ['buckets', 1, 1, 0, 1]])
    assert.equal(before.keys, 1)
    const files = (await house.api.listBuckets({ type: 'search-made' }, ctx)).rows
    const startedAt = performance.now()
    assert.equal((await house.api.erase({ user: 'u1' }, ctx)).keys, 1)
    assert.ok(performance.now() - startedAt < 1000)
    const after = await house.api.audit({ user: 'u1' }, ctx)
    assert.deepEqual([after.readable, after.keys], [0, 0])
    assert.deepEqual(after.rows.map(({ place, records, sealed }) => [place, records, sealed]), [['log', 2, 2], ['dead', 1, 1], ['buckets', 1, 1]])
    assert.deepEqual((await rowsOf(house, 'search-made')).map(({ id, properties, erased }) => [id, properties, erased]), [['s1', { results: 3 }, true], ['s2', { query: 'jazz', results: 3 }, undefined], ['s4', { results: 3 }, true]])
    const [letter] = (await house.api.listDead({ type: 'search-made' }, ctx)).rows
    assert.deepEqual([letter?.raw, letter?.reason, letter?.erased], ['', '', true])
    assert.deepEqual((await house.api.listBuckets({ type: 'search-made' }, ctx)).rows.slice(0, files.length), files)
    assert.equal((await house.api.erase({ user: 'u1' }, ctx)).keys, 0)
    assert.equal((await house.api.audit({ user: 'u2' }, ctx)).readable, 2)
  }))

test('EV63 the bytes of a destroyed key are gone from all files, also when many keys lie around it', (t) =>
  withHouse(async (house, folder) => {
    if (house.deps.relational.capabilities.concurrentWriters) return t.skip('the keys lie in the files of another engine')
    for (let batch = 0; batch < 8; batch += 1) await house.send(Array.from({ length: 100 }, (_, i) => search(`s${batch}-${i}`, `u${batch * 100 + i}`, 'jazz')))
    const wrapped = async (): Promise<string[]> => (await house.deps.relational.db.selectFrom('sealing_keys').select('wrapped').where('owner', 'in', ['user:u5', 'user:u444', 'user:u799']).execute()).map((row) => row.wrapped)
    const keys = await wrapped()
    assert.equal(keys.length, 3)
    const stored = await readAll(folder)
    for (const key of keys) assert.equal(stored.includes(key), true)
    for (const user of ['u5', 'u444', 'u799']) assert.equal((await house.api.erase({ user }, ctx)).keys, 1)
    const left = await readAll(folder)
    for (const key of keys) assert.equal(left.includes(key), false)
    assert.equal((await rowsOf(house, 'search-made')).filter(({ erased }) => erased).length, 3)
  }))

test('EV64 who comes back gets a new key; what was erased stays so, also when a dead letter or an old event is sent again, and after a restart', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'search-made', body: plainSearch }, ctx)
  await house.send([search('s1', 'u1', SECRET)])
  await house.send([search('d1', 'u1', SECRET, { version: '2-0-0' })])
  await house.api.erase({ user: 'u1' }, ctx)
  await house.api.putType({ type: 'search-made', body: { ...plainSearch, version: '2-0-0' } }, ctx)
  assert.deepEqual(await house.api.replayDead({ type: 'search-made', body: {} }, ctx), { examined: 1, accepted: 0, duplicate: 0, stillDead: 1 })
  assert.equal((await house.send([search('s1', 'u1', SECRET)]))[0]?.status, 'duplicate')
  clock.advance(MINUTE_MS)
  await house.send([search('s2', 'u1', 'new life')])
  await house.close()
  house = await openHouse(folder.path, clock)
  assert.deepEqual((await rowsOf(house, 'search-made')).map(({ properties, erased }) => [properties['query'], erased]), [[undefined, true], ['new life', undefined]])
  const audit = await house.api.audit({ user: 'u1' }, ctx)
  assert.deepEqual(audit.rows.map(({ place, records, readable }) => [place, records, readable]), [['log', 2, 1], ['dead', 1, 0]])
  await house.close()
})

test('EV66 events keep the order of receipt while keys are made, and a key that cannot be made stops only what needs it', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'search-made', body: plainSearch }, ctx)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const sent: Promise<{ status: string }[]>[] = []
  for (let n = 0; n < 30; n += 1) {
    sent.push(house.send([search(`s${n}`, `u${n % 7}`, 'jazz')]))
    clock.advance(1)
  }
  assert.equal((await Promise.all(sent)).flat().filter(({ status }) => status === 'accepted').length, 30)
  const rows = await rowsOf(house, 'search-made')
  assert.deepEqual(rows.map(({ receivedAt }) => receivedAt), rows.map(({ receivedAt }) => receivedAt).toSorted())
  await house.deps.relational.db.schema.alterTable('sealing_keys').renameTo('elsewhere').execute()
  clock.advance(HOUR_MS)
  await assert.rejects(house.send([search('lost', 'u99', 'jazz')]))
  assert.equal((await house.send([play('p1')]))[0]?.status, 'accepted')
  await house.deps.relational.db.schema.alterTable('elsewhere').renameTo('sealing_keys').execute()
  assert.equal((await house.send([search('lost', 'u99', 'jazz')]))[0]?.status, 'accepted')
  await house.close()
})

test('EV63 another process that remembers a key stops using it', async () => {
  await using folder = await createTempFolder()
  const relational = await openTestDatabase<EventsDb>(folder.path, 'events')
  const clock = createManualClock(START_MS)
  await relational.migrate(migrations, ctx)
  const parts = { relational, clock, ids: createIds(clock, createRandom(2)), masterKey: Buffer.alloc(32, 7), ctx }
  const [one, other] = [createKeyRing(parts), createKeyRing(parts)]
  const owner = { name: userOwner('u1'), expiresAtMs: null }
  const [mine, theirs] = [(await one.provide([owner])).get(owner.name), (await other.provide([owner])).get(owner.name)]
  assert.equal(mine?.id, theirs?.id)
  assert.equal((await other.find([theirs?.id ?? ''])).size, 1)
  assert.equal(await one.erase(owner.name), 1)
  assert.equal((await other.find([theirs?.id ?? ''])).size, 0)
  assert.notEqual((await other.provide([owner])).get(owner.name)?.id, theirs?.id)
  await assert.rejects(createKeyRing({ ...parts, masterKey: Buffer.alloc(32, 8) }).provide([owner]), { code: 'MASTER_KEY_WRONG' })
  const day = { name: 'day:search-made:2026-09-21', expiresAtMs: START_MS + HOUR_MS }
  const dayKey = (await one.provide([day])).get(day.name)
  assert.equal(await one.expire(START_MS), 0)
  assert.equal(await one.expire(START_MS + 2 * HOUR_MS), 1)
  assert.equal((await other.find([dayKey?.id ?? ''])).size, 0)
  await relational.close()
})
