// The loop turned on four engines by two processes: the answers of the embedded house, with nothing changed but the configuration file.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { startDistributedHouse } from './distributed-house.ts'
import { makeListening, writeListening } from './listening-events.ts'
import { MUSIC } from './music-copy.ts'
import { findHouseEngines, makeOwnStores } from './own-stores.ts'
import { call, startUp } from './running-platform.ts'
import { turnTheLoop } from './turn-the-loop.ts'

const { engines, skip } = findHouseEngines()

test('PF71 on Kafka, PostgreSQL, S3 and Cassandra, in two processes, the loop gives the answers of the embedded house', { skip, timeout: 200_000 }, async (t) => {
  await using folder = await createTempFolder()
  const listening = makeListening({ seed: 'split', count: 3000, occurredAtMs: Date.now(), users: 40, tracks: 120 })
  const file = folder.join('listening.ndjson')
  await writeListening(file, listening)
  let embedded: Record<string, unknown>
  {
    await using one = await startUp(folder.join('one'))
    embedded = await turnTheLoop({ events: one.url, rest: one.url, eventsData: one.folder, workspace: MUSIC }, file, listening)
    assert.equal(await one.stop(), 0)
  }
  await using own = await makeOwnStores(engines)
  await using house = await startDistributedHouse(folder.path, own.env)
  t.diagnostic(`started in ${Math.round(house.rear.startMs)} and ${Math.round(house.front.startMs)} ms`)
  const { url } = house.front
  const distributed = await turnTheLoop({ events: url, rest: url, eventsData: house.front.folder, workspace: MUSIC }, file, listening)
  assert.deepEqual(distributed, embedded)
  for (const process of [house.rear, house.front]) assert.equal((await call(process.url, 'GET', '/readyz', { key: null })).status, 200)
  assert.deepEqual([await house.rear.stop(), await house.front.stop()], [0, 0])
})
