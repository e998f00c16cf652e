// Compiles a kernel in a thread of its own, because the compiler works for about a second without a pause.
import { Worker } from 'node:worker_threads'

/** `files` maps a file name to its text. */
export type CompileRequest = { entry: string; flags: string[]; files: Record<string, string> }
export type CompileAnswer = { bytes: Uint8Array } | { output: string }

/** The module's bytes; throws with what the compiler says. The thread alone does not keep the process alive. */
export async function compileKernel(request: CompileRequest): Promise<Uint8Array> {
  const worker = new Worker(new URL('./compile-worker.ts', import.meta.url), { workerData: request, execArgv: ['--disable-warning=ExperimentalWarning'] })
  const answer = await new Promise<CompileAnswer>((resolve) => {
    worker.once('message', resolve)
    worker.once('error', (error) => resolve({ output: String(error) }))
    worker.once('exit', (code) => resolve({ output: `the compiler thread ended with code ${code} and no answer` }))
  })
  await worker.terminate()
  if ('output' in answer) throw new Error(answer.output)
  return answer.bytes
}
