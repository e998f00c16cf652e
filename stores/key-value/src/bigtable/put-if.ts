// Writing over an expected value: one condition on one row, whose outcome is found out when the answer is lost.
//
//   read ─→ not the expected value: false
//     │  it is
//     ▼
//   CheckAndMutateRow: the newest cell is still the very write that was read ─→ applied: true
//     │  not applied, or nobody knows
//     └─→ read again: our id is among its ids: true; else from the top, with the same id
//
// A request that was lost on its way may still arrive: its condition fails as soon as anything has changed, and while nothing has, the next try is the same write.
import { throwIfCancelled, type Ctx } from '@rondo/context'
import { errors } from '../errors.ts'
import type { Entry } from '../port.ts'
import { FAMILY, KEPT_IDS, NEVER, findLive, fromCellBytes, toCellBytes, toQualifier, toRangeOfWrite, type Cell } from './cells.ts'
import { NEWEST, chain, only } from './filters.ts'
import type { ReadParts } from './read-partition.ts'
import type { WriteClock } from './write-clock.ts'

export type PutIfParts = ReadParts & { shown: string; writeClock: WriteClock; nextId: () => string }

type Found = { cell: Cell | undefined; bytes: Buffer; timestampUs: number }

/** The entry's value must not change while this runs. Throws `OUTCOME_UNKNOWN`. */
export async function putIf({ client, calls, nowMs, shown, writeClock, nextId }: PutIfParts, entry: Entry, expected: Uint8Array | undefined, ctx: Ctx): Promise<boolean> {
  const { partition, sort, value } = entry
  const id = nextId()
  /** What stood there when a condition was sent whose answer is missing. */
  let unanswered: Found | undefined

  const read = async (): Promise<Found> => {
    const [found] = await calls.again(ctx, () => calls.send(ctx, () => client.readCells({ rowKeys: [Buffer.from(partition)] }, chain(only(sort), NEWEST))))
    return found === undefined ? { cell: undefined, bytes: Buffer.alloc(0), timestampUs: 0 } : { cell: fromCellBytes(found.bytes), bytes: found.bytes, timestampUs: found.timestampUs }
  }
  /** True when it was applied. */
  const agree = async ({ cell, bytes, timestampUs }: Found): Promise<boolean> => {
    const ids = [id, ...(cell?.ids ?? [])].slice(0, KEPT_IDS)
    const isWhole = cell === undefined || (cell.isWhole && cell.ids.length < KEPT_IDS)
    const writtenMs = writeClock.nextAfter(partition, timestampUs / 1_000)
    const write = [{ setCell: { familyName: FAMILY, columnQualifier: toQualifier(sort), timestampMicros: writtenMs * 1_000, value: toCellBytes({ expiresMs: NEVER, ids, isWhole, value }) } }]
    if (cell === undefined) return !(await calls.send(ctx, () => client.checkAndMutateRow(partition, only(sort), [], write)))
    const { from, to } = toRangeOfWrite(bytes)
    return calls.send(ctx, () => client.checkAndMutateRow(partition, chain(only(sort), NEWEST, { valueRangeFilter: { startValueClosed: from, endValueOpen: to } }), write, []))
  }

  return calls.again(ctx, async () => {
    for (;;) {
      throwIfCancelled(ctx)
      const found = await read()
      if (unanswered !== undefined) {
        if (found.cell?.ids.includes(id) === true) return true
        if (mayHaveBeenReplaced(unanswered.cell, found.cell)) throw errors.outcomeUnknown({ partition, sort, shown })
      }
      if (!isEqual(found.cell === undefined ? undefined : findLive(found.bytes, nowMs()), expected)) return false
      const before = unanswered
      unanswered = found
      if (await agree(found)) return true
      // It was refused, and is known to be; what went before it is not.
      unanswered = before
    }
  })
}

/** A lost condition is in no list of ids. That says that it was not applied, as long as the list goes back to what stood there before. */
function mayHaveBeenReplaced(before: Cell | undefined, now: Cell | undefined): boolean {
  if (now === undefined) return before !== undefined
  const [newestBefore] = before?.ids ?? []
  return newestBefore === undefined ? !now.isWhole : !now.ids.includes(newestBefore)
}

function isEqual(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0
}
