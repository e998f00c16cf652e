// From AssemblyScript sources to a WebAssembly module: out of the cache when a whole copy of this very source is there, else compiled.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileKernel } from './compile-kernel.ts'
import { errors } from './errors.ts'
import { findSealed, writeSealed } from './sealed-file.ts'

export type KernelSource = {
  /** Part of the cache file's name: [a-z0-9-]. */
  name: string
  /** Its sources are the files in this folder with the extension of `entry`; they import each other by name. Ends with "/". */
  folder: URL
  entry: string
  /** Of the AssemblyScript compiler, as on its command line. */
  flags: string
}

/** Unless told, the cache is beside the packages, in the `node_modules` that holds the compiler. */
export type LoadOptions = { cacheFolder?: string }

/** Compiling takes seconds, once per change of the kernel; reading the cache milliseconds. Throws `KERNEL_NOT_COMPILED`. */
export async function loadKernel(source: KernelSource, options: LoadOptions = {}): Promise<WebAssembly.Module> {
  const { name, flags, entry } = source
  try {
    const files = await readSources(source)
    const folder = options.cacheFolder ?? fileURLToPath(new URL('../../.cache/rondo-wasm', import.meta.resolve('assemblyscript/asc')))
    const compiler = await readFile(new URL(import.meta.resolve('assemblyscript/package.json')), 'utf8')
    const key = createHash('sha256').update(JSON.stringify([compiler, flags, entry, files])).digest('hex').slice(0, 32)
    const path = join(folder, `${name}-${key}.wasm`)
    const cached = await findSealed(path)
    if (cached !== undefined) return await WebAssembly.compile(cached)
    const bytes = await compileKernel({ entry: toCompilerName(entry), flags: flags.split(' '), files })
    await writeSealed(folder, path, bytes).catch(() => undefined)
    return await WebAssembly.compile(bytes)
  } catch (error) {
    throw errors.notCompiled({ name, output: error instanceof Error ? error.message : String(error) }, error)
  }
}

async function readSources({ folder, entry }: KernelSource): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => extname(name) === extname(entry)).sort()
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')))
  return Object.fromEntries(names.map((name, at) => [toCompilerName(name), texts[at] as string]))
}

/** The compiler knows one extension only. */
function toCompilerName(name: string): string {
  return `${name.slice(0, -extname(name).length)}.ts`
}
