// Every service's migrations make the same tables on both engines.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { createCtx } from '@rondo/context'
import { openRelational, type Migration } from '@rondo/relational'
import { engineUrl } from '@rondo/tools/engines'
import { Kysely, sql } from 'kysely'
import { readSchema, type Schema } from './read-schema.ts'

const { url, skip } = engineUrl('postgres')
const ctx = createCtx()
const services = resolve(import.meta.dirname, '../../../services')
const migrated = (await readdir(services)).filter((service) => existsSync(join(services, service, 'migrations/index.ts')))

async function make(address: string, migrations: Migration[]): Promise<Schema> {
  const store = await openRelational<never>(address)
  try {
    await store.migrate(migrations, ctx)
    await store.acquireLease('any', 'any', 1, 0, ctx)
    assert.deepEqual(await store.migrate(migrations, ctx), { applied: [] })
    return await readSchema(store.db, store.capabilities.dialect)
  } finally {
    if (store.capabilities.dialect === 'postgres') await sql`drop schema ${sql.id(new URL(address).searchParams.get('schema') ?? '')} cascade`.execute(store.db)
    await store.close()
  }
}

describe('services on both engines', { skip }, () => {
  test('RL22 every service with a database is compared', () => assert.ok(migrated.length >= 6, migrated.join()))

  for (const service of migrated) {
    test(`RL22 the tables of ${service} are the same on SQLite and PostgreSQL`, async () => {
      const { migrations } = (await import(join(services, service, 'migrations/index.ts'))) as { migrations: Migration[] }
      const [embedded, distributed] = [await make('sqlite::memory:', migrations), await make(`${url}?schema=compare_${process.pid}_${service.replaceAll('-', '_')}`, migrations)]
      assert.ok(Object.keys(embedded).length >= 3)
      assert.deepEqual(distributed, embedded)
    })
  }

  test('RL22 a difference is seen', async () => {
    const table = (type: 'integer' | 'bigint', name: string, unique: boolean): Migration[] => [
      {
        name: '0001',
        up: async (db: Kysely<never>) => {
          await db.schema.createTable('t').addColumn('a', type, (column) => (unique ? column.unique() : column)).addColumn('b', 'text', (column) => column.notNull().references('t.a')).execute()
          await db.schema.createIndex(name).on('t').columns(['b', 'a']).execute()
        },
      },
    ]
    const read = async (migrations: Migration[]) => (await make('sqlite::memory:', migrations))['t']
    const whole = await read(table('integer', 'i', true))
    assert.deepEqual(whole, { columns: { a: 'integer', b: 'text not null' }, primaryKey: [], indexes: ['i: b, a', 'unique: a'], references: ['b → t.a'] })
    for (const other of [table('bigint', 'i', true), table('integer', 'j', true), table('integer', 'i', false)]) assert.notDeepEqual(await read(other), whole)
  })
})
