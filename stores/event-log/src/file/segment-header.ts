// The first bytes of a segment file: what it is, where it begins, and the salt of its checksums.
//
//   header := magic "RONDOLOG" | version u32 | salt u32 | baseOffset f64 | crc u32 of all before | 0 u32        (32 bytes, little-endian)
import { crc32 } from 'node:zlib'
import { errors } from '../errors.ts'

export const SEGMENT_HEADER_BYTES = 32
const MAGIC = Buffer.from('RONDOLOG', 'latin1')
export const NEWEST = 2

/** 2: its frames may be packed (packed-frame.ts). 1, of older programs: none is, unless it was empty when the first came. */
export type SegmentVersion = 1 | 2

export function encodeSegmentHeader(baseOffset: number, salt: number): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES)
  MAGIC.copy(header)
  header.writeUInt32LE(NEWEST, 8)
  header.writeUInt32LE(salt, 12)
  header.writeDoubleLE(baseOffset, 16)
  header.writeUInt32LE(crc32(header.subarray(0, 24)), 24)
  return header
}

/** Undefined when the bytes are no whole header of this segment. Throws `NEWER_LOG` for a later version. */
export function findSegmentHeader(bytes: Buffer, baseOffset: number, path: string): { salt: number; version: SegmentVersion } | undefined {
  if (bytes.byteLength < SEGMENT_HEADER_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return undefined
  if (bytes.readUInt32LE(24) !== crc32(bytes.subarray(0, 24)) || bytes.readDoubleLE(16) !== baseOffset) return undefined
  const version = bytes.readUInt32LE(8)
  if (version > NEWEST) throw errors.newerFormat({ path, version })
  return { salt: bytes.readUInt32LE(12), version: version === 1 ? 1 : 2 }
}
