// Event types that no workspace defines any more; instants are epoch milliseconds.
import type { Migration } from '@rondo/relational'

export const retiredTypes: Migration = {
  name: '0002-retired-types',
  async up(db) {
    await db.schema
      .createTable('retired_types')
      .addColumn('type', 'text', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .execute()
  },
}
