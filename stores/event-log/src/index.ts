// The append-only log: port and drivers by URL.
export { openEventLog, type OpenEventLogOptions } from './open.ts'
export type { Appended, EventLog, LogCapabilities, LogRecord, PartitionOffsets, RecordBlock, StoredRecord, TopicConfig, TopicPartition } from './port.ts'
