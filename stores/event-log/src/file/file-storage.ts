// The log in one folder: `journal` (topics and committed positions), `segments/` (records), `lock` (one process at a time).
import { dirname, join } from 'node:path'
import { acquireFolderLock, createBufferPool, createFolderSyncs, FolderLockedError, makeFolderDurably, nodeFileSystem, type FileSystem, type ProcessIdentity } from '@rondo/files'
import { createSystemRandom, type Random } from '@rondo/random'
import { errors } from '../errors.ts'
import type { LogStorage } from '../partition-log.ts'
import type { Expanders } from '../port.ts'
import { readCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint.ts'
import { toDiskError } from './disk-error.ts'
import { openFilePartition, type FilePartition } from './file-partition.ts'
import { createHandlePool } from './handle-pool.ts'
import { openJournal } from './journal.ts'
import { findSegmentName } from './segment-name.ts'
import type { SegmentFile } from './segment.ts'

export type FileStorageOptions = {
  /** Default 32 MiB; a segment is larger by what was appended at once. */
  segmentBytes?: number
  /** After so many more bytes, `enforceRetention` notes what the next opening need not read again. Default 64 MiB. */
  checkpointBytes?: number
  /** Default 200. */
  maxOpenFiles?: number
  maxRecordBytes: number
  expanders: Expanders
  fileSystem?: FileSystem
  random?: Random
  identity?: ProcessIdentity
}

const DEFAULT_SEGMENT_BYTES = 32 * 1024 * 1024
const DEFAULT_CHECKPOINT_BYTES = 64 * 1024 * 1024
const DEFAULT_MAX_OPEN_FILES = 200
/** For frames that are to come. */
const IDLE_BUFFER_BYTES = 8 * 1024 * 1024
/** A retention is kept to within this part of itself: segments are at most so long. */
const SEGMENTS_PER_RETENTION = 8

export async function openFileStorage(folder: string, options: FileStorageOptions): Promise<LogStorage> {
  const fileSystem = options.fileSystem ?? nodeFileSystem
  const random = options.random ?? createSystemRandom()
  const segmentsFolder = join(folder, 'segments')
  try {
    await makeFolderDurably(fileSystem, folder)
    const lock = await acquireFolderLock(fileSystem, folder, options.identity)
    try {
      await makeFolderDurably(fileSystem, segmentsFolder)
      const checkpointPath = join(folder, 'checkpoint')
      const checkpoint = await readCheckpoint(fileSystem, checkpointPath)
      const segments = await listSegments(fileSystem, segmentsFolder, checkpoint)
      const opened: FilePartition[] = []
      let notedBytes = checkpoint.values().reduce((sum, { durableBytes }) => sum + durableBytes, 0)
      const journal = await openJournal(fileSystem, join(folder, 'journal'))
      const syncFolder = createFolderSyncs(fileSystem)
      // A process that was killed may have made files whose names are not synced, and what is written to them next must not go with their names.
      await Promise.all([dirname(folder), folder, segmentsFolder].map(syncFolder))
      const buffers = createBufferPool(IDLE_BUFFER_BYTES)
      const handles = createHandlePool(fileSystem, options.maxOpenFiles ?? DEFAULT_MAX_OPEN_FILES)
      /** Only a help for the next opening: a disk that refuses it refuses nothing else. */
      const saveCheckpoint = async (changedBytes: number): Promise<void> => {
        const facts: Checkpoint = new Map()
        for (const files of segments.values()) for (const file of files) if (file.facts) facts.set(file.name, file.facts)
        for (const log of opened) log.noteFacts(facts)
        const keptBytes = facts.values().reduce((sum, { durableBytes }) => sum + durableBytes, 0)
        if (Math.abs(keptBytes - notedBytes) < changedBytes) return
        notedBytes = keptBytes
        await writeCheckpoint(fileSystem, checkpointPath, facts).catch(() => undefined)
      }
      return {
        maxRecordBytes: options.maxRecordBytes,
        keepsPacked: true,
        topics: [...journal.topics].map(([topic, config]) => ({ topic, config })),
        positions: [...journal.groups].flatMap(([group, positions]) => [...positions.values()].map((position) => ({ group, ...position }))),
        saveTopic: journal.saveTopic,
        savePositions: journal.savePositions,
        async openPartition(topic, partition) {
          const id = `${topic}@${partition}`
          try {
            const log = await openFilePartition({
              topic,
              partition,
              files: { fileSystem, handles, syncFolder, folder: segmentsFolder },
              segments: segments.get(id) ?? [],
              segmentBytes: options.segmentBytes ?? DEFAULT_SEGMENT_BYTES,
              segmentMs: () => (journal.topics.get(topic)?.retentionMs ?? Infinity) / SEGMENTS_PER_RETENTION,
              newSalt: () => random.uint32(),
              buffers,
              expanders: options.expanders,
            })
            opened.push(log)
            segments.delete(id)
            return log
          } catch (error) {
            throw toDiskError(error, join(segmentsFolder, id))
          }
        },
        maintain: () => saveCheckpoint(options.checkpointBytes ?? DEFAULT_CHECKPOINT_BYTES),
        async ready() {
          await fileSystem.readFolder(segmentsFolder).catch((error: unknown) => {
            throw toDiskError(error, segmentsFolder)
          })
        },
        async close() {
          try {
            await journal.close()
            await handles.close()
            await saveCheckpoint(1)
          } catch (error) {
            throw toDiskError(error, folder)
          } finally {
            await lock.release().catch(() => undefined)
          }
        },
      }
    } catch (error) {
      await lock.release().catch(() => undefined)
      throw error
    }
  } catch (error) {
    if (error instanceof FolderLockedError) throw errors.locked({ folder, holder: error.holder }, error)
    throw toDiskError(error, folder)
  }
}

async function listSegments(fileSystem: FileSystem, folder: string, checkpoint: Checkpoint): Promise<Map<string, SegmentFile[]>> {
  const found = new Map<string, SegmentFile[]>()
  for (const { name } of await fileSystem.readFolder(folder)) {
    const segment = findSegmentName(name)
    if (!segment) continue
    const id = `${segment.topic}@${segment.partition}`
    const files = found.get(id) ?? []
    files.push({ name, baseOffset: segment.baseOffset, facts: checkpoint.get(name) })
    found.set(id, files)
  }
  for (const files of found.values()) files.sort((a, b) => a.baseOffset - b.baseOffset)
  return found
}
