// One cell of a column that came with a request: whether it has a value, and which.
import type { ArrowColumn } from './arrow-types.ts'

export function isValid({ valid, type }: ArrowColumn, row: number): boolean {
  if (type.kind === 'null') return false
  return valid === undefined || (((valid[row >> 3] as number) >> (row & 7)) & 1) !== 0
}

/** Bytes of a text. */
export function sliceText({ values, offsets }: ArrowColumn, row: number): Buffer {
  const from = offsets?.[row] ?? 0
  return Buffer.from(values.buffer, values.byteOffset + from, (offsets?.[row + 1] ?? from) - from)
}

export function readFloat({ values, type }: ArrowColumn, row: number): number {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength)
  return type.kind === 'float' && type.bytes === 4 ? view.getFloat32(row * 4, true) : view.getFloat64(row * 8, true)
}

export function readInteger({ values, type }: ArrowColumn, row: number): number | bigint {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength)
  if (type.kind !== 'integer') return NaN
  const { bytes, signed } = type
  if (bytes === 8) return signed ? view.getBigInt64(row * 8, true) : view.getBigUint64(row * 8, true)
  if (bytes === 4) return signed ? view.getInt32(row * 4, true) : view.getUint32(row * 4, true)
  if (bytes === 2) return signed ? view.getInt16(row * 2, true) : view.getUint16(row * 2, true)
  return signed ? view.getInt8(row) : view.getUint8(row)
}
