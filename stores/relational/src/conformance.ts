// The suite that every driver of the relational store passes. Titles begin with the rule of SPEC.md.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createCtx } from '@rondo/context'
import { sql, type Transaction } from 'kysely'
import type { Migration, Relational } from './port.ts'

export type RelationalHarness = {
  /** Opens the one database of this harness; a second call sees what the first has left. */
  open<DB>(): Promise<Relational<DB>>
  /** False: `close` loses everything, and what needs a second opening is skipped. */
  persistent: boolean
  dispose(): Promise<void>
}

type Tables = { track: { id: string; plays: number; title: string | null; share: number | null }; play: { id: number; track_id: string } }

const ctx = createCtx()

const migrations: Migration[] = [
  {
    name: '0001-tracks',
    up: (db) =>
      db.schema
        .createTable('track')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('plays', 'bigint', (column) => column.notNull())
        .addColumn('title', 'text')
        .addColumn('share', 'double precision')
        .execute(),
  },
  {
    name: '0002-plays',
    up: (db) =>
      db.schema
        .createTable('play')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('track_id', 'text', (column) => column.notNull().references('track.id'))
        .execute(),
  },
]

export function testRelational(name: string, createHarness: () => Promise<RelationalHarness>): void {
  const withStore = async (work: (store: Relational<Tables>, harness: RelationalHarness) => Promise<void>): Promise<void> => {
    const harness = await createHarness()
    const store = await harness.open<Tables>()
    try {
      await store.migrate(migrations, ctx)
      await work(store, harness)
    } finally {
      await store.close()
      await harness.dispose()
    }
  }
  const put = (store: Relational<Tables>, id: string, plays = 0) => store.db.insertInto('track').values({ id, plays, title: null, share: null }).execute()
  const count = async (store: Relational<Tables>): Promise<number> => (await store.db.selectFrom('track').select('id').execute()).length

  describe(name, () => {
    test('RL1 what was written is there after closing and opening', async (t) => {
      await withStore(async (store, harness) => {
        if (!harness.persistent) return t.skip('this driver keeps nothing')
        await put(store, 'a', 3)
        await store.close()
        const again = await harness.open<Tables>()
        assert.deepEqual((await again.db.selectFrom('track').select('plays').execute()).map((row) => row.plays), [3])
        await again.close()
      })
    })

    test('RL2 a transaction that throws leaves nothing and passes the error on', () =>
      withStore(async (store) => {
        const thrown = new Error('no')
        const run = store.transaction(async (tx) => {
          await tx.insertInto('track').values({ id: 'a', plays: 1, title: null, share: null }).execute()
          throw thrown
        }, ctx)
        await assert.rejects(run, (error) => error === thrown)
        assert.equal(await count(store), 0)
        await put(store, 'b')
        assert.equal(await count(store), 1)
      }))

    test('RL3 nobody outside sees rows of an open transaction', () =>
      withStore(async (store) => {
        let outside = (): void => undefined
        const entered = new Promise<void>((resolve) => (outside = resolve))
        const done = store.transaction(async (tx) => {
          await tx.insertInto('track').values({ id: 'a', plays: 1, title: null, share: null }).execute()
          outside()
          await new Promise((resolve) => setImmediate(resolve))
          await tx.deleteFrom('track').execute()
        }, ctx)
        await entered
        const seen = count(store)
        await done
        assert.equal(await seen, 0)
      }))

    test('RL4 transactions run one after the other: no increment is lost', () =>
      withStore(async (store) => {
        await put(store, 'a')
        const increment = () =>
          store.transaction(async (tx) => {
            const { plays } = await tx.selectFrom('track').select('plays').where('id', '=', 'a').executeTakeFirstOrThrow()
            await new Promise((resolve) => setImmediate(resolve))
            await tx.updateTable('track').set({ plays: plays + 1 }).where('id', '=', 'a').execute()
          }, ctx)
        await Promise.all(Array.from({ length: 20 }, increment))
        assert.equal((await store.db.selectFrom('track').select('plays').executeTakeFirstOrThrow()).plays, 20)
      }))

    test('RL5 a write past the transaction it runs in is refused', () =>
      withStore(async (store) => {
        await store.transaction(async () => {
          await assert.rejects(put(store, 'a'), { code: 'WRITE_OUTSIDE_TRANSACTION' })
          await assert.rejects(store.transaction(async () => 1, ctx), { code: 'WRITE_OUTSIDE_TRANSACTION' })
          await count(store)
        }, ctx)
        await put(store, 'b')
      }))

    test('RL6 whole numbers, fractions, texts and null come back as they went', () =>
      withStore(async (store) => {
        await store.db.insertInto('track').values({ id: 'ä\u{1f3b5}', plays: Number.MAX_SAFE_INTEGER, title: '', share: 0.1 }).execute()
        const row = await store.db.selectFrom('track').selectAll().executeTakeFirstOrThrow()
        assert.equal(row.id, 'ä\u{1f3b5}')
        assert.equal(row.plays, Number.MAX_SAFE_INTEGER)
        assert.equal(row.title, '')
        assert.equal(row.share, 0.1)
        await store.db.updateTable('track').set({ title: null }).execute()
        assert.equal((await store.db.selectFrom('track').select('title').executeTakeFirstOrThrow()).title, null)
      }))

    test('RL6 beyond 2^53 integers come as BigInt, booleans as 0 and 1, dates and objects are refused', () =>
      withStore(async (store) => {
        await sql`insert into track (id, plays) values ('a', ${9007199254740993n}), ('b', ${true})`.execute(store.db)
        const { rows } = await sql<{ plays: unknown }>`select plays from track order by id`.execute(store.db)
        assert.deepEqual(rows.map((row) => row.plays), [9007199254740993n, 1])
        await assert.rejects(sql`select ${new Date(0)} as x`.execute(store.db), { code: 'BAD_PARAMETER' })
        await assert.rejects(sql`select ${{}} as x`.execute(store.db), { code: 'BAD_PARAMETER' })
      }))

    test('RL6 counts and sums are numbers', () =>
      withStore(async (store) => {
        await put(store, 'a', 3)
        await put(store, 'b', Number.MAX_SAFE_INTEGER - 3)
        const { fn } = store.db
        const row = await store.db.selectFrom('track').select([fn.countAll<number>().as('count'), fn.sum<number>('plays').as('sum'), fn.max('plays').as('most'), fn.sum<number>('share').as('shares')]).executeTakeFirstOrThrow()
        assert.deepEqual({ ...row }, { count: 2, sum: Number.MAX_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER - 3, shares: null })
        await store.db.updateTable('track').set({ share: 0.25 }).execute()
        assert.equal((await store.db.selectFrom('track').select(fn.sum<number>('share').as('shares')).executeTakeFirstOrThrow()).shares, 0.5)
      }))

    test('RL7 a key that is taken and a reference to nothing are conflicts', () =>
      withStore(async (store) => {
        await put(store, 'a')
        await assert.rejects(put(store, 'a'), { code: 'UNIQUE_VIOLATION', kind: 'conflict' })
        await assert.rejects(store.db.insertInto('play').values({ id: 1, track_id: 'none' }).execute(), { code: 'FOREIGN_KEY_VIOLATION', kind: 'conflict' })
      }))

    test('RL8 migrations run once, in order; a failing one leaves nothing of the run', () =>
      withStore(async (store) => {
        assert.deepEqual(await store.migrate(migrations, ctx), { applied: [] })
        const third: Migration = { name: '0003-more', up: (db) => db.schema.createTable('more').addColumn('id', 'integer').execute() }
        const failing: Migration = { name: '0004-no', up: (db) => db.schema.createTable('track').addColumn('id', 'integer').execute() }
        await assert.rejects(store.migrate([...migrations, third, failing], ctx), { code: 'MIGRATION_FAILED' })
        assert.deepEqual(await store.migrate([...migrations, third], ctx), { applied: ['0003-more'] })
      }))

    test('RL9 a database with migrations that are not known is refused', () =>
      withStore(async (store) => {
        await assert.rejects(store.migrate(migrations.slice(0, 1), ctx), { code: 'NEWER_DATABASE' })
      }))

    test('RL10 a migration that sorts before one that has run is refused, as is a list out of order', () =>
      withStore(async (store) => {
        const early: Migration = { name: '0000-early', up: async () => undefined }
        await assert.rejects(store.migrate([early, ...migrations], ctx), { code: 'MIGRATION_OUT_OF_ORDER' })
        await assert.rejects(store.migrate(migrations.toReversed(), ctx), { code: 'MIGRATION_OUT_OF_ORDER' })
      }))

    test('RL11 a lease has one holder, can be renewed, and passes on when it has expired with a greater fence', () =>
      withStore(async (store) => {
        assert.deepEqual(await store.acquireLease('land', 'a', 100, 1_000, ctx), { fence: 1, expiresAtMs: 1_100 })
        assert.equal(await store.acquireLease('land', 'b', 100, 1_099, ctx), undefined)
        assert.deepEqual(await store.acquireLease('land', 'a', 100, 1_050, ctx), { fence: 1, expiresAtMs: 1_150 })
        assert.deepEqual(await store.acquireLease('land', 'b', 100, 1_150, ctx), { fence: 2, expiresAtMs: 1_250 })
        assert.deepEqual(await store.acquireLease('train', 'a', 100, 1_000, ctx), { fence: 1, expiresAtMs: 1_100 })
      }))

    test('RL11 of many at once one gets the lease', () =>
      withStore(async (store) => {
        const got = await Promise.all(Array.from({ length: 10 }, (_, index) => store.acquireLease('land', `h${index}`, 100, 1_000, ctx)))
        assert.equal(got.filter((lease) => lease !== undefined).length, 1)
      }))

    test('RL12 a released lease is free at once; its fence still grows; only the holder releases', () =>
      withStore(async (store) => {
        await store.acquireLease('land', 'a', 100, 1_000, ctx)
        await store.releaseLease('land', 'b', ctx)
        assert.equal(await store.acquireLease('land', 'b', 100, 1_001, ctx), undefined)
        await store.releaseLease('land', 'a', ctx)
        assert.deepEqual(await store.acquireLease('land', 'a', 100, 1_002, ctx), { fence: 2, expiresAtMs: 1_102 })
      }))

    test('RL13 a caller that has gone is told so', () =>
      withStore(async (store) => {
        const gone = createCtx({ signal: AbortSignal.abort() })
        await assert.rejects(store.transaction(async () => 1, gone), { code: 'CANCELLED' })
        await assert.rejects(store.migrate(migrations, gone), { code: 'CANCELLED' })
      }))

    test('RL14 after close() everything is refused, and closing again is nothing', () =>
      withStore(async (store) => {
        await store.ready(ctx)
        await store.close()
        await store.close()
        await assert.rejects(count(store), { code: 'STORE_CLOSED' })
        await assert.rejects(store.transaction(async () => 1, ctx), { code: 'STORE_CLOSED' })
      }))

    test('RL15 a stream gives every row once, while others write', () =>
      withStore(async (store) => {
        for (let index = 0; index < 25; index += 1) await put(store, `t${String(index).padStart(2, '0')}`)
        const seen: string[] = []
        for await (const row of store.db.selectFrom('track').select('id').orderBy('id').stream(10)) {
          if (seen.length === 0) await put(store, 'later')
          seen.push(row.id)
        }
        assert.equal(seen.length, 25)
        assert.equal(new Set(seen).size, 25)
        assert.equal(await count(store), 26)
      }))

    test('RL20 a statement that fails ends its transaction', () =>
      withStore(async (store) => {
        await put(store, 'a')
        const goOn = (after: (tx: Transaction<Tables>) => Promise<unknown>) =>
          store.transaction(async (tx) => {
            await tx.insertInto('track').values({ id: 'b', plays: 0, title: null, share: null }).execute()
            await assert.rejects(tx.insertInto('track').values({ id: 'a', plays: 0, title: null, share: null }).execute(), { code: 'UNIQUE_VIOLATION' })
            await after(tx)
          }, ctx)
        await assert.rejects(goOn((tx) => tx.selectFrom('track').select('id').execute()), { code: 'TRANSACTION_ABORTED' })
        await assert.rejects(goOn(async () => undefined), { code: 'TRANSACTION_ABORTED' })
        assert.equal(await count(store), 1)
      }))

    test('RL21 texts sort and compare by their bytes', () =>
      withStore(async (store) => {
        const sorted = ['', '-', '10', '9', 'A', 'B', '_', 'a', 'a-b', 'aB', 'ab', 'b', 'é', 'ﬁ', '\u{1f3b5}']
        for (const id of sorted.toReversed()) await put(store, id)
        assert.deepEqual((await store.db.selectFrom('track').select('id').orderBy('id').execute()).map((row) => row.id), sorted)
        assert.deepEqual((await store.db.selectFrom('track').select('id').where('id', '>', 'aB').orderBy('id').limit(2).execute()).map((row) => row.id), ['ab', 'b'])
      }))
  })
}
