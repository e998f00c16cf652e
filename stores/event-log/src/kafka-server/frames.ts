// Requests out of the bytes of a connection: each behind its length, in whatever pieces they come.
import { MalformedRequest } from './wire-reader.ts'

const LENGTH_BYTES = 4

export class Frames {
  private chunks: Buffer[] = []
  private sizeBytes = 0

  /** Bytes that are held. */
  get heldBytes(): number {
    return this.sizeBytes
  }

  push(chunk: Buffer): void {
    this.chunks.push(chunk)
    this.sizeBytes += chunk.byteLength
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

  private join(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks)]
    return this.chunks[0] as Buffer
  }
}
