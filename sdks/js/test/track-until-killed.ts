// A process that tracks without pause and sends now and then until it is killed: `node track-until-killed.ts FOLDER FIRST URL`; says "kept N" for each event.
import { writeSync } from 'node:fs'
import { createRondo } from '../src/index.ts'
import { openFileStore } from '../src/node.ts'
import type { Music } from './scripted-collector.ts'

const [, , folder = '', first = '0', url = ''] = process.argv
const rondo = createRondo<Music>({ url, writeKey: 'wk', store: openFileStore({ folder }), flushAt: 40, queueLimit: 1_000_000 })
for (let i = Number(first); ; i += 1) {
  rondo.track('track-played', { trackId: String(i) }, { id: `e${i}` })
  writeSync(1, `kept ${i}\n`)
  if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
}
