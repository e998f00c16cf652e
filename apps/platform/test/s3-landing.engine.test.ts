// Landing, pipelines and SQL with their objects on S3 while answers are lost and connections break: every event is there once, at every hop.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { createSilentLog } from '@rondo/host'
import { createFaultProxy, createTempFolder } from '@rondo/testing'
import { eventsContract, type WireEvent } from '@rondo/events/contract'
import { openObjects } from '@rondo/objects'
import { pipelinesContract } from '@rondo/pipelines/contract'
import { createManualClock, DAY_MS, HOUR_MS } from '@rondo/time'
import { engineUrl, startEngine } from '@rondo/tools/engines'
import { CHECKOUT } from '../src/cli/place.ts'
import { createHouseCtx, createPlatform } from '../src/platform.ts'
import { loadWorkspace } from '../src/workspace/load-workspace.ts'

const { skip } = engineUrl('s3')
const START_MS = Date.parse('2026-01-05T00:00:00Z')
const ctx = createHouseCtx()

function makePlays(hour: number, count: number): WireEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `play-${hour}-${index}`,
    type: 'track-played',
    version: '1-0-0',
    occurredAt: new Date(START_MS + hour * HOUR_MS).toISOString(),
    userId: `user-${index % 10}`,
    properties: { trackId: `t${index % 7}`, artistId: 'a1', trackMs: 200_000, playedMs: 180_000, source: 'radio' },
  }))
}

test('PF70 with objects on S3 that loses answers, buckets, manifests, partitions and SQL hold every event once', { skip }, async () => {
  await using engine = await startEngine('s3')
  await using proxy = await createFaultProxy(engine.proxy)
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const loaded = await loadWorkspace(join(CHECKOUT, 'examples/music'))
  const workspace = { ...loaded, config: { ...loaded.config, stores: { ...loaded.config.stores, objects: `${engine.urlAt(proxy.port)}` } } }
  const platform = await createPlatform({ workspace, dataFolder: folder.path, log: createSilentLog(), clock, seed: 1, only: ['events', 'pipelines'] })
  try {
    await platform.apply(workspace)
    const [events, pipelines] = [platform.peer(eventsContract), platform.peer(pipelinesContract)]
    let lost = 0
    const loseNext = (part: string): void => {
      const request = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 4) === 'PUT ' && bytes.toString('latin1', 0, bytes.indexOf('\r\n')).includes(part)
      void proxy.loseAnswer({ request }).then(() => (lost += 1))
    }
    let sent = 0
    for (let hour = 0; hour < 24; hour += 1) {
      if (hour % 4 === 0) for (const part of ['/events/track-played/', '/events/manifests/']) loseNext(part)
      const plays = makePlays(hour, 20 + hour)
      const { results } = await events.publish({ body: { events: plays } }, ctx)
      sent += results.filter(({ status }) => status === 'accepted').length
      if (hour % 5 === 0) await events.land({}, ctx)
      if (hour % 6 === 0) proxy.cut()
      clock.advance(HOUR_MS)
      await platform.settle()
    }
    loseNext('/endpoints/listening-daily/')
    clock.moveTo(START_MS + DAY_MS + 2 * HOUR_MS)
    await platform.settle()
    assert.equal(sent, 20 * 24 + (24 * 23) / 2)
    assert.ok(lost >= 10, `${lost} answers were lost`)

    const [counts] = (await events.counts({ type: 'track-played', from: new Date(START_MS).toISOString(), to: new Date(START_MS + 2 * DAY_MS).toISOString() }, ctx)).rows
    assert.deepEqual([counts?.accepted, counts?.delivered, counts?.duplicate, counts?.dead, counts?.inFlight], [sent, sent, 0, 0, 0])
    const { rows: buckets } = await events.listBuckets({ type: 'track-played' }, ctx)
    assert.deepEqual([buckets.length, buckets.reduce((sum, { rows }) => sum + rows, 0)], [24, sent])
    assert.ok(buckets.every(({ state }) => state === 'closed'))

    const sql = async (text: string): Promise<unknown> => (await pipelines.sql({ body: { sql: text } }, ctx)).rows[0]
    assert.deepEqual(await sql('select count(*) as n, count(distinct id) as ids from track_played'), { n: sent, ids: sent })
    assert.deepEqual(await sql('select sum(plays)::bigint as n from listening_daily'), { n: sent })
    assert.deepEqual((await pipelines.listRuns({ pipeline: 'listening-daily' }, ctx)).rows.filter(({ state }) => state === 'failed'), [])

    await checkManifests(engine.url, sent)
  } finally {
    await platform.close()
  }
})

/** What a stranger with the bucket alone finds: manifests that name files, with their checksums and rows. */
async function checkManifests(url: string, sent: number): Promise<void> {
  const objects = await openObjects(url)
  const manifests = await objects.list('events/manifests/', {}, ctx)
  let rows = 0
  for (const { key } of manifests) {
    const { buckets } = JSON.parse(Buffer.from(await objects.get(key, {}, ctx)).toString()) as { buckets: { type: string; rows: number; files: { key: string; sha256: string }[] }[] }
    for (const bucket of buckets.filter(({ type }) => type === 'track-played')) {
      rows += bucket.rows
      for (const file of bucket.files) assert.equal(createHash('sha256').update(await objects.get(file.key, {}, ctx)).digest('hex'), file.sha256, file.key)
    }
  }
  assert.deepEqual([manifests.length, rows], [24, sent])
  await objects.close()
}
