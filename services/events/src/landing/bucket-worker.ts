// The thread of bucket-writer.ts: one file after the other.
import { parentPort } from 'node:worker_threads'
import { openBucketKernel } from './bucket-kernel.ts'
import type { WriteResult, WriteTask } from './bucket-writer.ts'
import { writeBucketFile } from './write-bucket-file.ts'
import { writePackedFile } from './write-packed-file.ts'

const port = parentPort
if (port === null) throw new Error('This file runs as the thread of a bucket writer.')

/** Files wait for it; where it cannot be compiled, the same files are made more slowly. */
const kernel = await openBucketKernel().catch(() => undefined)

port.on('message', (task: WriteTask) => {
  const { id, startMs } = task
  try {
    const file = 'pieces' in task ? writePackedFile(startMs, task.pieces) : writeBucketFile(task.columns, startMs, task.events, kernel)
    port.postMessage({ id, file } satisfies WriteResult, [file.bytes.buffer])
  } catch (thrown) {
    port.postMessage({ id, failure: thrown instanceof Error ? thrown.message : String(thrown) } satisfies WriteResult)
  }
})
