// A process of the kill test: appends to the log of its first argument without end, and prints one line for each acknowledgement.
import { createCtx } from '@rondo/context'
import { openEventLog } from '../src/index.ts'

const [url = '', run = ''] = process.argv.slice(2)
const ctx = createCtx()
const log = await openEventLog(url, { segmentBytes: 20_000 })
for (const topic of ['a', 'b']) await log.createTopic(topic, { partitions: 2 }, ctx)

/** Ids are unique over all runs; a line says what was acknowledged and where. */
async function append(caller: number): Promise<never> {
  for (let round = 0; ; round += 1) {
    const topics = round % 3 === 0 ? ['a', 'b'] : [caller % 2 ? 'a' : 'b']
    const batches = topics.map((topic) => ({ topic, records: Array.from({ length: 1 + (round % 4) }, (_, index) => ({ key: `user-${caller}`, value: Buffer.from(`${run}-${caller}-${round}-${index}-${'.'.repeat((round * 37) % 400)}`) })) }))
    const places = await log.append(batches, round, ctx)
    process.stdout.write(`${JSON.stringify(places.map((place) => ({ ...place, values: batches.find(({ topic }) => topic === place.topic)?.records.map(({ value }) => value.toString()) })))}\n`)
    if (caller === 0) {
      await log.commit('g', [{ topic: 'a', partition: 0, offset: round }], ctx)
      process.stdout.write(`${JSON.stringify({ committed: round })}\n`)
    }
  }
}

await Promise.all([0, 1, 2, 3].map(append))
