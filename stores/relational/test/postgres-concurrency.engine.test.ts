// Many at once on one PostgreSQL: who waits, who is tried again, and what ends in an error.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createCtx } from '@rondo/context'
import { engineUrl } from '@rondo/tools/engines'
import { sql, type Kysely } from 'kysely'
import { openRelational, type Migration, type Relational } from '../src/index.ts'
import { rejectsWith } from './rejects-with.ts'
import { dropSchema, table, withSchema, type Tables } from './schemas.ts'

const { url, skip } = engineUrl('postgres')
const ctx = createCtx()

describe('postgres: many at once', { skip }, () => {
  test('RL28 of two processes that start at once one migrates, and the other finds it done', async () => {
    const address = withSchema(url)
    const stores = await Promise.all(Array.from({ length: 4 }, () => openRelational<Tables>(address)))
    let runs = 0
    const counted: Migration[] = [{ name: '0001', up: async (db) => ((runs += 1), sql`select pg_sleep(0.2)`.execute(db).then(() => table[0]?.up(db))) }]
    const applied = await Promise.all(stores.map((store) => store.migrate(counted, ctx)))
    assert.deepEqual([runs, applied.flatMap((one) => one.applied)], [1, ['0001']])
    for (const store of stores) await store.close()
    await dropSchema(address)
  })

  test('RL30 transactions wait for a connection, and always get one for what they read past themselves', async () => {
    const address = withSchema(`${url}?pool=2`)
    const store = await openRelational<Tables>(address)
    await store.migrate(table, ctx)
    await Promise.all(
      Array.from({ length: 20 }, (_, id) =>
        store.transaction(async (tx) => {
          await store.db.selectFrom('n').select('id').execute()
          await tx.insertInto('n').values({ id, by: 'a' }).execute()
        }, ctx),
      ),
    )
    const { rows } = await sql<{ count: number }>`select count(*) as count from pg_stat_activity where application_name = 'rondo' and query like ${`%${new URL(address).searchParams.get('schema')}%`}`.execute(store.db)
    assert.ok((rows[0]?.count ?? 0) <= 2)
    assert.equal((await store.db.selectFrom('n').select('id').execute()).length, 20)
    await store.close()
    await dropSchema(address)
  })

  test('RL30 statements and locks have limits, and a pool that is used up says so', async () => {
    const address = withSchema(`${url}?pool=2&statementTimeoutMs=700&lockTimeoutMs=50&connectTimeoutMs=100`)
    const store = await openRelational<Tables>(address)
    await store.migrate(table, ctx)
    await rejectsWith(sql`select pg_sleep(20)`.execute(store.db), 'STATEMENT_TIMEOUT', /pg_sleep/, /statementTimeoutMs/)
    await store.db.insertInto('n').values({ id: 1, by: 'a' }).execute()
    const other = await openRelational<Tables>(address)
    await other.transaction(async (tx) => {
      await tx.updateTable('n').set({ by: 'b' }).execute()
      await rejectsWith(store.db.updateTable('n').set({ by: 'c' }).execute(), 'LOCK_TIMEOUT', /another transaction holds/, /lockTimeoutMs/)
    }, ctx)
    await other.close()
    const busy = [1, 2].map(() => sql`select pg_sleep(0.25)`.execute(store.db))
    await rejectsWith(store.db.selectFrom('n').selectAll().execute(), 'POOL_EXHAUSTED', /All 2 connections/, /pool/)
    await Promise.all(busy)
    await store.close()
    await dropSchema(address)
  })

  test('RL31 write skew is refused, and what lost is run again on what the other has left', async () => {
    const address = withSchema(url)
    const stores = await Promise.all([openRelational<Tables>(address), openRelational<Tables>(address)])
    const [one, two] = stores as [Relational<Tables>, Relational<Tables>]
    await one.migrate(table, ctx)
    await one.db.insertInto('n').values([{ id: 1, by: 'on' }, { id: 2, by: 'on' }]).execute()
    // Each may go off duty only while the other stays.
    const leave = (store: Relational<Tables>, id: number) =>
      store.transaction(async (tx) => {
        const there = await tx.selectFrom('n').select('id').where('by', '=', 'on').execute()
        if (there.length < 2) return 'stays'
        await tx.updateTable('n').set({ by: 'off' }).where('id', '=', id).execute()
        return 'left'
      }, ctx)
    const answers = await Promise.all([leave(one, 1), leave(two, 2)])
    assert.deepEqual(answers.toSorted(), ['left', 'stays'])
    for (const store of stores) await store.close()
    await dropSchema(address)
  })

  test('RL31 a taken key is a conflict of two that asked before: the second asks again', async () => {
    const address = withSchema(url)
    const store = await openRelational<Tables>(address)
    await store.migrate(table, ctx)
    const ensure = (by: string) =>
      store.transaction(async (tx) => {
        const found = await tx.selectFrom('n').select('by').where('id', '=', 1).executeTakeFirst()
        if (found !== undefined) return found.by
        await tx.insertInto('n').values({ id: 1, by }).execute()
        return by
      }, ctx)
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => ensure(`h${index}`)))
    assert.equal(new Set(answers).size, 1)
    await store.close()
    await dropSchema(address)
  })

  test('RL31 what loses every time ends, and says how often it was tried', async () => {
    const address = withSchema(url)
    const [store, rival] = [await openRelational<Tables>(address), await openRelational<Tables>(address)]
    await store.migrate(table, ctx)
    await store.db.insertInto('n').values({ id: 1, by: '0' }).execute()
    let runs = 0
    const losing = store.transaction(async (tx) => {
      await tx.selectFrom('n').selectAll().execute()
      await rival.db.updateTable('n').set({ by: String((runs += 1)) }).execute()
      await tx.updateTable('n').set({ by: 'mine' }).execute()
    }, ctx)
    await rejectsWith(losing, 'TRANSACTION_CONFLICT', /12 times/)
    assert.equal(runs, 12)
    for (const one of [store, rival]) await one.close()
    await dropSchema(address)
  })

  test('RL32 when another process changes a table, statements kept prepared for it are prepared anew', async () => {
    const address = withSchema(url)
    const [store, other] = [await openRelational<Tables>(address), await openRelational<Tables>(address)]
    await store.migrate(table, ctx)
    await store.db.insertInto('n').values({ id: 1, by: 'a' }).execute()
    const read = (db: Kysely<Tables>) => db.selectFrom('n').selectAll().where('id', '=', 1).executeTakeFirst()
    for (const column of ['c', 'd']) {
      for (let use = 0; use < 5; use += 1) await read(store.db)
      await other.db.schema.alterTable('n').addColumn(column, 'text').execute()
      const found = column === 'c' ? await read(store.db) : await store.transaction(read, ctx)
      assert.ok(found !== undefined && column in found)
    }
    const { rows } = await sql<{ count: number }>`select count(*) as count from pg_prepared_statements`.execute(store.db)
    assert.ok((rows[0]?.count ?? 0) > 0)
    for (const one of [store, other]) await one.close()
    await dropSchema(address)
  })
})
