// A closed hour made anew: another version, while the one before can still be read.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, DAY_MS, HOUR_MS } from '@rondo/time'
import { ctx, openHouse, play, START_MS, trackPlayed } from './events-house.ts'

test('EV69 a restated hour is another version in files of its own; those before keep their bytes for a week, and what is the same changes nothing', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  const bucketOf = async () => (await house.api.listBuckets({ type: 'track-played' }, ctx)).rows[0]
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.send([play('a'), play('b', 'u2')])
  await assert.rejects(house.api.restate({ type: 'track-played', hour: '2026-09-21T09' }, ctx), { code: 'HOUR_NOT_CLOSED' })
  clock.advance(HOUR_MS)
  await house.settle()
  const before = await bucketOf()
  const [key = ''] = before?.files ?? []
  const sum = async (): Promise<string> => createHash('sha256').update(await house.objects.get(key, {}, ctx)).digest('hex')
  const bytes = await sum()
  const properties = trackPlayed.schema['properties'] as Record<string, unknown>
  await house.api.putType({ type: 'track-played', body: { ...trackPlayed, version: '1-0-1', schema: { ...trackPlayed.schema, properties: { ...properties, mood: { type: 'string', personal: 'none' } } } } }, ctx)
  const restated = await house.api.restate({ type: 'track-played', hour: '2026-09-21T09' }, ctx)
  const after = await bucketOf()
  assert.deepEqual(restated, { type: 'track-played', hour: '2026-09-21T09', before: before?.version, version: after?.version })
  assert.notEqual(after?.version, before?.version)
  assert.deepEqual([after?.state, after?.rows, after?.files.includes(key)], ['closed', 2, false])
  assert.equal(await sum(), bytes)
  const again = await house.api.restate({ type: 'track-played', hour: '2026-09-21T09' }, ctx)
  assert.deepEqual([again.before, again.version], [after?.version, after?.version])
  assert.deepEqual((await house.api.reports({}, ctx)).rows.map(({ version, difference }) => [version, difference]), [[after?.version, 0]])
  clock.advance(8 * DAY_MS)
  await house.settle()
  await assert.rejects(sum(), { code: 'OBJECT_NOT_FOUND' })
  assert.equal((await house.api.listBuckets({ type: 'track-played' }, ctx)).rows[0]?.version, after?.version)
  await house.close()
})
