// Many small types in one hour: they share files, and SQL reads each as if it had its own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAnalytics } from '@rondo/analytics'
import { createLocalClient, type Api, type Contract, type Peer } from '@rondo/contract'
import { createIds } from '@rondo/ids'
import { createPipelinesService } from '@rondo/pipelines'
import { createRandom } from '@rondo/random'
import { openTestDatabase } from '@rondo/relational/testing'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, DAY_MS, HOUR_MS } from '@rondo/time'
import type { EventTypeDefinition } from '../src/contract.ts'
import { ctx, openHouse, START_MS, type House } from './events-house.ts'

const TYPES = 20

function defineSmall(n: number): EventTypeDefinition {
  const properties = { word: { type: 'string', personal: 'none' }, plays: { type: 'integer', personal: 'none' }, share: { type: 'number', personal: 'none' }, on: { type: 'boolean', personal: 'none' }, list: { type: 'array', items: { type: 'integer' }, personal: 'none' }, id: { type: 'string', personal: 'none' }, email: { type: 'string', personal: 'strict' } }
  return { name: `small-${n}`, version: '1-0-0', owner: 'squad-world', slo: 'bronze', retention: n === 0 ? '2d' : '30d', schema: { type: 'object', properties, additionalProperties: true } }
}

const makeEvent = (n: number, i: number) => ({ id: `e${n}-${i}`, type: `small-${n}`, userId: `u${i % 3}`, properties: { word: `w${n}`, plays: 10 * n + i, share: 0.5, on: true, list: [n, i], id: 'own', email: `u${i}@example.org`, other: 'extra' } })

async function sendSome(house: House, from: number): Promise<void> {
  for (let n = 0; n < TYPES; n += 1) for (const { status } of await house.send([makeEvent(n, from), makeEvent(n, from + 1)])) assert.equal(status, 'accepted')
}

test('EV68 small types share a file an hour, closed and open; counts, SQL, erasure and retention are as with files of their own', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  const analytics = await openAnalytics('duckdb:', { folders: [folder.join('objects')] })
  const relational = await openTestDatabase(folder.path, 'pipelines')
  const peer: Peer = <C extends Contract>(_contract: C) => createLocalClient<Contract>(house.service.contract, house.api as Api<Contract>) as Api<C>
  const pipelines = await createPipelinesService({ clock, log: house.deps.log, ids: createIds(clock, createRandom(3)), peer, objects: house.objects, analytics, relational })
  const sql = async (text: string): Promise<unknown[]> => (await pipelines.api.sql({ body: { sql: text } }, ctx)).rows
  const filesOf = async (n: number): Promise<string[]> => (await house.api.listBuckets({ type: `small-${n}` }, ctx)).rows.flatMap(({ files }) => files)
  try {
    for (let n = 0; n < TYPES; n += 1) await house.api.putType({ type: `small-${n}`, body: defineSmall(n) }, ctx)
    await sendSome(house, 0)
    clock.advance(5_000)
    await house.settle()
    await sendSome(house, 2)
    clock.advance(60_000)
    await house.settle()
    assert.deepEqual([(await filesOf(3)).length, new Set([...(await filesOf(3)), ...(await filesOf(4))]).size], [2, 2])
    assert.deepEqual(await sql('select count(*) as n, sum(plays) as p from small_3'), [{ n: 4, p: 126 }])
    clock.advance(HOUR_MS)
    await house.settle()
    const all = new Set((await Promise.all(Array.from({ length: TYPES }, (_, n) => filesOf(n)))).flat())
    assert.equal(all.size, 1)
    assert.match([...all][0] ?? '', /^events\/packed\/day=2026-09-21\/hour=09-/)
    const bytes = await house.objects.get([...all][0] ?? '', {}, ctx)
    assert.deepEqual(await sql(`select id, "userId", word, plays, share, "on", list, properties_id, email, properties from small_7 order by id`), [0, 1, 2, 3].map((i) => ({ id: `e7-${i}`, userId: `u${i % 3}`, word: 'w7', plays: 70 + i, share: 0.5, on: true, list: `[7,${i}]`, properties_id: 'own', email: `u${i}@example.org`, properties: '{"other":"extra"}' })))
    const account = (await house.api.reports({ type: 'small-7' }, ctx)).rows[0]
    assert.deepEqual([account?.delivered, account?.landed, account?.difference], [4, 4, 0])
    assert.deepEqual((await house.api.audit({ user: 'u0' }, ctx)).rows.filter(({ place }) => place === 'buckets').map(({ records, readable }) => [records, readable]), Array.from({ length: TYPES }, () => [2, 2]))
    await house.api.erase({ user: 'u0' }, ctx)
    assert.equal((await house.api.audit({ user: 'u0' }, ctx)).readable, 0)
    assert.deepEqual(await sql('select count(email) as n, count(*) as all from small_7'), [{ n: 2, all: 4 }])
    // The first type's retention ends long before that of the others: the shared file stays for them.
    for (let day = 0; day < 4; day += 1) {
      clock.advance(DAY_MS)
      await house.settle()
    }
    assert.deepEqual([await filesOf(0), (await filesOf(7)).length], [[], 1])
    assert.deepEqual(await house.objects.get([...all][0] ?? '', {}, ctx), bytes)
    assert.deepEqual(await sql('select count(*) as n from small_7'), [{ n: 4 }])
    clock.advance(40 * DAY_MS)
    await house.settle()
    clock.advance(DAY_MS)
    await house.settle()
    assert.equal((await house.objects.list('events/packed/', {}, ctx)).length, 0)
  } finally {
    await pipelines.close()
    await relational.close()
    await analytics.close()
    await house.close()
  }
})
