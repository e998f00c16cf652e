// The tables of recommendations, oldest first.
import type { Migration } from '@rondo/relational'

export const migrations: Migration[] = [
  {
    name: '0001-models',
    async up(db) {
      await db.schema
        .createTable('models')
        .addColumn('version', 'text', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('week', 'text', (column) => column.notNull())
        .addColumn('trained_ms', 'bigint', (column) => column.notNull())
        .addColumn('data_ms', 'bigint', (column) => column.notNull())
        .addColumn('train_ms', 'double precision', (column) => column.notNull())
        .addColumn('users', 'integer', (column) => column.notNull())
        .addColumn('items', 'integer', (column) => column.notNull())
        .addColumn('interactions', 'integer', (column) => column.notNull())
        .addColumn('dimensions', 'integer', (column) => column.notNull())
        .addColumn('provisional', 'integer', (column) => column.notNull())
        .addColumn('lists', 'integer', (column) => column.notNull())
        .addColumn('metrics', 'text', (column) => column.notNull())
        .execute()
      await db.schema.createIndex('models_by_time').on('models').column('trained_ms').execute()
    },
  },
  {
    // So that a week whose making was cut off is told from one that is done.
    name: '0002-models-listed',
    async up(db) {
      await db.schema.alterTable('models').addColumn('listed_ms', 'bigint').execute()
    },
  },
]
