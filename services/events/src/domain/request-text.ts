// Texts out of the bytes of a request: many short ones, mostly ASCII.

export type RequestText = {
  /** The UTF-8 text of bytes [start, stop). */
  slice(start: number, stop: number): string
}

/** `ascii`: whether all bytes are below 0x80; then one decoding serves all slices, and each costs next to nothing. */
export function createRequestText(bytes: Buffer, ascii: boolean): RequestText {
  if (!ascii) return { slice: (start, stop) => bytes.toString('utf8', start, stop) }
  return bytes.toString('latin1')
}
