// Rules of names, numbers and sizes that hold on every driver.
import { errors } from './errors.ts'
import type { LogRecord, TopicConfig } from './port.ts'

const NAME = /^[A-Za-z0-9._-]{1,200}$/
const MAX_PARTITIONS = 1024

export function checkName(what: 'topic' | 'consumer group', name: string): void {
  if (!NAME.test(name) || name === '.' || name === '..') throw errors.badName({ what, name })
}

export function checkConfig(topic: string, config: TopicConfig): void {
  const { partitions, retentionMs, retentionBytes } = config
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS) throw errors.badConfig({ topic, field: 'partitions', value: partitions })
  if (retentionMs !== undefined && !(retentionMs > 0)) throw errors.badConfig({ topic, field: 'retentionMs', value: retentionMs })
  if (retentionBytes !== undefined && !(retentionBytes > 0)) throw errors.badConfig({ topic, field: 'retentionBytes', value: retentionBytes })
}

export function checkOffset(offset: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0) throw errors.badOffset({ offset })
}

export function checkLimit(name: string, value: number | undefined): void {
  if (value !== undefined && !(value >= 1)) throw errors.badLimit({ name, value })
}

export function checkTimestamp(timestampMs: number): void {
  if (!Number.isFinite(timestampMs)) throw errors.badTimestamp({ timestampMs })
}

/** Key, value and headers count together, in bytes (text at its longest, 3 bytes per UTF-16 unit, only where it could matter). */
export function checkRecords(topic: string, records: LogRecord[], maxRecordBytes: number): void {
  for (const record of records) {
    let sizeBytes = record.value.byteLength
    if (record.key.length > 256) sizeBytes += Buffer.byteLength(record.key)
    if (record.headers) for (const [name, text] of Object.entries(record.headers)) sizeBytes += Buffer.byteLength(name) + Buffer.byteLength(text)
    if (sizeBytes > maxRecordBytes) throw errors.recordTooLarge({ topic, sizeBytes, maxRecordBytes })
    if (!record.key.isWellFormed()) throw errors.badKey({ key: record.key })
  }
}
