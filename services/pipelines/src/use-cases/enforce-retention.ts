// Drops partitions older than their endpoint keeps them, and deletes files that nobody points to any more.
import type { Ctx } from '@rondo/context'
import { DAY_MS, startOfDay } from '@rondo/time'
import type { EndpointDefinition } from '../contract.ts'
import type { Partition } from '../domain/datasets.ts'
import { toRange } from '../domain/partition-windows.ts'
import { parseRetention } from '../domain/retention.ts'
import type { Room } from '../room.ts'
import { dropPartition, listUndeletedFiles, markFilesDeleted } from '../store/partition-store.ts'

/** A query that has just looked up a file may still read it for this long. */
const GRACE_MS = DAY_MS

/** Once a day of the clock; returns how many partitions and files went. */
export function createEnforceRetention(room: Room): (ctx: Ctx) => Promise<number> {
  let doneDayMs = -Infinity
  return async (ctx) => {
    const dayMs = startOfDay(room.deps.clock.now())
    if (dayMs === doneDayMs) return 0
    return room.serial(async () => {
      doneDayMs = dayMs
      const expired = findExpired(room)
      const files = await listUndeletedFiles(room.deps.relational, room.deps.clock.now() - GRACE_MS)
      if (expired.length + files.length === 0 || (await room.holdLease(ctx)) === undefined) return 0
      for (const { endpoint, partition } of expired) await drop(room, endpoint, partition, ctx)
      await deleteFiles(room, files, ctx)
      return expired.length + files.length
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
