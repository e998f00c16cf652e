// Reads: keys by name, and ranges of one partition page by page.
import type { Ctx } from '@rondo/context'
import type { Calls } from '../engine/calls.ts'
import { groupByPartition } from '../engine/group-by-partition.ts'
import { toTextRange } from '../engine/text-range.ts'
import { SCAN_LIMIT } from '../limits.ts'
import type { Entry, Key, KeyValue } from '../port.ts'
import type { BigtableClient, Filter, ReadCell } from './bigtable-client.ts'
import { findLive, toQualifier, toSort } from './cells.ts'
import { NEWEST, anyOf, between, chain, only } from './filters.ts'

export type ReadParts = { client: BigtableClient; calls: Calls; nowMs: () => number }

/** A filter may have 20 KB, a sort 512 bytes, which stand there twice. */
const SORTS_A_REQUEST = 16
const PARTITIONS_A_REQUEST = 200
const FIRST_PAGE = 250
/** What is read at once to be turned round. */
const REVERSED_AT_ONCE = 32
/** Values differ in size; pages after the first aim at this. */
const PAGE_BYTES = 4 * 1024 * 1024
const PAGE_LIMIT = 2_000

export async function get(parts: ReadParts, { partition, sort }: Key, ctx: Ctx): Promise<Buffer | undefined> {
  const [cell] = await read(parts, [partition], chain(only(sort), NEWEST), ctx)
  return cell === undefined ? undefined : findLive(cell.bytes, parts.nowMs())
}

/** In the order of `keys`. Partitions of which the same sorts are asked are read together. */
export async function getMany(parts: ReadParts, keys: Key[], ctx: Ctx): Promise<(Buffer | undefined)[]> {
  const requests = groupBySorts(keys).flatMap(({ sorts, partitions }) =>
    toSlices(sorts, SORTS_A_REQUEST).flatMap((some) => toSlices(partitions, PARTITIONS_A_REQUEST).map((names) => read(parts, names, chain(anyOf(some), NEWEST), ctx))),
  )
  const found = new Map<string, Buffer>()
  for (const cells of await Promise.all(requests)) {
    for (const { row, qualifier, bytes } of cells) {
      const value = findLive(bytes, parts.nowMs())
      if (value !== undefined) found.set(toName(row, toSort(qualifier)), value)
    }
  }
  return keys.map(({ partition, sort }) => found.get(toName(partition, sort)))
}

function groupBySorts(keys: Key[]): { sorts: string[]; partitions: string[] }[] {
  const [first] = keys
  if (first !== undefined && keys.every(({ sort }) => sort === first.sort)) return [{ sorts: [first.sort], partitions: [...new Set(keys.map(({ partition }) => partition))] }]
  const partitionsOf = new Map<string, { sorts: string[]; partitions: string[] }>()
  for (const [partition, ofPartition] of groupByPartition(keys)) {
    const sorts = ofPartition.map(({ sort }) => sort)
    const name = JSON.stringify(sorts)
    const group = partitionsOf.get(name)
    if (group === undefined) partitionsOf.set(name, { sorts, partitions: [partition] })
    else group.partitions.push(partition)
  }
  return [...partitionsOf.values()]
}

export async function scan(parts: ReadParts, range: Parameters<KeyValue['scan']>[0], ctx: Ctx): Promise<Entry[]> {
  const { partition, limit = SCAN_LIMIT, reverse = false } = range
  const bounds = toTextRange(range)
  if (bounds === undefined || limit <= 0) return []
  const within = { partition, from: toQualifier(bounds.from), to: toQualifier(bounds.to) }
  const found: Entry[] = []
  const take = (cells: ReadCell[]): boolean => {
    for (const { qualifier, bytes } of cells) {
      const value = findLive(bytes, parts.nowMs())
      if (value !== undefined && found.length < limit) found.push({ partition, sort: toSort(qualifier), value })
    }
    return found.length >= limit
  }
  await (reverse ? readBackwards(parts, within, limit, take, ctx) : readForwards(parts, within, limit, take, ctx))
  return found
}

type Within = { partition: string; from: Buffer; to: Buffer }
/** True: enough. */
type Take = (cells: ReadCell[]) => boolean

async function readForwards(parts: ReadParts, { partition, from, to }: Within, limit: number, take: Take, ctx: Ctx): Promise<void> {
  let pageSize = Math.min(limit, FIRST_PAGE)
  for (let start = from; ; ) {
    const cells = await read(parts, [partition], chain(between(start, to), NEWEST, { cellsPerRowLimitFilter: pageSize }), ctx)
    const last = cells.at(-1)
    if (take(cells) || last === undefined || cells.length < pageSize) return
    start = Buffer.concat([last.qualifier, Buffer.alloc(1)])
    pageSize = toPageSize(cells)
  }
}

/** Bigtable reads columns in one direction: few are read whole and turned round; of many first the names, and then, from the end, what they name. */
async function readBackwards(parts: ReadParts, { partition, from, to }: Within, limit: number, take: Take, ctx: Ctx): Promise<void> {
  const few = await read(parts, [partition], chain(between(from, to), NEWEST, { cellsPerRowLimitFilter: REVERSED_AT_ONCE }), ctx)
  if (few.length < REVERSED_AT_ONCE) return void take(few.toReversed())
  const names = await read(parts, [partition], chain(between(from, to), NEWEST, { stripValueTransformer: true }), ctx)
  let pageSize = Math.min(limit, FIRST_PAGE)
  let end = to
  for (let rest = names.length; rest > 0; ) {
    const first = names[Math.max(0, rest - pageSize)]
    if (first === undefined) return
    const cells = await read(parts, [partition], chain(between(first.qualifier, end), NEWEST), ctx)
    if (take(cells.toReversed())) return
    rest -= pageSize
    end = first.qualifier
    pageSize = toPageSize(cells)
  }
}

function read({ client, calls }: ReadParts, partitions: string[], filter: Filter, ctx: Ctx): Promise<ReadCell[]> {
  const rows = { rowKeys: partitions.map((partition) => Buffer.from(partition)) }
  return calls.again(ctx, () => calls.send(ctx, () => client.readCells(rows, filter)))
}

function toPageSize(cells: ReadCell[]): number {
  const bytes = cells.reduce((sum, cell) => sum + cell.bytes.byteLength, 0)
  return Math.max(1, Math.min(PAGE_LIMIT, Math.floor((PAGE_BYTES * cells.length) / Math.max(1, bytes))))
}

function toSlices<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))
}

/** A partition has no NUL. */
function toName(partition: string, sort: string): string {
  return `${partition}\0${sort}`
}
