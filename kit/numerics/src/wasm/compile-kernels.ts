// Compiles the AssemblyScript kernels, in a thread of its own because the compiler works for about a second without a pause.
import { Worker } from 'node:worker_threads'
import { numericsErrors } from '../errors.ts'
import type { KernelBuild } from './kernel-build.ts'

export const KERNELS_FOLDER = new URL('../../kernels/', import.meta.url)

const FLAGS = '-O3 --converge --runtime stub --noAssert --importMemory --sharedMemory --initialMemory 16 --maximumMemory 65536'

export type CompileRequest = { flags: string[]; files: Record<string, string> }
export type CompileAnswer = { bytes: Uint8Array } | { output: string }

/** The compiler's arguments for a build; part of the key under which the result is kept. */
export function compilerFlags(build: KernelBuild): string[] {
  const features = build === 'relaxed' ? 'simd,relaxed-simd,threads,bulk-memory' : 'simd,threads,bulk-memory'
  return [...FLAGS.split(' '), '--enable', features]
}

/** The module's bytes. `files` maps a file name to its text; `index.ts` is the entry. */
export async function compileKernels(build: KernelBuild, files: Record<string, string>): Promise<Uint8Array> {
  const request: CompileRequest = { flags: compilerFlags(build), files }
  const worker = new Worker(new URL('./compile-worker.ts', import.meta.url), { workerData: request })
  const answer = await new Promise<CompileAnswer>((resolve) => {
    worker.once('message', resolve)
    worker.once('error', (error) => resolve({ output: String(error) }))
    worker.once('exit', (code) => resolve({ output: `the compiler thread ended with code ${code} and no answer` }))
  })
  await worker.terminate()
  if ('output' in answer) throw numericsErrors.kernelsNotCompiled({ build, output: answer.output })
  return answer.bytes
}
