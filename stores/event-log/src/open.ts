// Drivers by URL.
import { hidePassword } from '@rondo/errors'
import { findFolderOfUrl } from '@rondo/files'
import { errors } from './errors.ts'
import { openFileStorage, type FileStorageOptions } from './file/file-storage.ts'
import { createMemoryStorage } from './memory/memory-storage.ts'
import { createPartitionedLog } from './partitioned-log.ts'
import type { EventLog, Expanders } from './port.ts'

export type OpenEventLogOptions = Partial<Omit<FileStorageOptions, 'expanders'>> & {
  /** What makes records of packed blocks, by their encoding; a log that holds others still opens and gives all the rest. */
  expand?: Expanders
}

const DEFAULT_MAX_RECORD_BYTES = 16 * 1024 * 1024
const EMBEDDED = { atomicAcrossTopics: false, atomicAppendBytes: Infinity, retention: { age: 'on-call', bytes: 'on-call' } } as const

/**
 * `file:./folder` (made when missing; one process at a time), `memory:` or `kafka://host:port`. Throws `LOG_URL_UNSUPPORTED`, `LOG_LOCKED`, `NEWER_LOG`,
 * `LOG_CORRUPT`, `STORAGE_FULL`, `LOG_WITHOUT_OFFSETS`; engines `LOG_ADDRESS_INVALID`, `LOG_DRIVER_MISSING`, `LOG_UNREACHABLE`, `LOG_SIGN_IN_REFUSED`, `LOG_ENGINE_TOO_OLD`.
 */
export async function openEventLog(url: string, options: OpenEventLogOptions = {}): Promise<EventLog> {
  const maxRecordBytes = options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES
  const expanders = options.expand ?? {}
  if (url === 'memory:') return createPartitionedLog(createMemoryStorage({ maxRecordBytes }), { ...EMBEDDED, survivesPowerLoss: false }, expanders)
  if (/^pubsub:/.test(url)) throw errors.withoutOffsets({ address: url })
  if (/^kafkas?:/.test(url)) return (await import('./kafka/open-kafka-log.ts')).openKafkaLog(url, expanders)
  const folder = findFolderOfUrl(url)
  if (folder === undefined) throw errors.schemeUnknown({ url: hidePassword(url) })
  return createPartitionedLog(await openFileStorage(folder, { ...options, maxRecordBytes, expanders }), { ...EMBEDDED, survivesPowerLoss: true }, expanders)
}
