// The part of the WebAssembly interface used here; TypeScript has it only in the browser's library, which server code does not load.
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: true })
    readonly buffer: ArrayBuffer
  }
  class Module {
    private readonly brand: undefined
  }
  type Imports = { env: { memory: Memory } }
  class Instance {
    constructor(module: Module, imports: Imports)
    readonly exports: Record<string, unknown>
  }
  function validate(bytes: Uint8Array): boolean
  function compile(bytes: Uint8Array): Promise<Module>
  function instantiate(module: Module, imports: Imports): Promise<Instance>
}
