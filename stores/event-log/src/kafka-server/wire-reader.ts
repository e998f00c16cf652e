// Reads the fields of a request. Every length is checked against the bytes that are there before anything is taken.
//
//   string  := length i16 | bytes          flexible: length+1 uvarint | bytes       (null: -1, flexible 0)
//   bytes   := length i32 | bytes          flexible: length+1 uvarint | bytes
//   array   := count i32 | element…        flexible: count+1 uvarint | element…
//   tags    := nothing                     flexible: count uvarint | { tag uvarint | length uvarint | bytes }…
export class MalformedRequest extends Error {}

/** Names are no longer in Kafka either, whatever the form of their length. */
const MOST_TEXT_BYTES = 32_767

export class WireReader {
  /** Of this version on, lengths are varints and structures end with tags. */
  flexible = false
  private readonly bytes: Buffer
  private at = 0
  private elementsLeft: number

  /** `maxElements`: of all lists together. An element of a byte in a request is an object of hundreds here. */
  constructor(bytes: Buffer, maxElements = Infinity) {
    this.bytes = bytes
    this.elementsLeft = maxElements
  }

  get left(): number {
    return this.bytes.byteLength - this.at
  }

  int8(): number {
    return this.bytes.readInt8(this.take(1))
  }

  int16(): number {
    return this.bytes.readInt16BE(this.take(2))
  }

  int32(): number {
    return this.bytes.readInt32BE(this.take(4))
  }

  /** Offsets, instants and producers of ours fit a number; what does not is no such. */
  int64(): number {
    return Number(this.bytes.readBigInt64BE(this.take(8)))
  }

  boolean(): boolean {
    return this.int8() !== 0
  }

  uuid(): Buffer {
    const at = this.take(16)
    return this.bytes.subarray(at, at + 16)
  }

  string(): string {
    const text = this.nullableString()
    if (text === undefined) throw new MalformedRequest('a text is null')
    return text
  }

  nullableString(): string | undefined {
    const size = this.flexible ? this.unsigned() - 1 : this.int16()
    if (size < 0) return undefined
    if (size > MOST_TEXT_BYTES) throw new MalformedRequest(`a text of ${size} bytes is not taken; at most ${MOST_TEXT_BYTES} are`)
    const at = this.take(size)
    return this.bytes.toString('utf8', at, at + size)
  }

  /** A view of the request's bytes; empty for null. */
  byteString(): Buffer {
    const size = this.flexible ? this.unsigned() - 1 : this.int32()
    if (size < 0) return Buffer.alloc(0)
    const at = this.take(size)
    return this.bytes.subarray(at, at + size)
  }

  array<T>(read: () => T): T[] {
    return this.nullableArray(read) ?? []
  }

  nullableArray<T>(read: () => T): T[] | undefined {
    const count = this.flexible ? this.unsigned() - 1 : this.int32()
    if (count < 0) return undefined
    // Every element takes at least a byte: a count alone reserves nothing.
    if (count > this.left) throw new MalformedRequest(`a list of ${count} elements in ${this.left} bytes`)
    if (count > this.elementsLeft) throw new MalformedRequest(`a list of ${count} elements is too long; all lists of a request together have fewer`)
    this.elementsLeft -= count
    const items: T[] = []
    for (let index = 0; index < count; index += 1) items.push(read())
    return items
  }

  /** The end of a structure. */
  tags(): void {
    if (!this.flexible) return
    for (let count = this.unsigned(); count > 0; count -= 1) {
      this.unsigned()
      this.take(this.unsigned())
    }
  }

  private unsigned(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.take(1)] as number
      value += (byte & 0x7f) * scale
      if (byte < 0x80) break
      if (scale >= 2 ** 28) throw new MalformedRequest('a length of more than 32 bits')
    }
    return value
  }

  private take(size: number): number {
    if (size > this.left) throw new MalformedRequest(`${size} bytes are wanted where ${this.left} are left`)
    const { at } = this
    this.at += size
    return at
  }
}
