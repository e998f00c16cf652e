// What each descriptor file said when it was last read, so that files that did not change are not parsed again.
import type { Migration } from '@rondo/relational'
import type { Kysely } from 'kysely'

export const readings: Migration = {
  name: '0003-readings',
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('reading')
      .addColumn('file', 'text', (column) => column.notNull().primaryKey())
      .addColumn('stamp', 'text', (column) => column.notNull())
      .addColumn('reading', 'text', (column) => column.notNull())
      .execute()
  },
}
