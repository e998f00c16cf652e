// Writes twenty entries a call and says so, until it is killed.
import { createCtx } from '@rondo/context'
import { systemClock } from '@rondo/time'
import { openKeyValue } from '../src/index.ts'

const store = await openKeyValue(process.argv[2] ?? '', { clock: systemClock })
for (let call = 0; ; call += 1) {
  const entries = Array.from({ length: 20 }, (_, index) => ({ partition: `call-${call}`, sort: String(index), value: Buffer.alloc(500, index) }))
  await store.putMany(entries, {}, createCtx())
  process.stdout.write(`${call}\n`)
}
