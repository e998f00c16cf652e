// kill -9 at any moment of sending and landing: nothing acknowledged is lost, nothing is delivered twice, the counts reconcile.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { openAnalytics } from '@rondo/analytics'
import { createRandom } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, MINUTE_MS } from '@rondo/time'
import { START_MS, ctx, fewIds, openHouse } from './events-house.ts'
import { BATCH_EVENTS } from './send-until-killed.ts'

const KILLS = 8

/** Runs the sender until it has acknowledged so many batches, then kills it; returns all that it acknowledged. */
async function sendAndKill(folder: string, first: number, batches: number): Promise<number[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'send-until-killed.ts'), folder, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const acknowledged: number[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(Number(line.split(' ')[1]))
    if (acknowledged.length === batches) child.kill('SIGKILL')
  }
  await closed
  assert.equal(child.signalCode, 'SIGKILL')
  return acknowledged
}

test('EV20 kill -9 again and again loses nothing acknowledged and delivers nothing twice', { timeout: 240_000 }, async () => {
  await using folder = await createTempFolder()
  const random = createRandom(7)
  const acknowledged = new Set<number>()
  let first = 0
  for (let kill = 0; kill < KILLS; kill += 1) {
    for (const batch of await sendAndKill(folder.path, first, 5 + random.int(60))) acknowledged.add(batch)
    // The sender tries again what was never acknowledged, as clients do.
    while (acknowledged.has(first)) first += 1
  }
  const clock = createManualClock(START_MS + (Math.max(...acknowledged) + 200) * 2 * MINUTE_MS)
  const house = await openHouse(folder.path, clock, { ids: fewIds(folder.path) })
  await house.settle()
  const analytics = await openAnalytics('duckdb:')
  const counts = (await house.api.counts({}, ctx)).rows
  for (const type of ['track-played', 'search-made']) {
    const { rows } = await house.api.listBuckets({ type }, ctx)
    const files = rows.flatMap((row) => row.files).map((key) => house.objects.locate(key))
    const landed = await analytics.query('select id, count(*) as times from t group by id', { tables: [{ name: 't', files }], maxRows: 1_000_000 }, ctx)
    assert.ok(landed.rows.every((row) => Number(row['times']) === 1), `${type} was delivered twice`)
    const ids = new Set(landed.rows.map((row) => String(row['id'])))
    for (const batch of acknowledged) {
      const expected = type === 'search-made' ? [`s${batch}`] : Array.from({ length: BATCH_EVENTS - 3 }, (_, i) => `p${batch}-${i}`)
      for (const id of expected) assert.ok(ids.has(id), `${id} was acknowledged and is lost`)
    }
    const row = counts.find((count) => count.type === type)
    assert.ok(row !== undefined)
    assert.equal(row.delivered, ids.size)
    assert.equal(row.inFlight, 0)
    assert.equal(row.accepted, row.delivered + row.duplicate + row.dead)
    if (type === 'track-played') assert.ok(row.dead >= [...acknowledged].filter((batch) => batch % 2 === 1).length && row.duplicate >= acknowledged.size)
    const perHour = (await house.api.history({ type, hours: 2000 }, ctx)).rows
    assert.equal(perHour.reduce((sum, hour) => sum + hour.accepted, 0), row.accepted)
  }
  await analytics.close()
  await house.close()
})
