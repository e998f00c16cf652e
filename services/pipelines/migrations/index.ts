// Migrations of the pipelines room, in the order of their run.
import type { Migration } from '@rondo/relational'
import { definitionsAndPartitions } from './0001-definitions-and-partitions.ts'

export const migrations: Migration[] = [definitionsAndPartitions]
