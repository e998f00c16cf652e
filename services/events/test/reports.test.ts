// The account of each closed hour, kept.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, HOUR_MS } from '@rondo/time'
import { ctx, openHouse, plainSearch, play, START_MS, trackPlayed } from './events-house.ts'

test('EV67 when an hour closes its counts are kept, by type: what was accepted is in the bucket, a duplicate, or dead; also where only dead ones came, and after a restart', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.api.putType({ type: 'search-made', body: plainSearch }, ctx)
  await house.send([play('a'), play('b'), play('a'), { ...play('c'), properties: {} }, play('late', 'u1', '2026-09-21T08:00:00.000Z')])
  await house.send([{ id: 'x', type: 'search-made', properties: {} }])
  await house.settle()
  assert.deepEqual((await house.api.reports({}, ctx)).rows, [])
  clock.advance(HOUR_MS)
  await house.send([play('d')])
  await house.settle()
  const first = { hour: '2026-09-21T09', inFlight: 0, difference: 0, closedAt: '2026-09-21T10:00:00.000Z' }
  const { rows } = await house.api.reports({}, ctx)
  assert.deepEqual(rows.map(({ version: _version, ...row }) => row), [
    { ...first, type: 'search-made', accepted: 1, delivered: 0, duplicate: 0, dead: 1, landed: 0, late: 0 },
    { ...first, type: 'track-played', accepted: 5, delivered: 3, duplicate: 1, dead: 1, landed: 3, late: 1 },
  ])
  assert.equal(rows[1]?.version, (await house.api.listBuckets({ type: 'track-played' }, ctx)).rows[0]?.version)
  await house.close()
  house = await openHouse(folder.path, clock)
  clock.advance(2 * HOUR_MS)
  await house.settle()
  const seen = []
  let after: string | undefined
  do {
    const page = await house.api.reports({ limit: 1, ...(after === undefined ? {} : { after }) }, ctx)
    seen.push(...page.rows.map(({ type, hour, landed }) => `${hour} ${type} ${landed}`))
    after = page.next
  } while (after !== undefined)
  assert.deepEqual(seen, ['2026-09-21T10 track-played 1', '2026-09-21T09 search-made 0', '2026-09-21T09 track-played 3'])
  assert.deepEqual((await house.api.reports({ type: 'track-played', to: '2026-09-21T10' }, ctx)).rows.map(({ hour }) => hour), ['2026-09-21T09'])
  await house.close()
})

test('EV67 what clients numbered and never arrived is told by hour, over all types, and is in the manifest', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.api.putType({ type: 'search-made', body: plainSearch }, ctx)
  const numbered = (sequence: number, id = 'phone-1') => ({ context: { client: { id, sequence } } })
  await house.send([{ ...play('a'), ...numbered(4) }, { id: 'b', type: 'search-made', userId: 'u1', properties: { query: 'q' }, ...numbered(5) }])
  clock.advance(5_000)
  await house.settle()
  await house.send([{ ...play('c'), ...numbered(8) }, { ...play('d'), ...numbered(1, 'web-1') }, play('e')])
  clock.advance(HOUR_MS)
  await house.settle()
  assert.deepEqual((await house.api.losses({}, ctx)).rows, [{ hour: '2026-09-21T09', clients: 2, numbered: 4, lost: 2, isWhole: true }])
  const manifests = await house.objects.list('events/manifests/', {}, ctx)
  const read = await Promise.all(manifests.map(async ({ key }) => JSON.parse(Buffer.from(await house.objects.get(key, {}, ctx)).toString()) as { clients?: object; buckets: { files: { minId: string; maxId: string }[] }[] }))
  assert.deepEqual(read.map(({ clients }) => clients), [{ clients: 2, numbered: 4, lost: 2, isWhole: true }])
  assert.deepEqual(read[0]?.buckets.flatMap(({ files }) => files.map(({ minId, maxId }) => [minId, maxId])).toSorted(), [['a', 'e'], ['b', 'b']])
  await house.close()
})
