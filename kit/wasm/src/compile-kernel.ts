// Compiles a kernel in a process of its own: the compiler works for about a second without a pause, and the memory that it took would stay with its process.
import { fork } from 'node:child_process'

/** `files` maps a file name to its text. */
export type CompileRequest = { entry: string; flags: string[]; files: Record<string, string> }
export type CompileAnswer = { bytes: Uint8Array } | { output: string }

/** Whoever waits for a kernel goes on without it then. */
const MOST_MS = 120_000

/** The module's bytes; throws with what the compiler says. */
export async function compileKernel(request: CompileRequest): Promise<Uint8Array> {
  const child = fork(new URL('./compile-child.ts', import.meta.url), { serialization: 'advanced', timeout: MOST_MS, execArgv: ['--disable-warning=ExperimentalWarning'] })
  const answer = await new Promise<CompileAnswer>((resolve) => {
    child.once('message', (told) => resolve(told as CompileAnswer))
    child.once('error', (error) => resolve({ output: String(error) }))
    child.once('exit', (code, signal) => resolve({ output: `the compiler ended with ${signal ?? `code ${code}`} and no answer` }))
    child.send(request, () => undefined)
  })
  if (child.connected) child.disconnect()
  if ('output' in answer) throw new Error(answer.output)
  return answer.bytes
}
