// Snappy, as Kafka's clients send it: one raw block, or the stream of blocks that the Java library writes.
//
//   stream := 0x82 "SNAPPY" 0x00 | version i32 | compatible i32 | { size i32 | block }…      (whole numbers big-endian)
//   block  := unpacked size uvarint | element…
//   element:= low two bits of the tag: 00 literal, 01 copy with 11 bits of distance, 10 with 16, 11 with 32
// Source: google/snappy, format_description.txt; xerial/snappy-java, SnappyOutputStream.
import { Unpacked } from './unpacked.ts'

const STREAM_MARK = Buffer.from('82534e4150505900', 'hex')
const STREAM_HEAD_BYTES = 16

/** Throws `RangeError` for what is no Snappy, and a `FaceError` beyond `maxBytes`. */
export function unpackSnappy(packed: Buffer, maxBytes: number): Buffer {
  const out = new Unpacked(packed.byteLength * 4, maxBytes)
  if (packed.subarray(0, STREAM_MARK.byteLength).compare(STREAM_MARK) !== 0) {
    unpackBlock(packed, out)
    return out.toBuffer()
  }
  for (let at = STREAM_HEAD_BYTES; at < packed.byteLength; ) {
    const end = at + 4 + packed.readUInt32BE(at)
    if (end > packed.byteLength) throw new RangeError('a block ends too early')
    unpackBlock(packed.subarray(at + 4, end), out)
    at = end
  }
  return out.toBuffer()
}

function unpackBlock(block: Buffer, out: Unpacked): void {
  const first = out.at
  const { size, next } = readSize(block)
  for (let at = next; at < block.byteLength; ) {
    const tag = block[at] as number
    at += 1
    if ((tag & 3) === 0) {
      const extra = Math.max(0, (tag >>> 2) - 59)
      const length = extra === 0 ? (tag >>> 2) + 1 : block.readUIntLE(at, extra) + 1
      out.copy(block, at + extra, length)
      at += extra + length
    } else if ((tag & 3) === 1) {
      out.repeat(((tag >>> 5) << 8) | block.readUInt8(at), ((tag >>> 2) & 7) + 4, first)
      at += 1
    } else {
      const extra = (tag & 3) === 2 ? 2 : 4
      out.repeat(block.readUIntLE(at, extra), (tag >>> 2) + 1, first)
      at += extra
    }
  }
  if (out.at - first !== size) throw new RangeError('a block has another size than it says')
}

function readSize(block: Buffer): { size: number; next: number } {
  let size = 0
  for (let at = 0; at < 5; at += 1) {
    const byte = block.readUInt8(at)
    size += (byte & 0x7f) * 128 ** at
    if (byte < 0x80) return { size, next: at + 1 }
  }
  throw new RangeError('a block begins with no size')
}
