// The compiled kernels: from the cache folder when a whole copy of this very source is there, else compiled and put there.
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileKernels, compilerFlags, KERNELS_FOLDER } from './compile-kernels.ts'
import { findKernelBuild, type KernelBuild } from './kernel-build.ts'

export type LoadOptions = { build?: KernelBuild; cacheFolder?: string }

/**
 * Compiling takes one to two seconds, once per change of the kernels; reading the cache a few milliseconds. A cache file that is cut
 * short or altered is compiled again; a folder that cannot be written only costs the time.
 */
export async function loadKernels(options: LoadOptions = {}): Promise<WebAssembly.Module> {
  const build = options.build ?? findKernelBuild()
  const folder = options.cacheFolder ?? findCacheFolder()
  const files = await readSources()
  const path = join(folder, `${build}-${await computeKey(build, files)}.wasm`)
  const cached = await readFile(path).then(removeSeal, () => undefined)
  const bytes = cached ?? (await compileKernels(build, files))
  if (!cached) await writeWhole(folder, path, addSeal(bytes)).catch(() => undefined)
  return await WebAssembly.compile(Uint8Array.from(bytes))
}

// A sealed file is the module and then a custom section "sha256" with the digest of all bytes before it:
//   00 (custom) | 27 (39 bytes) | 06 "sha256" | 32 bytes
const SEAL_HEAD = Buffer.from([0, 39, 6, ...Buffer.from('sha256')])

function addSeal(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, SEAL_HEAD, createHash('sha256').update(bytes).digest()])
}

/** The module's bytes, or undefined when the seal is missing or does not fit. */
function removeSeal(file: Uint8Array): Uint8Array | undefined {
  const bytes = file.subarray(0, Math.max(0, file.length - SEAL_HEAD.length - 32))
  return Buffer.compare(addSeal(bytes), file) === 0 ? bytes : undefined
}

async function writeWhole(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true })
  const draft = `${path}.${randomUUID()}`
  try {
    await writeFile(draft, bytes)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

async function readSources(): Promise<Record<string, string>> {
  const names = (await readdir(KERNELS_FOLDER)).filter((name) => name.endsWith('.ts')).sort()
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, KERNELS_FOLDER), 'utf8')))
  return Object.fromEntries(names.map((name, at) => [name, texts[at] as string]))
}

/** Of everything the result depends on: sources, flags, and the compiler's version. */
async function computeKey(build: KernelBuild, files: Record<string, string>): Promise<string> {
  const compiler = await readFile(new URL(import.meta.resolve('assemblyscript/package.json')), 'utf8')
  return createHash('sha256').update(JSON.stringify([compiler, compilerFlags(build), files])).digest('hex').slice(0, 32)
}

/** Beside the packages, in the `node_modules` that holds the compiler. */
function findCacheFolder(): string {
  return fileURLToPath(new URL('../../.cache/rondo-numerics', import.meta.resolve('assemblyscript/asc')))
}
