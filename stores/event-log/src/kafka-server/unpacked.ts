// The bytes that a decompression gives, as they come; there is a limit to them.
import { CODE, FaceError } from './error-code.ts'

export function tooLarge(maxBytes: number): FaceError {
  return new FaceError(CODE.messageTooLarge, `the records of one batch have more than ${maxBytes} bytes without their compression`)
}

/** Where bytes go, with room for what is announced and never for more than is allowed. */
export class Unpacked {
  bytes: Buffer
  at = 0
  private readonly maxBytes: number

  constructor(firstBytes: number, maxBytes: number) {
    this.maxBytes = maxBytes
    this.bytes = Buffer.allocUnsafe(Math.min(firstBytes, maxBytes))
  }

  /** A run of the input. */
  copy(from: Buffer, start: number, size: number): void {
    if (start + size > from.byteLength) throw new RangeError('they end too early')
    this.reserve(size)
    from.copy(this.bytes, this.at, start, start + size)
    this.at += size
  }

  /** A run of what was written before, `back` bytes behind; it may reach into itself. */
  repeat(back: number, size: number, first = 0): void {
    if (back === 0 || back > this.at - first) throw new RangeError('they refer to bytes that are not there')
    this.reserve(size)
    const { bytes } = this
    let { at } = this
    if (back >= size) bytes.copyWithin(at, at - back, at - back + size)
    else for (const end = at + size; at < end; at += 1) bytes[at] = bytes[at - back] as number
    this.at += size
  }

  toBuffer(): Buffer {
    return this.bytes.subarray(0, this.at)
  }

  private reserve(size: number): void {
    const end = this.at + size
    if (end <= this.bytes.byteLength) return
    if (end > this.maxBytes) throw tooLarge(this.maxBytes)
    const larger = Buffer.allocUnsafe(Math.min(this.maxBytes, Math.max(end, this.bytes.byteLength * 2)))
    this.bytes.copy(larger, 0, 0, this.at)
    this.bytes = larger
  }
}
