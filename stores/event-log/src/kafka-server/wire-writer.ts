// Writes the fields of an answer (their grammar is in wire-reader.ts) into one buffer that grows.
import { writeUnsigned } from '../kafka/varint.ts'

const FIRST_BYTES = 512
const LONGEST_VARINT_BYTES = 5

export class WireWriter {
  flexible = false
  private bytes = Buffer.allocUnsafe(FIRST_BYTES)
  private at = 0

  int8(value: number): void {
    const at = this.reserve(1)
    this.bytes.writeInt8(value, at)
  }

  int16(value: number): void {
    const at = this.reserve(2)
    this.bytes.writeInt16BE(value, at)
  }

  int32(value: number): void {
    const at = this.reserve(4)
    this.bytes.writeInt32BE(value, at)
  }

  int64(value: number): void {
    const at = this.reserve(8)
    this.bytes.writeBigInt64BE(BigInt(Math.trunc(value)), at)
  }

  boolean(value: boolean): void {
    this.int8(value ? 1 : 0)
  }

  /** Of 16 bytes. */
  uuid(id: Buffer): void {
    const at = this.reserve(16)
    id.copy(this.bytes, at)
  }

  string(text: string | undefined): void {
    if (text === undefined) return this.flexible ? this.unsigned(0) : this.int16(-1)
    const size = Buffer.byteLength(text)
    if (this.flexible) this.unsigned(size + 1)
    else this.int16(size)
    const at = this.reserve(size)
    this.bytes.write(text, at, 'utf8')
  }

  byteString(...parts: Uint8Array[]): void {
    const size = parts.reduce((sum, part) => sum + part.byteLength, 0)
    if (this.flexible) this.unsigned(size + 1)
    else this.int32(size)
    for (const part of parts) {
      const at = this.reserve(part.byteLength)
      this.bytes.set(part, at)
    }
  }

  array<T>(items: readonly T[], write: (item: T) => void): void {
    if (this.flexible) this.unsigned(items.length + 1)
    else this.int32(items.length)
    for (const item of items) write(item)
  }

  nullArray(): void {
    if (this.flexible) this.unsigned(0)
    else this.int32(-1)
  }

  /** The end of a structure: none of ours has tags. */
  tags(): void {
    if (this.flexible) this.int8(0)
  }

  /** What was written, behind its own length as a frame begins. */
  toFrame(): Buffer {
    const { at } = this
    const frame = Buffer.allocUnsafe(4 + at)
    frame.writeInt32BE(at, 0)
    this.bytes.copy(frame, 4, 0, at)
    return frame
  }

  private unsigned(value: number): void {
    const at = this.reserve(LONGEST_VARINT_BYTES)
    this.at = writeUnsigned(this.bytes, at, value)
  }

  /** The place of so many bytes. `bytes` may be another afterwards. */
  private reserve(size: number): number {
    const { at } = this
    const end = at + size
    if (end > this.bytes.byteLength) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.bytes.byteLength * 2))
      this.bytes.copy(larger, 0, 0, at)
      this.bytes = larger
    }
    this.at = end
    return at
  }
}
