// Commits one row after the other and says so, until it is killed: half in transactions, half as single statements.
import { createCtx } from '@rondo/context'
import { sql } from 'kysely'
import { openRelational } from '../src/index.ts'

const store = await openRelational<{ n: { id: number } }>(process.argv[2] ?? '')
await sql`create table n (id integer primary key)`.execute(store.db)
for (let id = 1; ; id += 1) {
  if (id % 2 === 0) await store.db.insertInto('n').values({ id }).execute()
  else await store.transaction((tx) => tx.insertInto('n').values({ id }).execute(), createCtx())
  process.stdout.write(`${id}\n`)
}
