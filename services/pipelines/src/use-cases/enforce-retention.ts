// Drops partitions older than their endpoint keeps them, files that nobody points to any more, and the records of runs and files long past.
import type { Ctx } from '@rondo/context'
import { DAY_MS, startOfDay } from '@rondo/time'
import type { EndpointDefinition } from '../contract.ts'
import type { Partition } from '../domain/datasets.ts'
import { toRange } from '../domain/partition-windows.ts'
import { parseRetention } from '../domain/retention.ts'
import type { Room } from '../room.ts'
import { dropPartition, listUndeletedFiles, markFilesDeleted, pruneDroppedFiles } from '../store/partition-store.ts'
import { pruneRuns } from '../store/run-store.ts'

/** A query that has just looked up a file may still read it for this long. */
const GRACE_MS = DAY_MS
/** Of each pipeline the run log keeps so many; README.md names what stays beside them. */
export const RUNS_KEPT = 200
/** Failed and blocked runs beyond these stay for so long. */
export const FAILED_RUNS_KEPT_MS = 30 * DAY_MS
/** Of a deleted file it stays known when and why it went. */
const DROPPED_FILES_KEPT_MS = 30 * DAY_MS

/** Files deleted in one round. */
const FILES_PER_ROUND = 1_000

/** Once a day of the clock, in as many rounds as there is to do; returns how many partitions, files and records went. */
export function createEnforceRetention(room: Room): (ctx: Ctx) => Promise<number> {
  let doneDayMs = -Infinity
  return async (ctx) => {
    const dayMs = startOfDay(room.deps.clock.now())
    if (dayMs === doneDayMs) return 0
    return room.serial(async () => {
      const { relational, clock } = room.deps
      const nowMs = clock.now()
      const expired = findExpired(room)
      const files = await listUndeletedFiles(relational, nowMs - GRACE_MS, FILES_PER_ROUND)
      if (files.length < FILES_PER_ROUND) doneDayMs = dayMs
      // Of several processes the scheduler does it; one that has nothing to do need not become it.
      if (expired.length + files.length === 0 && room.counters.published + room.counters.failed + room.counters.blocked === 0) return 0
      if ((await room.holdLease(ctx)) === undefined) return 0
      for (const { endpoint, partition } of expired) await drop(room, endpoint, partition, ctx)
      await deleteFiles(room, files, ctx)
      const runs = await pruneRuns(relational, { newest: RUNS_KEPT, failedSinceMs: nowMs - FAILED_RUNS_KEPT_MS })
      return expired.length + files.length + runs + (await pruneDroppedFiles(relational, nowMs - DROPPED_FILES_KEPT_MS))
    })
  }
}

function findExpired(room: Room): { endpoint: EndpointDefinition; partition: Partition }[] {
  const nowMs = room.deps.clock.now()
  return [...room.picture.graph.endpoints.values()].flatMap((endpoint) => {
    if (endpoint.partition === 'none') return []
    const keptFromMs = nowMs - parseRetention(endpoint.retention)
    const partitions = [...room.picture.datasets.getDerived(endpoint.name).partitions.values()]
    return partitions.filter((partition) => toRange(endpoint.partition, partition.startMs).endMs <= keptFromMs).map((partition) => ({ endpoint, partition }))
  })
}

async function drop(room: Room, endpoint: EndpointDefinition, partition: Partition, ctx: Ctx): Promise<void> {
  const { deps } = room
  const revision = await dropPartition(deps.relational, endpoint.name, partition, deps.clock.now(), ctx)
  if (revision === room.revision + 1) room.revision = revision
  room.picture.datasets.dropPartition(endpoint.name, partition.startMs)
  deps.log.info('partition dropped by retention', { endpoint: endpoint.name, partition: partition.partition, rows: partition.rows, retention: endpoint.retention })
}

async function deleteFiles(room: Room, files: string[], ctx: Ctx): Promise<void> {
  if (files.length === 0) return
  for (const file of files) if ((await room.deps.objects.find(file, ctx)) !== undefined) await room.deps.objects.delete(file, ctx)
  await markFilesDeleted(room.deps.relational, files, room.deps.clock.now())
}
