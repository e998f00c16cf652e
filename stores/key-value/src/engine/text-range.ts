// Ranges over sorts, which engines keep in the order of their UTF-8 bytes: the order of code points.
import type { KeyValue } from '../port.ts'

/** Half-open. */
export type TextRange = { from: string; to: string }

/** Behind every sort of at most 512 bytes. */
const BEHIND_ALL = '\u{10ffff}'.repeat(129)

/** The sorts with the prefix and beyond `after` in that direction; undefined when there can be none. */
export function toTextRange({ prefix = '', after, reverse = false }: Omit<Parameters<KeyValue['scan']>[0], 'partition' | 'limit'>): TextRange | undefined {
  const whole = { from: prefix, to: findEndOfPrefix(prefix) }
  if (after === undefined) return whole
  // Nothing lies between a text and the same with a NUL behind it.
  const range = reverse ? { from: whole.from, to: earlierOf(whole.to, after) } : { from: laterOf(whole.from, `${after}\0`), to: whole.to }
  return compareUtf8(range.from, range.to) < 0 ? range : undefined
}

/** The first text after all that begin with `prefix`: its last code point that can grow by one, without what follows. */
function findEndOfPrefix(prefix: string): string {
  const points = Array.from(prefix.toWellFormed(), (character) => character.codePointAt(0) ?? 0)
  while (points.at(-1) === 0x10ffff) points.pop()
  const last = points.pop()
  if (last === undefined) return BEHIND_ALL
  // Surrogates are no code points of their own.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
}

function earlierOf(a: string, b: string): string {
  return compareUtf8(a, b) < 0 ? a : b
}

function laterOf(a: string, b: string): string {
  return compareUtf8(a, b) < 0 ? b : a
}

function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
