// When a variant was shipped: the time from a decision to the act that follows it.
import type { Migration } from '@rondo/relational'
import type { Kysely } from 'kysely'

export const shippedAt: Migration = {
  name: '0002-shipped-at',
  async up(db: Kysely<never>) {
    await db.schema.alterTable('experiments').addColumn('shipped_at', 'bigint').execute()
  },
}
