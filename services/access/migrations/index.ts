// The migrations of the access room, in the order of their run.
import type { Migration } from '@rondo/relational'
import { keysAndSessions } from './0001-keys-and-sessions.ts'

export const migrations: Migration[] = [keysAndSessions]
