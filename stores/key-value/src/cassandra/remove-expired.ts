// Walks the table and deletes what has expired or was deleted, each by the timestamp of the very write that was seen: what was written since, and what putIf pinned, stays.
import type { Ctx } from '@rondo/context'
import type { types } from 'cassandra-driver'
import { toPageState, type ReadParts } from './read-partition.ts'
import { DELETED, NEVER, isAgreed, isExpired } from './table.ts'

type Swept = { key: string[]; expiresMs: number; writtenUs: number | undefined; agreedOverUs: number | undefined; agreedBy: types.Uuid[] | null }

const PAGE = 5_000

/** Returns how many had expired; those that were deleted do not count. */
export async function removeExpired({ session, table, nowMs }: ReadParts, ctx: Ctx): Promise<number> {
  let removed = 0
  const remove = async ({ key, expiresMs, writtenUs = 0, agreedBy }: Swept): Promise<void> => {
    // First what putIf wrote before: without the write that hides it, it would be the value again.
    const isClear = agreedBy === null || (await session.again(ctx, () => session.executeOnce({ query: table.sweepAgreed, params: [...key, writtenUs, agreedBy] }, ctx))).wasApplied()
    if (!isClear) return
    await session.execute({ query: table.sweepWritten, params: key }, { timestamp: writtenUs }, ctx)
    if (expiresMs !== DELETED) removed += 1
  }
  for (let pageState: string | undefined; ; ) {
    const page = await session.execute({ query: table.sweep, params: [] }, { fetchSize: PAGE, ...(pageState === undefined ? {} : { pageState }) }, ctx)
    await Promise.all(page.rows.map(toSwept).filter((row) => isExpired(row, nowMs()) && !isAgreed(row)).map(remove))
    pageState = toPageState(page)
    if (pageState === undefined) return removed
  }
}

function toSwept(row: types.Row): Swept {
  return {
    key: [String(row['partition']), String(row['sort'])],
    expiresMs: (row['expires_ms'] as number | null) ?? NEVER,
    writtenUs: (row['written_us'] as number | null) ?? undefined,
    agreedOverUs: (row['agreed_over_us'] as number | null) ?? undefined,
    agreedBy: row['agreed_by'] as types.Uuid[] | null,
  }
}
