// Reads FlatBuffers tables out of bytes that anybody may have sent: every position is checked before it is used, and nothing is made of a length alone.
// Grammar: https://flatbuffers.dev/internals/. A table begins with the distance to its vtable; the vtable tells where each field lies.

/** What is no FlatBuffer, or not the one that was expected; the message says where. */
export class BadBuffer extends Error {}

const MAX_TEXT_BYTES = 1024

export class FlatBuffer {
  private readonly view: DataView

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Position of the root table. */
  root(): number {
    return this.table(this.u32(0))
  }

  i16(at: number): number {
    return this.view.getInt16(this.inside(at, 2), true)
  }

  u8(at: number): number {
    return this.view.getUint8(this.inside(at, 1))
  }

  i32(at: number): number {
    return this.view.getInt32(this.inside(at, 4), true)
  }

  u32(at: number): number {
    return this.view.getUint32(this.inside(at, 4), true)
  }

  /** A length or a number of rows: 0 to 2^53 - 1. */
  size(at: number): number {
    const value = this.view.getBigInt64(this.inside(at, 8), true)
    if (value < 0n || value > 0x1fffffffffffffn) throw new BadBuffer(`a length of ${value} stands at byte ${at} of the metadata`)
    return Number(value)
  }

  /** Position of field `id` of a table; undefined where it is left out. */
  field(table: number, id: number): number | undefined {
    const vtable = table - this.i32(table)
    const entry = 4 + id * 2
    if (vtable < 0 || entry + 2 > this.u16(vtable)) return undefined
    const offset = this.u16(vtable + entry)
    return offset === 0 ? undefined : table + offset
  }

  /** Position of what field `id` points to: a table, a text or a list. */
  target(table: number, id: number): number | undefined {
    const at = this.field(table, id)
    return at === undefined ? undefined : this.table(at + this.u32(at))
  }

  /** Throws for more than `MAX_TEXT_BYTES`: many fields may point to one long text. */
  text(table: number, id: number): string | undefined {
    const at = this.target(table, id)
    if (at === undefined) return undefined
    const size = this.u32(at)
    if (size > MAX_TEXT_BYTES) throw new BadBuffer(`a name of ${size} bytes stands at byte ${at} of the metadata`)
    this.inside(at + 4, size)
    return Buffer.from(this.view.buffer, this.view.byteOffset + at + 4, size).toString('utf8')
  }

  /** Where the elements of list `id` begin and how many there are: all of them inside. */
  list(table: number, id: number, elementBytes: number): { at: number; count: number } {
    const at = this.target(table, id)
    if (at === undefined) return { at: 0, count: 0 }
    const count = this.u32(at)
    this.inside(at + 4, count * elementBytes)
    return { at: at + 4, count }
  }

  /** Tables of list `id`. */
  tables(table: number, id: number): number[] {
    const { at, count } = this.list(table, id, 4)
    return Array.from({ length: count }, (_, i) => this.table(at + i * 4 + this.u32(at + i * 4)))
  }

  private u16(at: number): number {
    return this.view.getUint16(this.inside(at, 2), true)
  }

  private table(at: number): number {
    return this.inside(at, 4)
  }

  private inside(at: number, sizeBytes: number): number {
    if (at < 0 || at + sizeBytes > this.view.byteLength) throw new BadBuffer(`its metadata points to byte ${at} and has ${this.view.byteLength}`)
    return at
  }
}
