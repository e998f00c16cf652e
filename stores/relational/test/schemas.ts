// Schemas of the tests' own in a database that others use too, and the one table in them.
import { sql } from 'kysely'
import { openRelational, type Migration } from '../src/index.ts'

export type Tables = { n: { id: number; by: string } }

export const table: Migration[] = [
  {
    name: '0001',
    up: (db) => db.schema.createTable('n').addColumn('id', 'integer', (column) => column.primaryKey()).addColumn('by', 'text', (column) => column.notNull()).execute(),
  },
]

/** The address with a schema that nobody else has. */
export function withSchema(address: string): string {
  const url = new URL(address)
  url.searchParams.set('schema', `test_${crypto.randomUUID().replaceAll('-', '_')}`)
  return url.href
}

export async function dropSchema(address: string): Promise<void> {
  const store = await openRelational(address)
  await sql`drop schema ${sql.id(new URL(address).searchParams.get('schema') ?? '')} cascade`.execute(store.db)
  await store.close()
}
