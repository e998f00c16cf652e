// Dead letters by the thousand are mended by steps, seen before they are sent, and delivered once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import type { RepairStep } from '../src/contract.ts'
import { START_MS, ctx, openHouse, play, searchMade, trackPlayed } from './events-house.ts'

const AS_NUMBER: RepairStep[] = [{ do: 'convert', field: 'properties/playedMs', to: 'integer' }]

test('EV80 letters of one reason are mended, shown first, and delivered once', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const texts = Array.from({ length: 30 }, (_, i) => play(`n${i}`, 'u1', undefined, { playedMs: `${i}000` }))
  await house.send([...texts, play('never', 'u1', undefined, { playedMs: 'long' }), play('other', 'u1', undefined, { source: 'tape' })])
  const reason = 'properties/playedMs type'
  const dry = await house.api.replayDead({ type: 'track-played', body: { reason, repair: AS_NUMBER, dryRun: true } }, ctx)
  assert.deepEqual([dry.examined, dry.accepted, dry.stillDead, dry.samples?.length], [31, 30, 1, 20])
  const [sample] = dry.samples ?? []
  assert.match(sample?.before ?? '', /"playedMs":"0000"/)
  assert.match(sample?.after ?? '', /"playedMs":0,/)
  assert.equal(sample?.reason, null)
  assert.equal((await house.api.listDead({ type: 'track-played' }, ctx)).rows.length, 32, 'a dry run changes nothing')
  assert.deepEqual(await house.api.replayDead({ type: 'track-played', body: { reason, repair: AS_NUMBER, limit: 10 } }, ctx), { examined: 10, accepted: 10, duplicate: 0, stillDead: 0, next: 'v1.10' })
  assert.deepEqual(await house.api.replayDead({ type: 'track-played', body: { reason, repair: AS_NUMBER } }, ctx), { examined: 21, accepted: 20, duplicate: 0, stillDead: 1 })
  const { rows } = await house.api.readEvents({ type: 'track-played', order: 'asc' }, ctx)
  assert.deepEqual(rows.map((row) => [row.id, row.properties['playedMs']]), texts.map((_, i) => [`n${i}`, i * 1000]))
  assert.deepEqual((await house.api.listDead({ type: 'track-played' }, ctx)).rows.map((row) => row.id), ['other', 'never'])
  await house.close()
})

test('EV80 letters of a wrong name go to the right type; those without an id are delivered once, however often that is tried', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'search-made', body: searchMade }, ctx)
  await house.send([{ type: 'search', userId: 'u', properties: { query: 'a' } }, { type: 'search', userId: 'u', properties: { query: 'a' } }])
  await house.send('{"id":"x","type":"search","properties":{"query":"a","query":"b"}}')
  const repair: RepairStep[] = [{ do: 'set', field: 'type', value: 'search-made' }]
  assert.deepEqual(await house.api.replayDead({ type: 'unknown', body: { repair } }, ctx), { examined: 3, accepted: 0, duplicate: 0, stillDead: 3 }, 'nobody asked for new ids')
  const first = await house.api.replayDead({ type: 'unknown', body: { repair, newIds: true } }, ctx)
  assert.deepEqual(first, { examined: 3, accepted: 2, duplicate: 0, stillDead: 1 }, 'what a repair would silently lose a part of stays')
  assert.deepEqual(await house.api.replayDead({ type: 'unknown', body: { repair, newIds: true } }, ctx), { examined: 1, accepted: 0, duplicate: 0, stillDead: 1 })
  // As after a crash between storing and marking.
  await house.deps.relational.transaction(async (tx) => void (await tx.deleteFrom('replayed').execute()), ctx)
  assert.deepEqual(await house.api.replayDead({ type: 'unknown', body: { repair, newIds: true } }, ctx), { examined: 3, accepted: 0, duplicate: 2, stillDead: 1 })
  const { rows } = await house.api.readEvents({ type: 'search-made' }, ctx)
  assert.equal(new Set(rows.map((row) => row.id)).size, 2)
  await house.close()
})

test('EV80 a repair sends only letters that it changes', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.send([play('text', 'u1', undefined, { playedMs: '1000' }), play('tempo', 'u1', undefined, { tempo: 120 }), { ...play('x'), id: 5 }, { ...play('x'), id: '' }])
  const schema = { ...trackPlayed.schema, properties: { ...(trackPlayed.schema['properties'] as object), tempo: { type: 'integer', personal: 'none' } } }
  await house.api.putType({ type: 'track-played', body: { ...trackPlayed, version: '1-0-1', schema } }, ctx)
  const dry = await house.api.replayDead({ type: 'track-played', body: { repair: AS_NUMBER, dryRun: true } }, ctx)
  assert.deepEqual(dry.samples?.map(({ reason }) => reason?.slice(0, 13) ?? null), [null, 'It fits as it', 'id is 5, not ', 'id is empty: '])
  assert.deepEqual(await house.api.replayDead({ type: 'track-played', body: { repair: AS_NUMBER } }, ctx), { examined: 4, accepted: 1, duplicate: 0, stillDead: 3 })
  assert.deepEqual((await house.api.readEvents({ type: 'track-played' }, ctx)).rows.map(({ id }) => id), ['text'])
  assert.deepEqual(await house.api.replayDead({ type: 'track-played', body: {} }, ctx), { examined: 3, accepted: 1, duplicate: 0, stillDead: 2 })
  assert.deepEqual(await house.api.replayDead({ type: 'track-played', body: { newIds: true } }, ctx), { examined: 2, accepted: 2, duplicate: 0, stillDead: 0 })
  await house.close()
})

test('EV80 steps that cannot be are refused', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'search-made', body: searchMade }, ctx)
  for (const step of [{ do: 'explode', field: 'a' }, { do: 'set', field: 'a' }, { do: 'set', field: '__proto__/x', value: 1 }, { do: 'set', field: 'properties/__proto__', value: {} }, { do: 'rename', field: 'a', to: 'b/c' }, { do: 'convert', field: 'a', to: 'date' }]) {
    await assert.rejects(house.api.replayDead({ type: 'search-made', body: { repair: [step as RepairStep] } }, ctx), { kind: 'invalid' }, JSON.stringify(step))
  }
  await house.close()
})
