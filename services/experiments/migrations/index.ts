// All migrations of this service, in order.
import type { Migration } from '@rondo/relational'
import { firstTables } from './0001-first-tables.ts'
import { shippedAt } from './0002-shipped-at.ts'
import { streamKey } from './0003-stream-key.ts'

export const migrations: Migration[] = [firstTables, shippedAt, streamKey]
