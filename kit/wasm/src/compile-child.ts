// The process that runs the AssemblyScript compiler for compile-kernel.ts; it ends with its answer, or with who asked.
import asc from 'assemblyscript/asc'
import type { CompileAnswer, CompileRequest } from './compile-kernel.ts'

process.once('disconnect', () => process.exit())
process.once('message', (request) => {
  void compile(request as CompileRequest).then((answer) => process.send?.(answer))
})

async function compile({ entry, flags, files }: CompileRequest): Promise<CompileAnswer> {
  let bytes: Uint8Array | undefined
  const result = await asc.main([entry, '--outFile', 'kernel.wasm', ...flags], {
    readFile: (name) => files[name] ?? null,
    listFiles: () => [],
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') bytes = contents
    },
  })
  return bytes && !result.error ? { bytes } : { output: `${result.error?.message ?? 'no output'}\n${result.stderr.toString()}` }
}
