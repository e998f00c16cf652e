// The part of the WebAssembly interface used in the house; TypeScript has it only in the browser's library, which server code does not load.
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared?: boolean })
    readonly buffer: ArrayBuffer
    /** By so many pages of 64 KiB; a buffer taken before is detached, unless the memory is shared. */
    grow(pages: number): number
  }
  class Module {
    private readonly brand: undefined
  }
  type Imports = { env: { memory: Memory } }
  /** A trap. */
  class RuntimeError extends Error {}

  class Instance {
    constructor(module: Module, imports: Imports)
    readonly exports: Record<string, unknown>
  }
  function validate(bytes: Uint8Array): boolean
  function compile(bytes: Uint8Array): Promise<Module>
  function instantiate(module: Module, imports?: Imports): Promise<Instance>
}
