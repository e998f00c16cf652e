// Checks the properties of an event against a flat schema, on the bytes.
import type { FlatField, FlatSchema } from './flat-schema.ts'
import type { JsonScanner } from './json-scanner.ts'

/**
 * `scanner.pos` is at the value. True: it is an object that fits, and `pos` is behind it. False: it does not fit, or this check
 * is not sure (escapes, unusual order of rare fields, null…); `pos` is then anywhere.
 */
export function fitsFlat(scanner: JsonScanner, flat: FlatSchema): boolean {
  const { fields } = flat
  if (scanner.peek() !== 123) return false
  scanner.pos += 1
  scanner.skipSpace()
  if (scanner.peek() === 125) {
    scanner.pos += 1
    return flat.required === 0
  }
  let seen = 0
  let expected = 0
  for (;;) {
    scanner.skipSpace()
    if (scanner.peek() !== 34 || !scanner.string() || scanner.escaped) return false
    const at = findField(scanner, fields, expected)
    if (at < 0 || (seen & (1 << at)) !== 0) return false
    seen |= 1 << at
    expected = at + 1
    scanner.skipSpace()
    if (scanner.peek() !== 58) return false
    scanner.pos += 1
    scanner.skipSpace()
    if (!fitsField(scanner, fields[at] as FlatField)) return false
    scanner.skipSpace()
    const c = scanner.peek()
    if (c !== 44 && c !== 125) return false
    scanner.pos += 1
    if (c === 125) return (seen & flat.required) === flat.required && scanner.fault === undefined
  }
}

/** Writers keep the order of their fields: the one after the last is tried first. */
function findField(scanner: JsonScanner, fields: FlatField[], expected: number): number {
  const count = fields.length
  for (let i = 0; i < count; i += 1) {
    const at = expected + i < count ? expected + i : expected + i - count
    if (equals(scanner, (fields[at] as FlatField).bytes)) return at
  }
  return -1
}

function fitsField(scanner: JsonScanner, field: FlatField): boolean {
  const c = scanner.peek()
  switch (field.kind) {
    case 'string': {
      if (c !== 34 || !scanner.string()) return false
      const length = scanner.stop - scanner.start
      if (field.oneOf !== undefined) return !scanner.escaped && isOneOf(scanner, field.oneOf)
      if (scanner.ascii && !scanner.escaped) return length >= field.minimum && length <= field.maximum
      // A character takes one to six bytes.
      return length >= field.minimum * 6 && length <= field.maximum
    }
    case 'boolean':
      return (c === 116 || c === 102) && scanner.literal()
    default:
      if (c !== 45 && (c < 48 || c > 57)) return false
      return scanner.number() && (scanner.integer || field.kind === 'number') && scanner.value >= field.minimum && scanner.value <= field.maximum
  }
}

function isOneOf(scanner: JsonScanner, values: Uint8Array[]): boolean {
  for (const value of values) if (equals(scanner, value)) return true
  return false
}

/** Whether the scanner's last string has these bytes. */
export function equals(scanner: JsonScanner, expected: Uint8Array): boolean {
  const { bytes, start } = scanner
  const length = expected.length
  if (scanner.stop - start !== length) return false
  for (let i = 0; i < length; i += 1) if (bytes[start + i] !== expected[i]) return false
  return true
}
