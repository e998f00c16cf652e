// The last good form of every described entity, so that a broken file does not take its things out of the catalog, also over a restart.
import type { Migration } from '@rondo/relational'
import type { Kysely } from 'kysely'

export const lastGood: Migration = {
  name: '0001-last-good',
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('last_good')
      .addColumn('file', 'text', (column) => column.notNull())
      .addColumn('ref', 'text', (column) => column.notNull())
      .addColumn('line', 'integer', (column) => column.notNull())
      .addColumn('entity', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('last_good_key', ['file', 'ref'])
      .execute()
  },
}
