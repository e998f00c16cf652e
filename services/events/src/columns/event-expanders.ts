// What a log that holds events is opened with, so that it gives the records of packed blocks.
import type { Expanders } from '@rondo/event-log'
import { expandColumns } from './expand-columns.ts'
import { PACKED_COLUMNS } from './packed-columns.ts'

export const EVENT_EXPANDERS: Expanders = { [PACKED_COLUMNS]: expandColumns }
