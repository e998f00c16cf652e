// A process of the consumer test: copies `in` to `out` from its committed position; having processed so many records, it does not commit the last and waits to be killed.
import { createCtx } from '@rondo/context'
import { openEventLog, type EventLog } from '../src/index.ts'

const [url = '', steps = ''] = process.argv.slice(2)
const ctx = createCtx()
const log = await openEventLog(url)

async function listIds(from: EventLog, topic: string): Promise<Set<string>> {
  const ids = new Set<string>()
  for (let offset = 0; ; ) {
    const records = await from.read({ topic, partition: 0, offset }, ctx)
    const last = records.at(-1)
    if (last === undefined) return ids
    for (const { key } of records) ids.add(key)
    offset = last.offset + 1
  }
}

/** What was processed is known by its ids; only what was committed is known by its place. */
const done = await listIds(log, 'out')
const [{ offset } = { offset: 0 }] = await log.committed('copy', 'in', ctx)
let left = Number(steps)
for (const { key, value, offset: at } of await log.read({ topic: 'in', partition: 0, offset }, ctx)) {
  if (!done.has(key)) await log.append([{ topic: 'out', records: [{ key, value }] }], 1, ctx)
  process.stdout.write(`${key}\n`)
  left -= 1
  if (left === 0) await new Promise((resolve) => void setTimeout(resolve, 60_000))
  await log.commit('copy', [{ topic: 'in', partition: 0, offset: at + 1 }], ctx)
}
