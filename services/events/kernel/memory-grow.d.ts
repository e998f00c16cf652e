// The one method of WebAssembly memory that the scan kernel needs beyond those declared by the numerics kit.
declare namespace WebAssembly {
  interface Memory {
    grow(pages: number): number
  }
}
