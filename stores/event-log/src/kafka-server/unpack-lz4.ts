// LZ4 frames, as Kafka's clients send them. Checksums are passed over: the batch has one of its own.
//
//   frame := 0x184D2204 | flags u8 | block size u8 | [content size u64] | [dictionary u32] | header checksum u8 | { size u32 | block | [checksum u32] }… | 0 u32 | [checksum u32]
//   block := { token u8 | [length u8…] | literals | distance u16 | [length u8…] }…      (little-endian; the highest bit of a block's size: it is not compressed)
// Source: lz4/lz4, doc/lz4_Frame_format.md and lz4_Block_format.md.
import { Unpacked } from './unpacked.ts'

const MAGIC = 0x184d2204
const PLAIN_BIT = 0x80000000
const SHORTEST_MATCH = 4

/** Throws `RangeError` for what is no LZ4, and a `FaceError` beyond `maxBytes`. */
export function unpackLz4(packed: Buffer, maxBytes: number): Buffer {
  if (packed.readUInt32LE(0) !== MAGIC) throw new RangeError('this is no LZ4 frame')
  const flags = packed.readUInt8(4)
  if (flags >>> 6 !== 1) throw new RangeError('the LZ4 frame is of another version')
  const hasBlockChecksum = (flags & 0x10) !== 0
  const hasContentSize = (flags & 0x08) !== 0
  if ((flags & 0x01) !== 0) throw new RangeError('the LZ4 frame needs a dictionary')
  const out = new Unpacked(packed.byteLength * 4, maxBytes)
  for (let at = 7 + (hasContentSize ? 8 : 0); ; ) {
    const head = packed.readUInt32LE(at)
    at += 4
    if (head === 0) return out.toBuffer()
    const size = head & ~PLAIN_BIT
    if (at + size > packed.byteLength) throw new RangeError('a block ends too early')
    if (head >= PLAIN_BIT) out.copy(packed, at, size)
    else unpackBlock(packed.subarray(at, at + size), out)
    at += size + (hasBlockChecksum ? 4 : 0)
  }
}

function unpackBlock(block: Buffer, out: Unpacked): void {
  let at = 0
  const readLength = (nibble: number): number => {
    let length = nibble
    if (nibble < 15) return length
    for (let byte = 255; byte === 255; at += 1) {
      byte = block.readUInt8(at)
      length += byte
    }
    return length
  }
  while (at < block.byteLength) {
    const token = block.readUInt8(at)
    at += 1
    const literals = readLength(token >>> 4)
    out.copy(block, at, literals)
    at += literals
    // The last sequence has literals only.
    if (at >= block.byteLength) return
    const back = block.readUInt16LE(at)
    at += 2
    out.repeat(back, readLength(token & 15) + SHORTEST_MATCH)
  }
}
