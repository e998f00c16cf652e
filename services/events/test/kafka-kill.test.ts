// kill -9 under a Kafka producer that tries again by itself: nothing acknowledged is lost, nothing is there twice.
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { ctx, play, START_MS, WRITE_KEY } from './events-house.ts'
import { openKafkaHouse, openProducer } from './kafka-house.ts'

const KILLS = 5
const BATCHES = 150
const BATCH_EVENTS = 20

async function start(folder: string, port: number): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve-kafka-until-killed.ts'), folder, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) return { child, port: Number(line.split(' ')[1]) }
  throw new Error('the server ended before it listened')
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}

test('EV74 kill -9 of the collector under an idempotent producer with retries loses nothing acknowledged and keeps nothing twice', { timeout: 240_000 }, async () => {
  await using folder = await createTempFolder()
  const random = createRandom(11)
  let running = await start(folder.path, 0)
  const { port } = running
  const acknowledged: string[] = []
  let isDone = false
  const produce = async (): Promise<void> => {
    await using producer = await openProducer(port, WRITE_KEY, { retries: 60, idempotent: true })
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const ids = Array.from({ length: BATCH_EVENTS }, (_, index) => `p${batch}-${index}`)
      await producer.send({ topic: 'track-played', messages: ids.map((id) => ({ value: JSON.stringify(play(id)) })) })
      acknowledged.push(...ids)
    }
    isDone = true
  }
  const producing = produce()
  for (let kills = 1; kills <= KILLS && !isDone; kills += 1) {
    const goal = Math.min((kills * BATCHES * BATCH_EVENTS) / (KILLS + 1) + random.int(100), (BATCHES - 1) * BATCH_EVENTS)
    while (acknowledged.length < goal && !isDone) await new Promise((resolve) => setImmediate(resolve))
    await kill(running.child)
    running = await start(folder.path, port)
  }
  await producing
  await kill(running.child)
  const house = await openKafkaHouse(folder.path, createManualClock(START_MS))
  try {
    const { rows } = await house.api.readEvents({ type: 'track-played', order: 'asc', limit: 10_000 }, ctx)
    assert.equal(acknowledged.length, BATCHES * BATCH_EVENTS)
    assert.deepEqual(rows.map(({ id }) => id).toSorted(), acknowledged.toSorted())
    const [count] = (await house.api.counts({ type: 'track-played' }, ctx)).rows
    assert.equal(count?.accepted, (count?.delivered ?? 0) + (count?.duplicate ?? 0) + (count?.dead ?? 0) + (count?.inFlight ?? 0))
  } finally {
    await house.close()
  }
})
