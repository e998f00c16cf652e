// Steps over JSON bytes for the quick path: each takes a position and gives the next one, or -1 for "not plain".

/** Position of the first byte that is no space. */
export function skipSpace(bytes: Uint8Array, from: number, end: number): number {
  let p = from
  while (p < end) {
    const c = bytes[p] as number
    if (c > 32 || (c !== 32 && c !== 10 && c !== 13 && c !== 9)) break
    p += 1
  }
  return p
}

/** 1 for the bytes that stand for themselves in a string: all but quote, backslash and control characters. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, c) => (c < 32 || c === 34 || c === 92 ? 0 : 1))

/** `from` is behind the opening quote; gives the position of the closing one. Escapes and control characters are not plain. */
export function findQuote(bytes: Uint8Array, from: number, end: number): number {
  let p = from
  while (p < end && PLAIN[bytes[p] as number] === 1) p += 1
  return p < end && bytes[p] === 34 ? p : -1
}

/** Whether `token` stands at `from`. */
export function startsWith(bytes: Uint8Array, from: number, end: number, token: Uint8Array): boolean {
  const { length } = token
  if (from + length > end) return false
  for (let i = length - 1; i >= 0; i -= 1) if (bytes[from + i] !== token[i]) return false
  return true
}

/** The index of the token of the list that stands at `from`, the `expected` one first; -1 for none. Writers keep the order of their fields. */
export function findToken(bytes: Uint8Array, from: number, end: number, tokens: Uint8Array[], expected: number): number {
  const count = tokens.length
  for (let i = expected; i < count; i += 1) if (startsWith(bytes, from, end, tokens[i] as Uint8Array)) return i
  for (let i = 0; i < expected; i += 1) if (startsWith(bytes, from, end, tokens[i] as Uint8Array)) return i
  return -1
}

/** The bytes of a text that needs no escapes. */
export function toToken(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0))
}
