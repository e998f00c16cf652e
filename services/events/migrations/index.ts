// All migrations of the room, in the order of their run.
import type { Migration } from '@rondo/relational'
import { room } from './0001-room.ts'
import { retiredTypes } from './0002-retired-types.ts'
import { keys } from './0003-keys.ts'
import { readers } from './0004-readers.ts'
import { losses } from './0005-losses.ts'

export const migrations: Migration[] = [room, retiredTypes, keys, readers, losses]
