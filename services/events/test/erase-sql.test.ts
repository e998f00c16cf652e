// SQL over personal columns, with the events and pipelines rooms together.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAnalytics } from '@rondo/analytics'
import { createCtx } from '@rondo/context'
import { createLocalClient, type Api, type Contract, type Peer } from '@rondo/contract'
import { createPipelinesService } from '@rondo/pipelines'
import { createRandom } from '@rondo/random'
import { createIds } from '@rondo/ids'
import { openTestDatabase } from '@rondo/relational/testing'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, HOUR_MS } from '@rondo/time'
import { ctx, openHouse, plainSearch, START_MS } from './events-house.ts'

test('EV65 SQL reads sealed columns as if they lay in the clear, asks for keys only when it looks at them, and finds none of an erased user', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  const analytics = await openAnalytics('duckdb:', { folders: [folder.join('objects')] })
  const relational = await openTestDatabase(folder.path, 'pipelines')
  let keysRead = 0
  const api: typeof house.api = { ...house.api, readKeys: (input, callCtx) => ((keysRead += input.body.ids.length), house.api.readKeys(input, callCtx)) }
  const peer: Peer = <C extends Contract>(_contract: C) => createLocalClient<Contract>(house.service.contract, api as Api<Contract>) as Api<C>
  const pipelines = await createPipelinesService({ clock, log: house.deps.log, ids: createIds(clock, createRandom(3)), peer, objects: house.objects, analytics, relational })
  const sql = async (text: string, as = ctx): Promise<unknown[]> => (await pipelines.api.sql({ body: { sql: text } }, as)).rows
  try {
    await house.api.putType({ type: 'search-made', body: plainSearch }, ctx)
    await house.send(['u1', 'u2', 'u3'].flatMap((userId, n) => ['jazz', 'soul'].map((word, i) => ({ id: `s${n}${i}`, type: 'search-made', userId, properties: { query: `${word} of ${userId}`, results: n } }))))
    clock.advance(2 * HOUR_MS)
    await house.settle()
    assert.deepEqual(await sql('select count(*) as n, sum(results) as r from search_made'), [{ n: 6, r: 6 }])
    assert.equal(keysRead, 0)
    assert.deepEqual(await sql(`select "userId", query from search_made where query like 'jazz%' order by 1`), [{ userId: 'u1', query: 'jazz of u1' }, { userId: 'u2', query: 'jazz of u2' }, { userId: 'u3', query: 'jazz of u3' }])
    assert.equal(keysRead, 3)
    assert.deepEqual(Object.keys((await sql('select * from search_made limit 1'))[0] as object).filter((name) => name.startsWith('_')), [])
    assert.deepEqual(await sql('select count(query) as n, count(*) as all from search_made', createCtx({ principal: { kind: 'client', name: 'app' } })), [{ n: 0, all: 6 }])
    await house.api.erase({ user: 'u2' }, ctx)
    assert.deepEqual(await sql('select "userId", count(query) as n, count(*) as all from search_made group by 1 order by 1'), [{ userId: 'u1', n: 2, all: 2 }, { userId: 'u2', n: 0, all: 2 }, { userId: 'u3', n: 2, all: 2 }])
    await assert.rejects(sql(`select rondo_unseal('a', 'b', '\\x00'::blob, 'query') from search_made`), { code: 'SQL_REFUSED' })
  } finally {
    await pipelines.close()
    await relational.close()
    await analytics.close()
    await house.close()
  }
})
