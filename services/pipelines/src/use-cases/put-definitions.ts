// Replaces the set of definitions when all of it is right: names, loops, and every SELECT planned against its inputs' columns.
import type { Ctx } from '@rondo/context'
import { AppError } from '@rondo/errors'
import type { TypeRow } from '@rondo/events/contract'
import type { DefinitionSet } from '../contract.ts'
import { fits, toEngineColumns } from '../domain/column-types.ts'
import { buildGraph, type GraphPipeline, type Violation } from '../domain/definition-graph.ts'
import { typeParameters } from '../domain/sql-text.ts'
import { errors } from '../errors.ts'
import { drawPicture, type Room } from '../room.ts'
import { replaceDefinitions } from '../store/definition-store.ts'
import { readEventTypes } from './read-event-types.ts'

export type PutAnswer = { endpoints: number; pipelines: number; changed: string[]; removed: string[] }

/** Throws `DEFINITIONS_REFUSED` with all violations; then nothing has changed. */
export async function putDefinitions(room: Room, set: DefinitionSet, ctx: Ctx): Promise<PutAnswer> {
  return room.serial(async () => {
    await room.refresh()
    const counts = { endpoints: set.endpoints.length, pipelines: set.pipelines.length }
    if (JSON.stringify(room.picture.set) === JSON.stringify(set)) return { ...counts, changed: [], removed: [] }
    const eventTypes = await readEventTypes(room, ctx)
    const { graph, violations } = buildGraph(set, new Set(eventTypes.keys()), room.hash)
    violations.push(...checkPartitionKinds(room, set))
    if (violations.length === 0) for (const pipeline of graph.pipelines.values()) violations.push(...(await checkSql(room, set, pipeline, eventTypes, ctx)))
    if (violations.length > 0) throw errors.badDefinitions({ violations })
    const before = room.picture.graph.pipelines
    const changed = [...graph.pipelines.values()].filter((pipeline) => before.get(pipeline.definition.name)?.codeVersion !== pipeline.codeVersion).map((pipeline) => pipeline.definition.name)
    const removed = [...before.keys()].filter((name) => !graph.pipelines.has(name))
    room.revision = await replaceDefinitions(room.deps.relational, set, room.deps.clock.now(), ctx)
    room.picture = await drawPicture(room.deps, room.hash, room.picture.datasets)
    return { ...counts, changed, removed }
  })
}

/** Partitions that stand keep their names. */
function checkPartitionKinds(room: Room, set: DefinitionSet): Violation[] {
  return set.endpoints.flatMap((endpoint): Violation[] => {
    const old = room.picture.graph.endpoints.get(endpoint.name)
    if (old === undefined || old.partition === endpoint.partition || room.picture.datasets.getDerived(endpoint.name).partitions.size === 0) return []
    return [{ rule: 'partition-stays', where: endpoint.name, message: `has ${old.partition} partitions and cannot become ${endpoint.partition}; give the new dataset a new name` }]
  })
}

async function checkSql(room: Room, set: DefinitionSet, pipeline: GraphPipeline, eventTypes: ReadonlyMap<string, TypeRow>, ctx: Ctx): Promise<Violation[]> {
  const where = pipeline.definition.name
  const tables = pipeline.inputs.map((input) => {
    const columns = eventTypes.get(input.endpoint)?.columns ?? set.endpoints.find((endpoint) => endpoint.name === input.endpoint)?.columns ?? []
    return { name: input.alias, files: [], columns: toEngineColumns(columns) }
  })
  const params = { start: '2026-01-05T00:00:00.000Z', end: '2026-01-06T00:00:00.000Z', partition: '2026-01-05' }
  try {
    const found = await room.deps.analytics.describe(typeParameters(pipeline.definition.sql), { tables, params, repeatable: true }, ctx)
    return checkResult(pipeline, found)
  } catch (thrown) {
    if (!(thrown instanceof AppError) || (thrown.kind !== 'invalid' && thrown.kind !== 'forbidden')) throw thrown
    if (thrown.code === 'SQL_UNREPEATABLE') return [{ rule: 'sql-repeats', where, message: toUnrepeatable(thrown.details) }]
    const column = /column "?([\w.-]+)"? not found/i.exec(thrown.message)?.[1]
    return [{ rule: 'sql-plans', where, message: `does not plan: ${thrown.message}`, ...(column === undefined ? {} : { column }) }]
  }
}

/** A partition is made again when an input is restated or the code changes: the same inputs must then give the same rows. */
function toUnrepeatable({ call, why, line, column }: Readonly<Record<string, unknown>>): string {
  const way = "write $start, $end or $partition for the time, which are the partition's own, and hash(…) of a column for chance"
  return `uses ${String(call)}, which ${String(why)} (line ${String(line)}, column ${String(column)}), so that a rerun would make other rows; ${way}`
}

function checkResult(pipeline: GraphPipeline, found: { name: string; type: string }[]): Violation[] {
  const where = pipeline.definition.name
  const output = pipeline.output
  const byName = new Map(found.map((column) => [column.name.toLowerCase(), column]))
  const violations: Violation[] = []
  for (const column of output.columns) {
    const result = byName.get(column.name.toLowerCase())
    if (result === undefined) violations.push({ rule: 'result-has-column', where, column: column.name, message: `gives no column "${column.name}", which endpoint "${output.name}" declares` })
    else if (!fits(column.type, result.type)) violations.push({ rule: 'result-fits-type', where, column: column.name, message: `gives "${column.name}" as ${result.type}, but endpoint "${output.name}" declares ${column.type}` })
    byName.delete(column.name.toLowerCase())
  }
  for (const extra of byName.values()) violations.push({ rule: 'result-is-declared', where, column: extra.name, message: `gives column "${extra.name}", which endpoint "${output.name}" does not declare; add it there, with personal` })
  return violations
}
