// Opens the memory of ids: what does not fit moves to disk while requests go on.
import type { Log } from '@rondo/contract'
import { nodeFileSystem, type FileSystem } from '@rondo/files'
import { createRecentIds, type RecentIds } from './domain/recent-ids.ts'
import { createBlockBuilder, type BlockBuilder } from './id-segments/block-builder.ts'
import type { BuildBlock } from './id-segments/segment-file.ts'
import { openIdSegments, type IdSegments, type IdSegmentsOptions } from './id-segments/id-segments.ts'

/** Where ids lie that memory does not hold. */
export type IdFolder = { folder: string; fileSystem?: FileSystem; room?: IdSegmentsOptions['room'] }

export type IdMemory = {
  recent: RecentIds
  /** None where there is no folder. */
  segments: IdSegments | undefined
  /** How often the disk refused to take them. */
  readonly failures: number
  /** One bounded round of moving, merging and removing; gives how much was done. */
  tend(): Promise<number>
  /** Ends once nothing has to be moved, or the disk does not take it now. */
  settle(): Promise<void>
  close(): Promise<void>
}

const MAX_IDS = 8_000_000
/** 33 MiB of table and, while one fills and another moves, as much again; 8 MiB each when there are 25 million ids on disk. */
const ROOM: IdSegmentsOptions['room'] = { ample: 2_400_000, scarce: 600_000, scarceBytes: 24 * 1024 * 1024 }
/** After the disk refused. */
const PAUSE_MS = 1_000

type Options = {
  place: IdFolder | undefined
  windowMs: number
  /** One of its own unless given. */
  builder?: BlockBuilder
  log: Log
  now: () => number
  /** Resolves once what is being stored at the moment is durable or was taken back. */
  whenStored: () => Promise<unknown>
}

export async function openRecentIds({ place, windowMs, builder = createBlockBuilder(), log, now, whenStored }: Options): Promise<IdMemory> {
  if (place === undefined) return inMemory(windowMs)
  const { folder, fileSystem = nodeFileSystem, room = ROOM } = place
  let isClosing = false
  const build: BuildBlock = (...block) => (isClosing ? Promise.reject(new Error('It ends.')) : builder.build(...block))
  let segments: IdSegments
  try {
    segments = await openIdSegments({ folder, fileSystem, log, windowMs, build, room })
  } catch (error) {
    log.error('The folder of ids cannot be read: they are kept in memory alone, and duplicates are known for a shorter time when many come.', { folder, reason: String(error) })
    return inMemory(windowMs)
  }
  let running: Promise<number> | undefined
  let pausedUntilMs = -Infinity
  let failures = 0
  let isRefused = false

  async function move(): Promise<number> {
    const standing = [...recent.standing]
    await whenStored()
    for (const generation of standing) await segments.take(generation, () => recent.drop(generation))
    return standing.length
  }

  async function round(): Promise<number> {
    const nowMs = now()
    if (isClosing || nowMs < pausedUntilMs) return 0
    try {
      const done = recent.isFull ? await move() : (await segments.merge(nowMs)) + (await segments.removeOld())
      if (done > 0) isRefused = false
      return done
    } catch (error) {
      if (isClosing) return 0
      failures += 1
      pausedUntilMs = nowMs + PAUSE_MS
      if (!isRefused) log.warn('Ids could not be moved to disk; they stay in memory, and it is tried again.', { folder, reason: String(error) })
      isRefused = true
      return 0
    }
  }

  function tend(): Promise<number> {
    running ??= round().finally(() => {
      running = undefined
    })
    return running
  }

  async function settle(): Promise<void> {
    while ((await tend()) > 0) continue
  }

  const recent = createRecentIds({ windowMs, maxIds: MAX_IDS, older: segments, onFull: () => void settle() })
  return {
    recent,
    segments,
    get failures() {
      return failures
    },
    tend,
    settle,
    async close() {
      isClosing = true
      await running
      await builder.close()
      await segments.close()
    },
  }
}

function inMemory(windowMs: number): IdMemory {
  return { recent: createRecentIds({ windowMs, maxIds: MAX_IDS }), segments: undefined, failures: 0, tend: async () => 0, settle: async () => undefined, close: async () => undefined }
}
