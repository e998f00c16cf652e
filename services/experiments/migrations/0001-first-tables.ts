// Flags, segments, metrics, experiments, their looks, and the audit trail.
import type { Migration } from '@rondo/relational'
import type { Kysely } from 'kysely'

export const firstTables: Migration = {
  name: '0001-first-tables',
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('flags')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('definition', 'text', (column) => column.notNull())
      .addColumn('rules', 'text', (column) => column.notNull())
      .addColumn('archived_at', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .execute()
    for (const name of ['segments', 'metrics']) {
      await db.schema
        .createTable(name)
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('definition', 'text', (column) => column.notNull())
        .addColumn('updated_at', 'bigint', (column) => column.notNull())
        .execute()
    }
    await db.schema
      .createTable('experiments')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('definition', 'text', (column) => column.notNull())
      .addColumn('flag', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('started_at', 'bigint')
      .addColumn('stopped_at', 'bigint')
      .addColumn('stopped_by', 'text')
      .addColumn('note', 'text')
      .addColumn('shipped', 'text')
      .addColumn('shipped_in_force', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('verdict', 'text')
      .addColumn('learning_class', 'text')
      .execute()
    await db.schema
      .createTable('looks')
      .addColumn('experiment', 'text', (column) => column.notNull())
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('look', 'integer', (column) => column.notNull())
      .addColumn('taken_at', 'bigint', (column) => column.notNull())
      .addColumn('content', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('looks_key', ['experiment', 'day'])
      .execute()
    await db.schema
      .createTable('audit')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('audit_by_subject').on('audit').columns(['subject', 'id']).execute()
  },
}
