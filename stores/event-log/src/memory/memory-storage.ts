// The log in this process's memory: for tests and throw-away runs. Gone at close.
import type { LogStorage, PartitionLog } from '../partition-log.ts'
import type { StoredRecord } from '../port.ts'
import { toRecords, type Records } from '../record-block.ts'

const SEGMENT_RECORDS = 1_000

export function createMemoryStorage(options: { maxRecordBytes: number }): LogStorage {
  return {
    maxRecordBytes: options.maxRecordBytes,
    keepsPacked: false,
    topics: [],
    positions: [],
    saveTopic: async () => {},
    savePositions: async () => {},
    openPartition: async () => createMemoryPartition(),
    maintain: async () => {},
    ready: async () => {},
    close: async () => {},
  }
}

function createMemoryPartition(): PartitionLog {
  let records: StoredRecord[] = []
  let start = 0
  const end = (): number => start + records.length
  return {
    get start() {
      return start
    },
    get end() {
      return end()
    },
    async append(added: Records, timestampMs) {
      const firstOffset = end()
      for (const { key, value, headers } of toRecords(added)) {
        records.push({ key, value: value.slice(), ...(headers && Object.keys(headers).length > 0 ? { headers: { ...headers } } : {}), offset: end(), timestampMs })
      }
      return firstOffset
    },
    async read(offset, limits) {
      const found: StoredRecord[] = []
      let bytes = 0
      for (let index = offset - start; index < records.length && found.length < limits.maxRecords; index += 1) {
        const record = records[index] as StoredRecord
        bytes += sizeOf(record)
        if (found.length > 0 && bytes > limits.maxBytes) break
        found.push({ ...record, value: record.value.slice() })
      }
      return found
    },
    async findOffset(timestampMs) {
      const index = records.findIndex((record) => record.timestampMs >= timestampMs)
      return index < 0 ? end() : start + index
    },
    async drop({ olderThanMs, keepFrom, maxBytes }) {
      const firstKept = start
      let keptBytes = records.reduce((sum, record) => sum + sizeOf(record), 0)
      while (records.length > 0) {
        const segment = records.slice(0, SEGMENT_RECORDS)
        const isOld = start + segment.length <= keepFrom && segment.every((record) => record.timestampMs < olderThanMs)
        if (!isOld && keptBytes <= maxBytes) break
        keptBytes -= segment.reduce((sum, record) => sum + sizeOf(record), 0)
        records = records.slice(segment.length)
        start += segment.length
      }
      return start - firstKept
    },
  }
}

function sizeOf(record: StoredRecord): number {
  return record.value.byteLength + record.key.length
}
