// All migrations of this service, in order.
import type { Migration } from '@rondo/relational'
import { firstTables } from './0001-first-tables.ts'

export const migrations: Migration[] = [firstTables]
