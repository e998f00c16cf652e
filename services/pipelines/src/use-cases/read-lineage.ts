// Lineage from the definitions, with how each dataset stands now.
import type { Ctx } from '@rondo/context'
import type { Lineage, LineageNode } from '../contract.ts'
import { findClosure, findEdges } from '../domain/lineage.ts'
import { errors } from '../errors.ts'
import type { Room } from '../room.ts'
import { listEndpoints } from './read-endpoints.ts'

/** Throws `ENDPOINT_NOT_FOUND`. Nodes come with `of` first, then upstream, then downstream, nearest first. */
export async function readLineage(room: Room, input: { of?: string; direction?: 'up' | 'down' | 'both' }, ctx: Ctx): Promise<Lineage> {
  const rows = new Map((await listEndpoints(room, ctx)).map((row) => [row.name, row]))
  const { adjacency, graph } = room.picture
  const { of, direction = 'both' } = input
  const names = new Set<string>(of === undefined ? rows.keys() : [of])
  if (of !== undefined) {
    if (!rows.has(of)) throw errors.endpointUnknown({ endpoint: of })
    if (direction !== 'down') for (const name of findClosure(of, adjacency.up)) names.add(name)
    if (direction !== 'up') for (const name of findClosure(of, adjacency.down)) names.add(name)
  }
  const nodes = [...names].flatMap((name): LineageNode[] => {
    const row = rows.get(name)
    if (row === undefined) return []
    return [{ name, kind: row.kind, owner: row.owner, partition: row.partition, state: row.state, lastPartition: row.lastPartition, publishedAt: row.lastPublishedAt, lagMs: row.lagMs }]
  })
  return { nodes, edges: findEdges(graph, names) }
}
