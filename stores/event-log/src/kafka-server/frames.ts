// Requests out of the bytes of a connection: each behind its length, in whatever pieces they come.
import { MalformedRequest } from './wire-reader.ts'

const LENGTH_BYTES = 4
/** Smaller pieces are put together: a request that comes byte by byte is no million of objects. */
const SMALL_BYTES = 1024
const GATHERED_BYTES = 16 * 1024

export class Frames {
  private chunks: Buffer[] = []
  private sizeBytes = 0
  /** What the last chunk is a view of, when there is room behind it. */
  private gathered: Buffer | undefined

  /** Bytes that are held. */
  get heldBytes(): number {
    return this.sizeBytes
  }

  push(chunk: Buffer): void {
    this.sizeBytes += chunk.byteLength
    if (chunk.byteLength >= SMALL_BYTES || this.chunks.length === 0) {
      this.chunks.push(chunk)
      this.gathered = undefined
    } else this.gather(chunk)
  }

  /** The next one, when it is here as a whole. Throws `MalformedRequest` for a length that no request has. */
  next(maxBytes: number): Buffer | undefined {
    if (this.sizeBytes < LENGTH_BYTES) return undefined
    const first = this.chunks[0] as Buffer
    const size = (first.byteLength >= LENGTH_BYTES ? first : this.join()).readInt32BE(0)
    if (size < 1 || size > maxBytes) throw new MalformedRequest(`a request of ${size} bytes is not taken; at most ${maxBytes} are`)
    if (this.sizeBytes < LENGTH_BYTES + size) return undefined
    const all = this.join()
    const end = LENGTH_BYTES + size
    this.chunks = end === all.byteLength ? [] : [all.subarray(end)]
    this.sizeBytes -= end
    return all.subarray(LENGTH_BYTES, end)
  }

  private gather(chunk: Buffer): void {
    const last = this.gathered === undefined ? undefined : this.chunks.at(-1)
    if (this.gathered === undefined || last === undefined || last.byteLength + chunk.byteLength > GATHERED_BYTES) {
      this.gathered = Buffer.allocUnsafe(GATHERED_BYTES)
      this.chunks.push(this.gathered.subarray(0, chunk.copy(this.gathered)))
    } else {
      chunk.copy(this.gathered, last.byteLength)
      this.chunks[this.chunks.length - 1] = this.gathered.subarray(0, last.byteLength + chunk.byteLength)
    }
  }

  private join(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks, this.sizeBytes)]
    this.gathered = undefined
    return this.chunks[0] as Buffer
  }
}
