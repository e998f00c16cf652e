// The kernels of this package as a WebAssembly module, in the build that this machine's engine can run.
import { loadKernel } from '@rondo/wasm'
import { numericsErrors } from '../errors.ts'
import { findKernelBuild, type KernelBuild } from './kernel-build.ts'

const FOLDER = new URL('../../kernels/', import.meta.url)
const FLAGS = '-O3 --converge --runtime stub --noAssert --importMemory --sharedMemory --initialMemory 16 --maximumMemory 65536 --enable'
const FEATURES = { plain: 'simd,threads,bulk-memory', relaxed: 'simd,relaxed-simd,threads,bulk-memory' }

export type LoadOptions = { build?: KernelBuild; cacheFolder?: string; folder?: URL }

/** One to two seconds after a change of the kernels, else a few milliseconds. Throws `NUMERICS_KERNELS_NOT_COMPILED`. */
export async function loadKernels({ build = findKernelBuild(), cacheFolder, folder = FOLDER }: LoadOptions = {}): Promise<WebAssembly.Module> {
  try {
    return await loadKernel({ name: `numerics-${build}`, folder, entry: 'index.ts', flags: `${FLAGS} ${FEATURES[build]}` }, cacheFolder === undefined ? {} : { cacheFolder })
  } catch (error) {
    throw numericsErrors.kernelsNotCompiled({ build, output: error instanceof Error ? error.message : String(error) }, error)
  }
}
