// What keys may send and did send, as it is told.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, DAY_MS } from '@rondo/time'
import { START_MS, ctx, openHouse, play, trackPlayed } from './events-house.ts'

test('EV148 quotas are told with what was sent today and what was refused', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock, { quotas: { web: { eventsPerSecond: 5 }, '*': { bytesPerDay: 1000 } } })
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.send([play('a')])
  await assert.rejects(house.send([play('b', 'u'.repeat(200)), play('c', 'u'.repeat(200)), play('d', 'u'.repeat(200)), play('e', 'u'.repeat(200))]), { code: 'OVER_QUOTA' })
  const sizeBytes = JSON.stringify(play('a')).length
  const rows = async () => (await house.api.quotas({}, ctx)).rows
  assert.deepEqual(await rows(), [{ key: '*', bytesPerDay: 1000, bytesToday: 0, refused: 0 }, { key: 'test', bytesPerDay: 1000, bytesToday: sizeBytes, refused: 1 }, { key: 'web', eventsPerSecond: 5, bytesToday: 0, refused: 0 }])
  clock.advance(DAY_MS)
  assert.deepEqual((await rows()).map(({ bytesToday }) => bytesToday), [0, 0, 0])
  await house.close()
})
