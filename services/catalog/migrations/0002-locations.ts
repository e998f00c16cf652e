// Places that somebody registered while the house ran, beside those of its configuration.
import type { Migration } from '@rondo/relational'
import type { Kysely } from 'kysely'

export const locations: Migration = {
  name: '0002-locations',
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('location')
      .addColumn('id', 'text', (column) => column.notNull().primaryKey())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('target', 'text', (column) => column.notNull())
      .addUniqueConstraint('location_place', ['type', 'target'])
      .execute()
  },
}
