// A consumer killed between processing and commit: the next one does the last steps again, and ids make them count once.
import assert from 'node:assert/strict'
import { createCtx } from '@rondo/context'
import { createRandom } from '@rondo/random'
import { openEventLog } from '../src/index.ts'
import { runAndKill } from './kill-writer.ts'

const ctx = createCtx()
const RECORDS = 400

export async function checkKilledConsumers(url: string, kills: number): Promise<void> {
  const ids = Array.from({ length: RECORDS }, (_, index) => `id-${index}`)
  const log = await openEventLog(url)
  for (const topic of ['in', 'out']) await log.createTopic(topic, { partitions: 1 }, ctx)
  await log.append([{ topic: 'in', records: ids.map((id) => ({ key: id, value: Buffer.from(id) })) }], 1, ctx)
  await log.close()
  const random = createRandom('consumer')
  let again = 0
  const processed = new Set<string>()
  for (let run = 0; run < kills; run += 1) {
    const steps = 1 + random.int(RECORDS / kills / 2)
    for (const line of await runAndKill('consume-until-killed.ts', [url, String(steps)], steps)) {
      if (processed.has(line)) again += 1
      processed.add(line)
    }
  }
  const last = await openEventLog(url)
  const out: string[] = []
  for (let offset = 0; ; offset = out.length) {
    const records = await last.read({ topic: 'out', partition: 0, offset }, ctx)
    if (records.length === 0) break
    for (const { value } of records) out.push(Buffer.from(value).toString())
  }
  const [{ offset: committed } = { offset: 0 }] = await last.committed('copy', 'in', ctx)
  await last.close()
  assert.equal(again, kills - 1, 'what was processed and not committed came again')
  assert.deepEqual(out, ids.slice(0, processed.size), 'each once, in order')
  assert.equal(committed, processed.size - 1)
}
