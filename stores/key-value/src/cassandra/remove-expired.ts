// Walks the table and deletes what has expired, each by the timestamp of the very write that was seen: what was written since, and what putIf pinned, stays.
import type { Ctx } from '@rondo/context'
import type { types } from 'cassandra-driver'
import { toPageState, type ReadParts } from './read-partition.ts'
import { isAgreed, isExpired, toNumber } from './table.ts'

const PAGE = 5_000

export async function removeExpired({ session, table, nowMs }: ReadParts, ctx: Ctx): Promise<number> {
  let removed = 0
  for (let pageState: string | undefined; ; ) {
    const page = await session.execute({ query: table.sweep, params: [] }, { fetchSize: PAGE, ...(pageState === undefined ? {} : { pageState }) }, ctx)
    const expired = page.rows.map(toSwept).filter((row) => isExpired(row, nowMs()) && !isAgreed(row))
    await Promise.all(expired.map(({ key, writtenUs }) => session.execute({ query: table.delete, params: key }, { timestamp: writtenUs ?? 0 }, ctx)))
    removed += expired.length
    pageState = toPageState(page)
    if (pageState === undefined) return removed
  }
}

function toSwept(row: types.Row): { key: string[]; expiresMs: number; writtenUs: number | undefined; agreedOverUs: number | undefined } {
  return {
    key: [String(row['partition']), String(row['sort'])],
    expiresMs: toNumber(row['expires_ms']) ?? 0,
    writtenUs: toNumber(row['written_us']),
    agreedOverUs: toNumber(row['agreed_over_us']),
  }
}
