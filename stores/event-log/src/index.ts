// The append-only log: port and drivers by URL.
export { openEventLog, type OpenEventLogOptions } from './open.ts'
export { openEventFeed } from './feed/open-feed.ts'
export type { Delivery, EventFeed, FeedCapabilities, GroupConfig, Subscription } from './feed/port.ts'
export type { Appended, EventLog, EventTopics, Expand, Expanders, GroupPosition, LogCapabilities, LogRecord, PackedBlock, PartitionOffsets, RecordBlock, StoredRecord, TopicConfig, TopicPartition } from './port.ts'
