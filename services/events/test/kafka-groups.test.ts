// Groups of Kafka's clients among the readers of a type: seen with their lag, moved and forgotten when nobody is in them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { ctx, play, START_MS, trackPlayed } from './events-house.ts'
import { consume, createClient, openConsumer, openKafkaHouse, SERVICE_KEY } from './kafka-house.ts'

test('EV131 a Kafka group is a reader of what it has committed, and is moved and forgotten only while nobody is in it', { timeout: 60_000 }, async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openKafkaHouse(folder.path, clock)
  const port = (): number => house.service.kafka?.port ?? 0
  await house.api.putType({ type: trackPlayed.name, body: trackPlayed }, ctx)
  await house.send(['a', 'b', 'c', 'd'].map((id) => play(id)))
  clock.advance(60_000)
  await consume(port(), 'billing', 'track-played', 1)
  await house.api.readEvents({ type: 'track-played', order: 'asc', reader: 'billing', after: 'v1.3' }, ctx)
  const list = async (): Promise<unknown[]> => (await house.api.listReaders({ type: 'track-played' }, ctx)).rows.map(({ reader, kind, cursor, lag, lagMs, members }) => [reader, kind, cursor, lag, lagMs, members])
  const [group, reader] = [['kafka:billing', 'kafka-group', 'v1.1', 3, 60_000, 0], ['billing', 'reader', 'v1.3', 1, 60_000, 0]]
  assert.deepEqual(await list(), [group, reader])
  const { close } = house
  await close()
  house = await openKafkaHouse(folder.path, clock)
  assert.deepEqual(await list(), [group, reader], 'after a restart too')

  const place = { type: 'track-played', reader: 'kafka:billing' }
  {
    await using consumer = await openConsumer(port(), 'billing')
    const joined = Promise.withResolvers<void>()
    consumer.on(consumer.events.GROUP_JOIN, () => joined.resolve())
    await consumer.subscribe({ topic: 'track-played' })
    await consumer.run({ autoCommit: false, eachMessage: async () => undefined })
    await joined.promise
    assert.equal((await house.api.listReaders({}, ctx)).rows[0]?.members, 1)
    await assert.rejects(house.api.moveReader({ ...place, body: { to: 'start' } }, ctx), { code: 'READER_ACTIVE', message: '"kafka:billing" has 1 member reading now, that would go on where they are.' })
    await assert.rejects(house.api.forgetReader(place, ctx), { code: 'READER_ACTIVE' })
  }
  const moved = await house.api.moveReader({ ...place, body: { to: 'v1.2' } }, ctx)
  assert.deepEqual([moved.cursor, moved.lag, moved.members], ['v1.2', 2, 0])
  assert.deepEqual((await consume(port(), 'billing', 'track-played', 1)).map(({ value }) => value['id']), ['c'])
  await house.api.moveReader({ ...place, body: { to: new Date(START_MS).toISOString() } }, ctx)
  assert.deepEqual((await consume(port(), 'billing', 'track-played', 1)).map(({ value }) => value['id']), ['a'])

  const admin = createClient(port(), SERVICE_KEY).admin()
  await admin.connect()
  assert.deepEqual((await admin.listGroups()).groups.map(({ groupId }) => groupId), ['billing'])
  await house.api.forgetReader(place, ctx)
  assert.deepEqual(await list(), [reader])
  await assert.rejects(house.api.forgetReader(place, ctx), { code: 'READER_NOT_FOUND' })
  assert.deepEqual((await admin.listGroups()).groups, [])
  await house.api.moveReader({ ...place, body: { to: 'end' } }, ctx)
  assert.deepEqual(await admin.deleteGroups(['billing']), [{ groupId: 'billing', errorCode: 0 }])
  await assert.rejects(admin.deleteGroups(['billing']))
  await admin.disconnect()
  assert.deepEqual(await list(), [reader])
  await assert.rejects(house.api.readEvents({ type: 'track-played', order: 'asc', reader: 'kafka:billing' }, ctx), { code: 'READER_RESERVED' })
  await house.close()
})
