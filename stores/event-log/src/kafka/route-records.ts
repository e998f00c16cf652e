// The records of one call, by the partitions they go to; everything is checked before anything is written.
import { checkRecords } from '../check-input.ts'
import { errors } from '../errors.ts'
import { partitionOfKey } from '../partition-of-key.ts'
import { checkBlock, countRecords, type Records } from '../record-block.ts'
import { BATCH_HEADER_BYTES, boundRecordBytes } from './encode-batch.ts'
import { fromBlock, fromRecords, routeBlock, type RecordSource } from './record-source.ts'
import type { KafkaTopic } from './topics.ts'

export type Routed = { found: KafkaTopic; partition: number; source: RecordSource }

/** Records of one partition come together, in their order. Throws `RECORD_TOO_LARGE`, `BAD_RECORD_KEY`, `BAD_RECORD_BLOCK`. */
export function routeRecords(batches: { found: KafkaTopic; records: Records }[], maxRecordBytes: number): Routed[] {
  const routed = new Map<string, { found: KafkaTopic; partition: number; sources: RecordSource[] }>()
  for (const { found, records } of batches) {
    if (Array.isArray(records)) checkRecords(found.topic, records, maxRecordBytes)
    else checkBlock(found.topic, records, maxRecordBytes)
    if (countRecords(records) === 0) continue
    for (const [partition, source] of splitByPartition(records, found.config.partitions)) {
      checkFits(found, source, maxRecordBytes)
      const id = `${found.topic}@${partition}`
      const known = routed.get(id)
      if (known === undefined) routed.set(id, { found, partition, sources: [source] })
      else known.sources.push(source)
    }
  }
  return [...routed.values()].map(({ found, partition, sources }) => ({ found, partition, source: joinSources(sources) }))
}

function splitByPartition(records: Records, partitions: number): [partition: number, source: RecordSource][] {
  if (partitions === 1) return [[0, Array.isArray(records) ? fromRecords(records) : fromBlock(records)]]
  if (Array.isArray(records)) return Array.from(Map.groupBy(records, ({ key }) => partitionOfKey(key, partitions)), ([partition, own]) => [partition, fromRecords(own)])
  return Array.from(routeBlock(records, partitions), ([partition, indexes]) => [partition, fromBlock(records, indexes)])
}

/** By the topic's own limit: a topic that others made may have a lower one than the address says. */
function checkFits({ topic, maxBatchBytes }: KafkaTopic, source: RecordSource, maxRecordBytes: number): void {
  const most = maxBatchBytes - BATCH_HEADER_BYTES
  for (let index = 0; index < source.count; index += 1) {
    const sizeBytes = boundRecordBytes(source, index)
    if (sizeBytes > most) throw errors.recordTooLarge({ topic, sizeBytes, maxRecordBytes: Math.min(most, maxRecordBytes) })
  }
}

/** Several parts of one call as one. */
function joinSources(sources: RecordSource[]): RecordSource {
  const [only, ...others] = sources
  if (only !== undefined && others.length === 0) return only
  const places = sources.flatMap((source) => Array.from({ length: source.count }, (_, index) => ({ source, index })))
  const at = (index: number): { source: RecordSource; index: number } => places[index] as { source: RecordSource; index: number }
  return {
    count: places.length,
    bodyBytes: (index) => at(index).source.bodyBytes(at(index).index),
    writeBody: (index, into, start) => at(index).source.writeBody(at(index).index, into, start),
  }
}
