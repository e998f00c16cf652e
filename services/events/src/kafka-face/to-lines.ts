// Values of records as lines of our own wire: one event a line, each with a type.

const NEWLINE = 0x0a
const RETURN = 0x0d
const OPEN = 0x7b
const CLOSE = 0x7d
/** What cannot be an event has a line as well, and becomes a dead letter. */
const NO_VALUE = Buffer.from('null')
const TYPE_KEY = Buffer.from('"type"')

/** Whether a value says its type itself. */
export type SaysType = (value: Buffer) => boolean

/** Quickly: a value that has the word nowhere says none. True also for one that has it further in. */
export const mentionsType: SaysType = (value) => value.includes(TYPE_KEY)

/** Surely: by reading it. What is no JSON object is left as it is. */
export const hasType: SaysType = (value) => {
  if (!mentionsType(value)) return false
  try {
    const parsed: unknown = JSON.parse(value.toString('utf8'))
    return typeof parsed !== 'object' || parsed === null || Array.isArray(parsed) || Object.hasOwn(parsed, 'type')
  } catch {
    return true
  }
}

/** `type`: of the topic, for values that say none. A line break in a value becomes another white space of JSON, and stays what JSON does not take within a text. */
export function toLines(values: (Buffer | undefined)[], type: string, saysType: SaysType): Buffer {
  const parts: Uint8Array[] = []
  const separator = Buffer.of(NEWLINE)
  const named = Buffer.from(`"type":${JSON.stringify(type)}`)
  for (const [index, value] of values.entries()) {
    if (index > 0) parts.push(separator)
    const line = toLine(value)
    const at = line.indexOf(OPEN)
    if (at < 0 || saysType(line)) parts.push(line)
    else parts.push(line.subarray(0, at + 1), named, isEmptyFrom(line, at + 1) ? Buffer.alloc(0) : Buffer.from(','), line.subarray(at + 1))
  }
  return Buffer.concat(parts)
}

function toLine(value: Buffer | undefined): Buffer {
  if (value === undefined || isBlank(value)) return NO_VALUE
  if (!value.includes(NEWLINE)) return value
  return Buffer.from(value.map((byte) => (byte === NEWLINE ? RETURN : byte)))
}

function isBlank(value: Buffer): boolean {
  return value.every(isSpace)
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === NEWLINE || byte === RETURN
}

/** Only white space before the object ends. */
function isEmptyFrom(line: Buffer, from: number): boolean {
  let at = from
  while (at < line.length && isSpace(line[at] as number)) at += 1
  return line[at] === CLOSE
}
