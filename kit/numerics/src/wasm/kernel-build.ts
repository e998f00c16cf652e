// Which of the two builds of the kernels this machine's engine can run.

/** `relaxed` multiplies and adds with one rounding where the processor has FMA; `plain` runs wherever WebAssembly has SIMD. */
export type KernelBuild = 'relaxed' | 'plain'

// (module (func (result v128) (f32x4.relaxed_madd (i32x4.splat (i32.const 1)) twice and once more)))
const RELAXED_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 1, 253, 17, 65, 1, 253, 17, 65, 1, 253, 17, 253, 133, 2, 11,
])

export function findKernelBuild(): KernelBuild {
  return WebAssembly.validate(RELAXED_PROBE) ? 'relaxed' : 'plain'
}
