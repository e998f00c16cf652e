// Reads a whole partition, page by page.
import type { Ctx } from '@rondo/context'
import type { Entry, KeyValue } from '@rondo/key-value'

const PAGE = 1_000

export async function scanAll(keyValue: KeyValue, partition: string, ctx: Ctx): Promise<Entry[]> {
  const entries: Entry[] = []
  for (;;) {
    const after = entries.at(-1)?.sort
    const page = await keyValue.scan({ partition, limit: PAGE, ...(after === undefined ? {} : { after }) }, ctx)
    for (const entry of page) entries.push(entry)
    if (page.length < PAGE) return entries
  }
}
