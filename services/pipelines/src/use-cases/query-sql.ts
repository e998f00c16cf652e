// SQL of people and other rooms over all endpoints, with personal columns hidden from those who may not see them.
import type { Column, Parameters, Rows, Table } from '@rondo/analytics'
import type { Ctx, Principal } from '@rondo/context'
import { AppError, sortByCloseness } from '@rondo/errors'
import { toEngineColumns } from '../domain/column-types.ts'
import type { EndpointColumn } from '../contract.ts'
import { errors } from '../errors.ts'
import { findIdentifiers, quoteName, toSubquery } from '../domain/sql-text.ts'
import type { Room } from '../room.ts'
import { locateFiles } from './locate-files.ts'
import { findSealed } from './open-personal.ts'
import { findEventTypes, getEventType, readEventTypes } from './read-event-types.ts'
import { resyncEvents, syncEvents } from './sync-events.ts'

export type SqlInput = { sql: string; params?: Parameters; maxRows?: number; timeoutMs?: number; provisional?: boolean }

type Dataset = { name: string; isEvent: boolean; columns: EndpointColumn[] }

/** Throws DATASET_NOT_FOUND naming the datasets there are, and what the engine refuses. */
export async function querySql(room: Room, input: SqlInput, ctx: Ctx): Promise<Rows> {
  await room.refresh()
  const named = await findNamed(room, input.sql, ctx)
  try {
    return await run(room, input, named, ctx)
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    if (thrown.code === 'SQL_REFUSED' && typeof thrown.details['table'] === 'string') {
      const known = [...room.picture.graph.endpoints.keys(), ...(await findEventTypes(room, ctx)).keys()]
      throw errors.datasetUnknown({ dataset: thrown.details['table'], known: sortByCloseness(thrown.details['table'], known) }, thrown)
    }
    if (thrown.code !== 'DATA_UNREADABLE') throw thrown
    // Retention may have taken files between our look and the engine's.
    for (const dataset of named) if (dataset.isEvent) await resyncEvents(room, dataset.name, ctx)
    return run(room, input, named, ctx)
  }
}

async function run(room: Room, input: SqlInput, named: Dataset[], ctx: Ctx): Promise<Rows> {
  const landed = input.provisional ?? true
  const tables: Table[] = []
  for (const dataset of named) tables.push(await toTable(room, dataset, landed, ctx))
  const { params, maxRows, timeoutMs } = input
  const options = { ...(params === undefined ? {} : { params }), ...(maxRows === undefined ? {} : { maxRows }), ...(timeoutMs === undefined ? {} : { timeoutMs }) }
  if (seesPersonal(ctx.principal)) return room.deps.analytics.query(input.sql, { ...options, tables }, ctx)
  const masked = mask(input.sql, named, tables, room.deps.ids.next().replaceAll('-', ''))
  return room.deps.analytics.query(masked.sql, { ...options, tables: masked.tables }, ctx)
}

/** Datasets whose names occur in the text, as written or with underscores; more than the query needs does no harm. */
async function findNamed(room: Room, sql: string, ctx: Ctx): Promise<Dataset[]> {
  const identifiers = findIdentifiers(sql)
  const isNamed = (name: string): boolean => identifiers.has(name.toLowerCase()) || identifiers.has(name.toLowerCase().replaceAll('-', '_'))
  const own = [...room.picture.graph.endpoints.values()].filter((endpoint) => isNamed(endpoint.name))
  const derived = own.map((endpoint): Dataset => ({ name: endpoint.name, isEvent: false, columns: endpoint.columns.map((column) => ({ ...column, personal: column.personal ?? 'strict' })) }))
  let types = [...(await findEventTypes(room, ctx)).values()].filter((type) => isNamed(type.type))
  if (types.length === 0 && derived.length === 0) types = [...(await readEventTypes(room, ctx)).values()].filter((type) => isNamed(type.type))
  return [...derived, ...types.map((type): Dataset => ({ name: type.type, isEvent: true, columns: type.columns }))]
}

async function toTable(room: Room, dataset: Dataset, landed: boolean, ctx: Ctx): Promise<Table> {
  const { datasets } = room.picture
  const columns: Column[] = toEngineColumns(dataset.columns)
  if (!dataset.isEvent) {
    const parts = [...datasets.getDerived(dataset.name).partitions.values()].filter((partition) => landed || !partition.provisional)
    return { name: dataset.name, columns, files: parts.map((partition) => room.deps.objects.locate(partition.file)) }
  }
  await syncEvents(room, dataset.name, true, ctx)
  const sealed = findSealed(room, await getEventType(room, dataset.name, ctx), seesPersonal(ctx.principal))
  const buckets = [...datasets.getEvent(dataset.name).buckets.values()].filter((bucket) => landed || bucket.isClosed)
  return { name: dataset.name, columns, ...locateFiles(dataset.name, buckets.flatMap((bucket) => bucket.files), (key) => room.deps.objects.locate(key)), ...(sealed === undefined ? {} : { sealed }) }
}

function seesPersonal(principal: Principal): boolean {
  return principal.kind === 'admin' || principal.kind === 'service'
}

/** The datasets stand under names that nobody can guess; the text sees them with nulls in place of personal values. */
function mask(sql: string, named: Dataset[], tables: Table[], secret: string): { sql: string; tables: Table[] } {
  const hidden = tables.map((table, index) => ({ ...table, name: `masked_${secret}_${index}` }))
  const views = named.flatMap((dataset, index) => {
    const list = toEngineColumns(dataset.columns).map((column, at) => (dataset.columns[at]?.personal === 'none' ? quoteName(column.name) : `CAST(NULL AS ${column.type}) AS ${quoteName(column.name)}`))
    const source = `(SELECT ${list.join(', ')} FROM masked_${secret}_${index})`
    return [...new Set([dataset.name, dataset.name.replaceAll('-', '_')])].map((name) => `${quoteName(name)} AS ${source}`)
  })
  return views.length === 0 ? { sql, tables } : { sql: `WITH ${views.join(', ')} SELECT * FROM ${toSubquery(sql)}`, tables: hidden }
}
