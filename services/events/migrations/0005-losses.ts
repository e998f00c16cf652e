// What clients numbered and what of it never came, by hour; instants are epoch milliseconds.
import type { Migration } from '@rondo/relational'

export const losses: Migration = {
  name: '0005-losses',
  async up(db) {
    await db.schema
      .createTable('hour_losses')
      .addColumn('start_ms', 'bigint', (c) => c.primaryKey())
      .addColumn('clients', 'bigint', (c) => c.notNull())
      .addColumn('numbered', 'bigint', (c) => c.notNull())
      .addColumn('lost', 'bigint', (c) => c.notNull())
      .addColumn('is_whole', 'integer', (c) => c.notNull())
      .execute()
  },
}
