// How far named readers of a type have come; instants are epoch milliseconds.
import type { Migration } from '@rondo/relational'

export const readers: Migration = {
  name: '0004-readers',
  async up(db) {
    await db.schema
      .createTable('readers')
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('reader', 'text', (c) => c.notNull())
      .addColumn('next_offset', 'bigint', (c) => c.notNull())
      .addColumn('asked_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('readers_pk', ['type', 'reader'])
      .execute()
  },
}
