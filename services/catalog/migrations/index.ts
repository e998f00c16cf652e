// The migrations of the catalog room, in the order of their run.
import type { Migration } from '@rondo/relational'
import { lastGood } from './0001-last-good.ts'
import { locations } from './0002-locations.ts'
import { readings } from './0003-readings.ts'

export const migrations: Migration[] = [lastGood, locations, readings]
