// The thread of bucket-writer.ts: one file after the other.
import { parentPort } from 'node:worker_threads'
import { openBucketKernel, type BucketKernel } from './bucket-kernel.ts'
import type { WriteResult, WriteTask } from './bucket-writer.ts'
import { writeBucketFile } from './write-bucket-file.ts'
import { writePackedFile } from './write-packed-file.ts'

const port = parentPort
if (port === null) throw new Error('This file runs as the thread of a bucket writer.')

/** Until the kernel is there, and where it cannot be compiled, the same files are made more slowly. */
const kernels: BucketKernel[] = []
openBucketKernel().then(
  (kernel) => kernels.push(kernel),
  () => undefined,
)

port.on('message', (task: WriteTask) => {
  const { id, startMs } = task
  try {
    const file = 'pieces' in task ? writePackedFile(startMs, task.pieces) : writeBucketFile(task.columns, startMs, task.events, kernels[0])
    port.postMessage({ id, file } satisfies WriteResult, [file.bytes.buffer])
  } catch (thrown) {
    port.postMessage({ id, failure: thrown instanceof Error ? thrown.message : String(thrown) } satisfies WriteResult)
  }
})
