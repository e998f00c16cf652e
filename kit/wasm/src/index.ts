// AssemblyScript kernels as WebAssembly modules.
export { loadKernel, type KernelSource, type LoadOptions } from './load-kernel.ts'
