// One thread of a kernel pool: see kernel-pool.ts for the protocol.
import { parentPort, workerData } from 'node:worker_threads'
import { COUNTER, STOP, type KernelTask, type PoolSetup } from './kernel-pool.ts'

const { module, memory, control, scratch } = workerData as PoolSetup
const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Record<string, (...args: number[]) => number>

parentPort?.on('message', ({ kernel, total, chunk, args }: KernelTask) => {
  const run = kernels[kernel]
  if (!run) throw new Error(`There is no kernel called "${kernel}".`)
  for (;;) {
    const begin = Atomics.add(control, COUNTER, chunk)
    if (begin >= total || Atomics.load(control, STOP) !== 0) break
    run(begin, Math.min(begin + chunk, total), scratch, ...args)
  }
  parentPort?.postMessage('done')
})
