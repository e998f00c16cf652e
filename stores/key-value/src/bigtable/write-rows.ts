// Rows are written each as one: one alone by MutateRow, many by MutateRows, which says for each how it went; those that may succeed in a moment are written again.
import type { Ctx } from '@rondo/context'
import type { Calls } from '../engine/calls.ts'
import type { BigtableClient, Mutation } from './bigtable-client.ts'

type Row = { row: string; mutations: Mutation[] }

/** A request may have 100,000 mutations; this much at once keeps it short. */
const REQUEST_BYTES = 4 * 1024 * 1024

export async function writeRows({ client, calls }: { client: BigtableClient; calls: Calls }, rows: Row[], ctx: Ctx): Promise<void> {
  const [first] = rows
  if (first !== undefined && rows.length === 1) {
    await calls.again(ctx, () => calls.send(ctx, () => client.mutateRow(first.row, first.mutations)))
    return
  }
  await Promise.all(
    toRequests(rows).map((request) => {
      let rest = request
      return calls.again(ctx, async () => {
        const codes = await calls.send(ctx, () => client.mutateRows(rest))
        const failed = codes.flatMap((code, index) => (code === 0 ? [] : [{ code, row: rest[index] }]))
        rest = failed.flatMap(({ row }) => row ?? [])
        const [worst] = failed
        if (worst !== undefined) throw Object.assign(new Error(`${failed.length} of ${codes.length} rows were not written`), { code: worst.code === -1 ? 14 : worst.code })
      })
    }),
  )
}

function toRequests(rows: Row[]): Row[][] {
  const requests: Row[][] = []
  let bytes = Infinity
  for (const row of rows) {
    const rowBytes = row.mutations.reduce((sum, { setCell }) => sum + (setCell?.value?.length ?? 0) + 128, 0)
    if (bytes + rowBytes > REQUEST_BYTES) {
      requests.push([])
      bytes = 0
    }
    requests.at(-1)?.push(row)
    bytes += rowBytes
  }
  return requests
}
