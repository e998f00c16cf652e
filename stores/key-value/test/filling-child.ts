// Writes until the volume is full, then frees space on it and goes on; prints what happened as JSON.
import { rmSync, writeFileSync } from 'node:fs'
import { createCtx } from '@rondo/context'
import { toAppError, type AppError } from '@rondo/errors'
import { systemClock } from '@rondo/time'
import { openKeyValue } from '../src/index.ts'

const ctx = createCtx()
const ballast = process.argv[3] ?? ''
writeFileSync(ballast, Buffer.alloc(300_000))
const store = await openKeyValue(process.argv[2] ?? '', { clock: systemClock })
const put = (sort: string): Promise<void> => store.putMany([{ partition: 'p', sort, value: Buffer.alloc(20_000) }], {}, ctx)
let written = 0
let full: AppError | undefined
while (full === undefined) {
  await put(String(written)).then(
    () => (written += 1),
    (thrown: unknown) => (full = toAppError(thrown)),
  )
}
const kept = (await store.scan({ partition: 'p' }, ctx)).length
rmSync(ballast)
await put('again')
const afterwards = (await store.get({ partition: 'p', sort: 'again' }, ctx)) === undefined ? 'lost' : 'written'
process.stdout.write(JSON.stringify({ code: full.code, kind: full.kind, written, kept, afterwards }))
await store.close()
