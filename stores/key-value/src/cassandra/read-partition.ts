// Reads within one partition: keys by name, and ranges page by page.
import type { Ctx } from '@rondo/context'
import type { types } from 'cassandra-driver'
import { SCAN_LIMIT } from '../limits.ts'
import type { Entry, KeyValue } from '../port.ts'
import type { Session } from './session.ts'
import { findValueOfRow, type Table } from './table.ts'
import { toTextRange } from '../engine/text-range.ts'

export type ReadParts = { session: Session; table: Table; nowMs: () => number }

const KEYS_A_REQUEST = 50
const FIRST_PAGE = 250
/** Rows differ in size; pages after the first aim at this. */
const PAGE_BYTES = 4 * 1024 * 1024
const PAGE_LIMIT = 2_000

export function get({ session, table, nowMs }: ReadParts, partition: string, sort: string, ctx: Ctx): Promise<Buffer | undefined> {
  return session.execute({ query: table.get, params: [partition, sort] }, {}, ctx).then(({ rows: [row] }) => (row === undefined ? undefined : findValueOfRow(row, nowMs())))
}

/** By sort; what is absent is missing. */
export async function getTogether(parts: ReadParts, partition: string, sorts: string[], ctx: Ctx): Promise<Map<string, Buffer>> {
  const { session, table, nowMs } = parts
  const found = new Map<string, Buffer>()
  const add = (sort: string, value: Buffer | undefined): void => void (value !== undefined && found.set(sort, value))
  const [only] = sorts
  if (only !== undefined && sorts.length === 1) {
    add(only, await get(parts, partition, only, ctx))
    return found
  }
  const requests = Array.from({ length: Math.ceil(sorts.length / KEYS_A_REQUEST) }, async (_, index) => {
    const some = sorts.slice(index * KEYS_A_REQUEST, (index + 1) * KEYS_A_REQUEST)
    // A page that is full would say that another may follow.
    const { rows } = await session.execute({ query: table.getMany, params: [partition, some] }, { fetchSize: KEYS_A_REQUEST + 1 }, ctx)
    for (const row of rows) add(String(row['sort']), findValueOfRow(row, nowMs()))
  })
  await Promise.all(requests)
  return found
}

export async function scan({ session, table, nowMs }: ReadParts, range: Parameters<KeyValue['scan']>[0], ctx: Ctx): Promise<Entry[]> {
  const { partition, limit = SCAN_LIMIT, reverse = false } = range
  const bounds = toTextRange(range)
  const found: Entry[] = []
  if (bounds === undefined || limit <= 0) return found
  const statement = { query: reverse ? table.scanReverse : table.scan, params: [partition, bounds.from, bounds.to] }
  let fetchSize = Math.min(limit, FIRST_PAGE)
  for (let pageState: string | undefined; ; ) {
    const page = await session.execute(statement, { fetchSize, ...(pageState === undefined ? {} : { pageState }) }, ctx)
    let pageBytes = 0
    for (const row of page.rows) {
      const value = findValueOfRow(row, nowMs())
      if (value === undefined) continue
      if (found.length >= limit) return found
      found.push({ partition, sort: String(row['sort']), value })
      pageBytes += value.byteLength
    }
    pageState = toPageState(page)
    if (pageState === undefined || found.length >= limit) return found
    fetchSize = Math.min(limit - found.length, toPageSize(pageBytes, page.rows.length))
  }
}

/** Undefined when this was the last. */
export function toPageState(page: types.ResultSet): string | undefined {
  return (page.pageState as string | null | undefined) ?? undefined
}

function toPageSize(bytes: number, rows: number): number {
  return Math.max(1, Math.min(PAGE_LIMIT, Math.floor((PAGE_BYTES * rows) / Math.max(1, bytes))))
}
