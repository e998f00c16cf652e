// The tables of the room, as first made.
import type { Migration } from '@rondo/relational'

export const room: Migration = {
  name: '0001-room',
  async up(db) {
    await db.schema
      .createTable('type_versions')
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('version', 'text', (c) => c.notNull())
      .addColumn('position', 'integer', (c) => c.notNull())
      .addColumn('definition', 'text', (c) => c.notNull())
      .addColumn('put_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('type_versions_key', ['type', 'version'])
      .execute()
    await db.schema
      .createTable('landing')
      .addColumn('type', 'text', (c) => c.primaryKey())
      .addColumn('next_offset', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('buckets')
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('hour', 'text', (c) => c.notNull())
      .addColumn('start_ms', 'bigint', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('rows', 'bigint', (c) => c.notNull())
      .addColumn('late', 'bigint', (c) => c.notNull())
      .addColumn('version', 'text', (c) => c.notNull())
      .addColumn('files', 'text', (c) => c.notNull())
      .addColumn('lag_ms', 'bigint', (c) => c.notNull())
      .addColumn('closed_at', 'bigint')
      .addPrimaryKeyConstraint('buckets_key', ['type', 'start_ms'])
      .execute()
    await db.schema.createIndex('buckets_by_hour').on('buckets').columns(['start_ms']).execute()
    await db.schema.createIndex('buckets_by_state').on('buckets').columns(['state']).execute()
    await db.schema
      .createTable('hour_tallies')
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('start_ms', 'bigint', (c) => c.notNull())
      .addColumn('duplicates', 'bigint', (c) => c.notNull())
      .addColumn('dead', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('hour_tallies_key', ['type', 'start_ms'])
      .execute()
    await db.schema
      .createTable('replayed')
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('dead_offset', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('replayed_key', ['type', 'dead_offset'])
      .execute()
    await db.schema
      .createTable('garbage')
      .addColumn('object_key', 'text', (c) => c.primaryKey())
      .addColumn('delete_after', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('progress')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('value', 'bigint', (c) => c.notNull())
      .execute()
  },
}
