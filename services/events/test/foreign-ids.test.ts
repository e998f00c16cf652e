// Ids of other systems' events: what names an event there names it here, however long it is and whatever it is unique within.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { START_MS, ctx, openHouse, play, trackPlayed, type House } from './events-house.ts'

const { properties } = play('x') as { properties: object }
const cloudEvent = (id: string, source: string, more: object = {}): object => ({ specversion: '1.0', type: 'track-played', source, id, subject: 'u1', data: properties, ...more })

async function sendCloudEvents(house: House, ...events: object[]): Promise<[id: string | null, status: string][]> {
  const { body } = await house.post('/v1/cloudevents', JSON.stringify(events), { 'content-type': 'application/cloudevents-batch+json' })
  return (JSON.parse(String(body)) as { results: { id: string | null; status: string }[] }).results.map(({ id, status }) => [id, status])
}

test('EV170 events of two sources with one id are two; each source that comes again is a duplicate, also after a restart with and without slices', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  assert.deepEqual(await sendCloudEvents(house, cloudEvent('1', '/a'), cloudEvent('1', '/b'), cloudEvent('1', '/a'), cloudEvent('é"', '/a')), [['1', 'accepted'], ['1', 'accepted'], ['1', 'duplicate'], ['é"', 'accepted']])
  const binary = (source: string): ReturnType<House['post']> => house.post('/v1/cloudevents', JSON.stringify(properties), { 'content-type': 'application/json', 'ce-id': '1', 'ce-source': source, 'ce-specversion': '1.0', 'ce-type': 'track-played' })
  assert.match(String((await binary('/b')).body), /"id":"1","status":"duplicate"/)
  assert.match(String((await binary('/c')).body), /"id":"1","status":"accepted"/)
  // The same id on our own wire, where it is alone.
  assert.deepEqual((await house.send([play('1'), play('1')])).map(({ status }) => status), ['accepted', 'duplicate'])
  const again = [cloudEvent('1', '/a'), cloudEvent('1', '/b'), cloudEvent('1', '/c'), cloudEvent('é"', '/a')]
  for (const from of ['log', 'slices']) {
    // So many ids are worth a slice.
    if (from === 'slices') for (let i = 0; i < 20; i += 1) await house.send(Array.from({ length: 1000 }, (_, k) => play(`more-${i}-${k}`)))
    await house.close()
    house = await openHouse(folder.path, clock)
    assert.equal((await house.objects.list('events/ids/', {}, ctx)).length, from === 'log' ? 0 : 1)
    assert.deepEqual((await sendCloudEvents(house, ...again)).map(([, status]) => status), Array(4).fill('duplicate'), `from the ${from}`)
    assert.equal((await house.send([play('1')]))[0]?.status, 'duplicate')
  }
  assert.deepEqual(await sendCloudEvents(house, cloudEvent('1', '/d')), [['1', 'accepted']])
  const { rows } = await house.api.readEvents({ type: 'track-played', order: 'asc', limit: 5 }, ctx)
  assert.deepEqual(rows.map(({ id }) => id), ['1', '1', 'é"', '1', '1'])
  await house.close()
})

test('EV170 dead letters of two sources with one id are both replayed, once', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const wrong = { data: { ...properties, tempo: 120 } }
  await sendCloudEvents(house, cloudEvent('1', '/a', wrong), cloudEvent('1', '/b', wrong))
  assert.deepEqual(await sendCloudEvents(house, cloudEvent('1', '/b')), [['1', 'accepted']])
  const schema = { ...trackPlayed.schema, properties: { ...(trackPlayed.schema['properties'] as object), tempo: { type: 'integer', personal: 'none' } } }
  await house.api.putType({ type: 'track-played', body: { ...trackPlayed, version: '1-0-1', schema } }, ctx)
  const { accepted, duplicate } = await house.api.replayDead({ type: 'track-played', body: {} }, ctx)
  assert.deepEqual([accepted, duplicate], [1, 1])
  assert.deepEqual(await sendCloudEvents(house, cloudEvent('1', '/a', wrong)), [['1', 'duplicate']])
  await house.close()
})

test('EV171 longer ids of other systems are taken under a digest, deduplicated, and answered as they were sent', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const long = 'm'.repeat(100)
  const sendSegment = async (...ids: string[]): Promise<unknown> => {
    const batch = ids.map((messageId) => ({ type: 'track', event: 'Track Played', messageId, userId: 'u1', properties }))
    return JSON.parse(String((await house.post('/v1/batch', JSON.stringify({ batch })).catch((thrown: unknown) => assert.fail(String(thrown)))).body))
  }
  assert.deepEqual(await sendSegment('short', long, `${long}2`), { success: true })
  assert.deepEqual(await sendCloudEvents(house, cloudEvent(`${long}"`, '/a'), cloudEvent(`${long}"`, '/b'), cloudEvent(`${long}"`, '/a')), [[`${long}"`, 'accepted'], [`${long}"`, 'accepted'], [`${long}"`, 'duplicate']])
  assert.deepEqual(await sendCloudEvents(house, cloudEvent('😀'.repeat(64), '/a'), cloudEvent(long, '/a', { data: {} })), [['😀'.repeat(64), 'accepted'], [long, 'dead']])
  await house.close()
  house = await openHouse(folder.path, clock)
  assert.deepEqual(await sendSegment(long, 'short'), { success: true })
  assert.deepEqual(await sendCloudEvents(house, cloudEvent(`${long}"`, '/b')), [[`${long}"`, 'duplicate']])
  const { rows } = await house.api.readEvents({ type: 'track-played', order: 'asc' }, ctx)
  assert.deepEqual(rows.map(({ id }) => id.replace(/^(sha256-)[\w-]{43}$/, '$1')), ['short', 'sha256-', 'sha256-', 'sha256-', 'sha256-', '😀'.repeat(64)])
  assert.equal(new Set(rows.map(({ id }) => id)).size, 5, 'two sources share an id')
  assert.equal(rows[1]?.context?.['originalId'], long)
  // Ours are as long as they were.
  assert.equal((await house.send([play(long)]))[0]?.status, 'dead')
  await house.close()
})
