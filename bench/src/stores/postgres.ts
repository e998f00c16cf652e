// The scales of the relational store on PostgreSQL: reads, writes and transactions, beside the bare client library, and beside pgbench.
import { createCtx } from '@rondo/context'
import { openRelational, type Relational } from '@rondo/relational'
import { engineUrl } from '@rondo/tools/engines'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { BenchOptions, BenchResult } from '../result.ts'
import { compareWithAll, type Comparisons, type Reference } from './compare-calls.ts'
import { runPgbench } from './run-pgbench.ts'

const ACCOUNTS = 20_000
const AT_ONCE = 4

type Tables = { account: { id: number; balance: number; note: string }; entry: { id: number; account: number; amount: number } }

const ctx = createCtx()

/** All with the same isolation: serialisable, as the store has it. Client and engine share the machine, so a second is of both. */
export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const { url, skip } = engineUrl('postgres')
  if (skip !== false) return [{ name: 'postgres', figure: skip }]
  const schema = `bench_${process.pid}`
  const store = await openRelational<Tables>(`${url}?schema=${schema}&pool=${AT_ONCE + 1}`)
  const pool = new pg.Pool({ connectionString: url, max: AT_ONCE, options: `-c search_path=${schema} -c default_transaction_isolation=serializable` })
  try {
    await makeTables(store)
    const results: BenchResult[] = []
    for (const comparison of makeComparisons(store, pool, small)) results.push(...(await compareWithAll(comparison)))
    results.push(await runPgbench(url, schema, ACCOUNTS, AT_ONCE, small ? 1 : 5))
    return results
  } finally {
    await pool.end()
    await sql`drop schema ${sql.id(schema)} cascade`.execute(store.db)
    await store.close()
  }
}

async function makeTables(store: Relational<Tables>): Promise<void> {
  const { schema } = store.db
  await schema.createTable('account').addColumn('id', 'integer', (c) => c.primaryKey()).addColumn('balance', 'bigint', (c) => c.notNull()).addColumn('note', 'text', (c) => c.notNull()).execute()
  await schema.createTable('entry').addColumn('id', 'bigint', (c) => c.notNull()).addColumn('account', 'integer', (c) => c.notNull()).addColumn('amount', 'bigint', (c) => c.notNull()).execute()
  await sql`insert into account select n, 0, repeat('x', 80) from generate_series(0, ${sql.lit(ACCOUNTS - 1)}) as n`.execute(store.db)
  await sql`analyze account`.execute(store.db)
}

/** The same by Kysely on the bare library, which is what the port speaks, and by the library alone, with SQL as text. */
function makeComparisons(store: Relational<Tables>, pool: pg.Pool, small: boolean): Comparisons[] {
  const { db } = store
  const bare = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const some = { calls: small ? 200 : 3_000, atOnce: AT_ONCE }
  const few = { ...some, calls: some.calls / 4 }
  const read = 'select "balance", "note" from "account" where "id" = $1'
  const add = 'update "account" set "balance" = "balance" + $1 where "id" = $2'
  const note = 'insert into "entry" ("id", "account", "amount") values ($1, $2, $3)'
  const account = (at: number): number => (at * 7919) % ACCOUNTS
  const readRow = (by: Kysely<Tables>, at: number) => by.selectFrom('account').select(['balance', 'note']).where('id', '=', account(at)).executeTakeFirst()
  const readRows = (by: Kysely<Tables>) => by.selectFrom('account').select(['id', 'balance', 'note']).where('id', '<', 200).execute()
  const insertRow = (by: Kysely<Tables>, at: number) => by.insertInto('entry').values({ id: at, account: account(at), amount: 1 }).execute()
  const move = async (by: Kysely<Tables>, at: number) => {
    await readRow(by, at)
    await by.updateTable('account').set((e) => ({ balance: e('balance', '+', 1) })).where('id', '=', account(at)).execute()
    await insertRow(by, at)
  }
  const moveByHand = async (at: number) => {
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query(read, [account(at)])
      await client.query(add, [1, account(at)])
      await client.query(note, [at, account(at), 1])
      await client.query('commit')
    } finally {
      client.release()
    }
  }
  const beside = (kysely: (at: number) => Promise<unknown>, alone: (at: number) => Promise<unknown>): Reference[] => [
    { client: 'Kysely on pg', call: kysely, mark: true },
    { client: 'pg alone', call: alone, mark: false },
  ]
  return [
    { ...some, name: 'postgres: read a row', ours: (at) => readRow(db, at), references: beside((at) => readRow(bare, at), (at) => pool.query(read, [account(at)])) },
    { ...few, name: 'postgres: read 200 rows', ours: () => readRows(db), references: beside(() => readRows(bare), () => pool.query('select "id", "balance", "note" from "account" where "id" < $1', [200])) },
    { ...some, name: 'postgres: insert a row', ours: (at) => insertRow(db, at), references: beside((at) => insertRow(bare, at), (at) => pool.query(note, [at, account(at), 1])) },
    { ...few, name: 'postgres: a transaction of three statements', ours: (at) => store.transaction((tx) => move(tx, at), ctx), references: beside((at) => bare.transaction().execute((tx) => move(tx, at)), moveByHand) },
  ]
}
