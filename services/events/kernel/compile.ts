// Compiles plain-scan.as into src/collector/plain-scan.wasm; run it after a change: `node services/events/kernel/compile.ts`.
import { readFile, writeFile } from 'node:fs/promises'
import asc from 'assemblyscript/asc'

const SOURCE = new URL('./plain-scan.as', import.meta.url)
export const COMPILED = new URL('../src/collector/plain-scan.wasm', import.meta.url)

/** The module's bytes; throws with what the compiler says. */
export async function compileKernel(): Promise<Uint8Array> {
  const source = await readFile(SOURCE, 'utf8')
  let bytes: Uint8Array | undefined
  const flags = ['-O3', '--converge', '--runtime', 'stub', '--noAssert', '--importMemory', '--sharedMemory', '--initialMemory', '4', '--maximumMemory', '2048', '--enable', 'simd,threads']
  const { error, stderr } = await asc.main(['plain-scan.ts', '--outFile', 'plain-scan.wasm', ...flags], {
    readFile: (name) => (name === 'plain-scan.ts' ? source : null),
    listFiles: () => [],
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') bytes = contents
    },
  })
  if (error !== null || bytes === undefined) throw new Error(`${error?.message ?? 'no output'}\n${stderr.toString()}`)
  return bytes
}

if (process.argv[1] === import.meta.filename) await writeFile(COMPILED, await compileKernel())
