// What signs the addresses of event streams: one for all processes of this service, kept over restarts.
import type { Migration } from '@rondo/relational'
import type { Kysely } from 'kysely'

export const streamKey: Migration = {
  name: '0003-stream-key',
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('room_keys')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute()
  },
}
