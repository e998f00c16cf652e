// The world's own thread: so that simulating listeners takes nothing from the server's event loop.
import { parentPort, workerData } from 'node:worker_threads'
import { toAppError } from '@rondo/errors'
import { runWorld } from './run-world.ts'
import type { ToWorld, FromWorld, WorldData } from './world-messages.ts'

const port = parentPort
if (port === null) throw new Error('This file runs as a worker thread of startWorld.')
const tell = (message: FromWorld): void => port.postMessage(message)
const stop = new AbortController()
let moved: (() => void) | undefined

port.on('message', (message: ToWorld) => {
  if (message.kind === 'advanced') moved?.()
  else stop.abort()
})

runWorld({
  ...(workerData as WorldData),
  signal: stop.signal,
  advance: (toMs) =>
    new Promise((resolve) => {
      moved = resolve
      tell({ kind: 'advance', toMs })
    }),
  onProgress: (progress) => tell({ kind: 'progress', progress }),
  warn: (text) => tell({ kind: 'warning', text }),
}).then(
  () => {
    tell({ kind: 'ended' })
    port.close()
  },
  (thrown: unknown) => {
    const { code, kind, message, help } = toAppError(thrown)
    tell({ kind: 'failed', error: { code, kind, message, ...(help === undefined ? {} : { help }) } })
    port.close()
  },
)
