// Cells of a column as arrays, so that a file is written without an object a cell: the same bytes whoever made them.

/** One cell a row: a place among the entries, -1 for nothing. An entry is `sizes` bytes of `bytes`, from `starts` on; two may be equal only in a plain column. */
export type TextCells = { kind: 'texts'; codes: Int32Array; bytes: Uint8Array; starts: Int32Array; sizes: Int32Array }
/** NaN: nothing. */
export type NumberCells = { kind: 'numbers'; values: Float64Array }
/** Places among few numbers, each of which stands there once. */
export type CodedCells = { kind: 'coded'; codes: Int32Array; values: Float64Array }
/** 0 or 1, -1 for nothing. */
export type FlagCells = { kind: 'flags'; values: Int32Array }

export type Cells = TextCells | NumberCells | CodedCells | FlagCells

export function toTexts(values: readonly (string | null)[]): TextCells {
  return gatherTexts(values, (value) => value, (value) => Buffer.from(value))
}

/** Each for itself. */
export function toBinaries(values: readonly (Buffer | null)[]): TextCells {
  return gatherTexts(values, (value) => value, (value) => value)
}

function gatherTexts<T>(values: readonly (T | null)[], toKey: (value: T) => unknown, toBytes: (value: T) => Buffer): TextCells {
  const places = new Map<unknown, number>()
  const entries: Buffer[] = []
  const codes = new Int32Array(values.length).fill(-1)
  for (const [row, value] of values.entries()) {
    if (value === null) continue
    const key = toKey(value)
    let code = places.get(key)
    if (code === undefined) {
      code = entries.length
      places.set(key, code)
      entries.push(toBytes(value))
    }
    codes[row] = code
  }
  const starts = new Int32Array(entries.length)
  const sizes = Int32Array.from(entries, ({ byteLength }) => byteLength)
  for (let i = 1; i < starts.length; i += 1) starts[i] = (starts[i - 1] as number) + (sizes[i - 1] as number)
  return { kind: 'texts', codes, bytes: Buffer.concat(entries), starts, sizes }
}

export function toNumbers(values: readonly (number | null)[]): NumberCells {
  return { kind: 'numbers', values: Float64Array.from(values, (value) => value ?? NaN) }
}

export function toFlags(values: readonly (boolean | null)[]): FlagCells {
  return { kind: 'flags', values: Int32Array.from(values, (value) => (value === null ? -1 : Number(value))) }
}

/** Numbers of which many neighbours are equal. */
export function toCoded(numbers: ArrayLike<number>): CodedCells {
  const places = new Map<number, number>()
  const codes = new Int32Array(numbers.length)
  let last = NaN
  let code = -1
  for (let row = 0; row < numbers.length; row += 1) {
    const value = numbers[row] as number
    if (value !== last) {
      last = value
      code = places.get(value) ?? places.size
      places.set(value, code)
    }
    codes[row] = code
  }
  return { kind: 'coded', codes, values: Float64Array.from(places.keys()) }
}
