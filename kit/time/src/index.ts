// Time: the clock that is passed in, and the calendar of partitions.
export { createManualClock, systemClock, type Clock, type ManualClock } from './clock.ts'
export { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, WEEK_MS } from './durations.ts'
export {
  findPartitionRange,
  startOfDay,
  startOfHour,
  startOfWeek,
  toIsoDate,
  toIsoHour,
  toPartition,
  type PartitionKind,
} from './calendar.ts'
export { toIso } from './to-iso.ts'
