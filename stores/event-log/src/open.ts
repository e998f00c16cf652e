// Drivers by URL.
import { findFolderOfUrl } from '@rondo/files'
import { errors } from './errors.ts'
import { openFileStorage, type FileStorageOptions } from './file/file-storage.ts'
import { createMemoryStorage } from './memory/memory-storage.ts'
import { createPartitionedLog } from './partitioned-log.ts'
import type { EventLog } from './port.ts'

export type OpenEventLogOptions = Partial<FileStorageOptions>

const DEFAULT_MAX_RECORD_BYTES = 16 * 1024 * 1024

/** `file:./folder` (made when missing; one process at a time) or `memory:`. Throws `LOG_URL_UNSUPPORTED`, `LOG_LOCKED`, `NEWER_LOG`, `LOG_CORRUPT`, `STORAGE_FULL`. */
export async function openEventLog(url: string, options: OpenEventLogOptions = {}): Promise<EventLog> {
  const maxRecordBytes = options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES
  if (url === 'memory:') {
    return createPartitionedLog(createMemoryStorage({ maxRecordBytes }), { survivesPowerLoss: false, atomicAcrossTopics: false })
  }
  const folder = findFolderOfUrl(url)
  if (folder === undefined) throw errors.schemeUnknown({ url })
  return createPartitionedLog(await openFileStorage(folder, { ...options, maxRecordBytes }), { survivesPowerLoss: true, atomicAcrossTopics: false })
}
