// Keys under which what is personal is sealed, and the accounts of closed hours; instants are epoch milliseconds.
import type { Migration } from '@rondo/relational'

export const keys: Migration = {
  name: '0003-keys',
  async up(db) {
    await db.schema
      .createTable('sealing_keys')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('owner', 'text', (c) => c.notNull())
      .addColumn('generation', 'integer', (c) => c.notNull())
      .addColumn('wrapped', 'text', (c) => c.notNull())
      .addColumn('made_at', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint')
      .addUniqueConstraint('sealing_keys_of_owner', ['owner', 'generation'])
      .execute()
    await db.schema.createIndex('sealing_keys_by_expiry').on('sealing_keys').columns(['expires_at']).execute()
    await db.schema
      .createTable('hour_reports')
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('start_ms', 'bigint', (c) => c.notNull())
      .addColumn('delivered', 'bigint', (c) => c.notNull())
      .addColumn('duplicate', 'bigint', (c) => c.notNull())
      .addColumn('dead', 'bigint', (c) => c.notNull())
      .addColumn('in_flight', 'bigint', (c) => c.notNull())
      .addColumn('landed', 'bigint', (c) => c.notNull())
      .addColumn('late', 'bigint', (c) => c.notNull())
      .addColumn('version', 'text', (c) => c.notNull())
      .addColumn('closed_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('hour_reports_key', ['start_ms', 'type'])
      .execute()
  },
}
