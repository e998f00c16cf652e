// Walks the table and deletes what has expired or was deleted, each up to the timestamp of the very write that was seen: what was written since stays.
import type { Ctx } from '@rondo/context'
import { DELETED, FAMILY, LEAST_WITH_END, fromCellBytes, isExpired } from './cells.ts'
import { NEWEST, chain } from './filters.ts'
import type { Mutation, ReadCell } from './bigtable-client.ts'
import type { ReadParts } from './read-partition.ts'

const ROWS_A_PAGE = 200

/** Returns how many had expired; those that were deleted do not count. */
export async function removeExpired({ client, calls, nowMs }: ReadParts, ctx: Ctx): Promise<number> {
  let removed = 0
  const filter = chain(NEWEST, { valueRangeFilter: { startValueClosed: LEAST_WITH_END } })
  for (let after = ''; ; ) {
    const rows = { rowRanges: [after === '' ? {} : { startKeyOpen: Buffer.from(after) }] }
    const cells = await calls.again(ctx, () => calls.send(ctx, () => client.readCells(rows, filter, ROWS_A_PAGE)))
    const seen = Map.groupBy(cells, ({ row }) => row)
    for (const [row, ofRow] of seen) {
      const ended = ofRow.map((cell) => ({ cell, expiresMs: fromCellBytes(cell.bytes).expiresMs })).filter(({ expiresMs }) => isExpired(expiresMs, nowMs()))
      if (ended.length === 0) continue
      await calls.again(ctx, () => calls.send(ctx, () => client.mutateRow(row, ended.map(({ cell }) => toDeletion(cell)))))
      removed += ended.filter(({ expiresMs }) => expiresMs !== DELETED).length
    }
    if (seen.size < ROWS_A_PAGE) return removed
    after = [...seen.keys()].at(-1) ?? ''
  }
}

function toDeletion({ qualifier, timestampUs }: ReadCell): Mutation {
  return { deleteFromColumn: { familyName: FAMILY, columnQualifier: qualifier, timeRange: { startTimestampMicros: 0, endTimestampMicros: timestampUs + 1_000 } } }
}
