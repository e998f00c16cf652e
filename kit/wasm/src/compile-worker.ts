// The thread that runs the AssemblyScript compiler for compile-kernel.ts.
import { parentPort, workerData } from 'node:worker_threads'
import asc from 'assemblyscript/asc'
import type { CompileAnswer, CompileRequest } from './compile-kernel.ts'

const { entry, flags, files } = workerData as CompileRequest
let bytes: Uint8Array | undefined
const result = await asc.main([entry, '--outFile', 'kernel.wasm', ...flags], {
  readFile: (name) => files[name] ?? null,
  listFiles: () => [],
  writeFile: (_name, contents) => {
    if (typeof contents !== 'string') bytes = contents
  },
})
const answer: CompileAnswer = bytes && !result.error ? { bytes } : { output: `${result.error?.message ?? 'no output'}\n${result.stderr.toString()}` }
parentPort?.postMessage(answer)
