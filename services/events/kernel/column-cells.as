// AssemblyScript: cells of the columns that column-scan.as describes, for checking and for writing.

export const COLUMN: usize = 88

/** Kinds: how the values lie. */
export const TEXT: i32 = 0
export const DICTIONARY: i32 = 1
export const INTEGER: i32 = 2
export const BOOLEAN: i32 = 3
export const TIMESTAMP: i32 = 4
/** Written already, as text without quotes. */
export const WRITTEN: i32 = 5
/** Only its prefix, in every row. */
export const CONSTANT: i32 = 6
/** No value may be there. */
export const ABSENT: i32 = 7

@inline export function isValid(column: usize, row: i32): bool {
  const valid = <usize>load<i32>(column, 8)
  return valid == 0 || ((load<u8>(valid + <usize>(row >> 3)) >> <u8>(row & 7)) & 1) != 0
}

/** `width` is in bytes, negative for signed ones. */
@inline export function readInteger(column: usize, row: i32): i64 {
  const width = load<i32>(column, 20)
  const values = <usize>load<i32>(column, 12)
  if (width == -4) return <i64>load<i32>(values + (<usize>row << 2))
  if (width == -8 || width == 8) return load<i64>(values + (<usize>row << 3))
  if (width == 4) return <i64>load<u32>(values + (<usize>row << 2))
  if (width == -2) return <i64>load<i16>(values + (<usize>row << 1))
  if (width == 2) return <i64>load<u16>(values + (<usize>row << 1))
  return width == -1 ? <i64>load<i8>(values + <usize>row) : <i64>load<u8>(values + <usize>row)
}

/** Epoch ms; what is finer is cut off, as in text. */
@inline export function readInstant(column: usize, row: i32): f64 {
  const value = load<i64>(<usize>load<i32>(column, 12) + (<usize>row << 3))
  const perMs = load<f64>(column, 80)
  if (perMs == 1) return <f64>value
  return perMs < 1 ? <f64>value * 1000 : Math.floor(<f64>(value / <i64>perMs))
}

@inline export function readBoolean(column: usize, row: i32): bool {
  return ((load<u8>(<usize>load<i32>(column, 12) + <usize>(row >> 3)) >> <u8>(row & 7)) & 1) != 0
}
