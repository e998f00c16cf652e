// Bodies of other systems' dialects: an envelope, and in it events, each with its own fault, so that a wrong one spoils no other.
import { isRecord } from '@rondo/contract'
import { JsonScanner, type Fault } from '../domain/json-scanner.ts'
import { parseRange, toWords } from '../domain/read-wire-event.ts'
import { errors } from '../errors.ts'
import { MARK_BYTES, requireFew, requireText, startsWithMark, toUnreadable } from './collect-body.ts'

/** One event as it came: its value (NaN reads as null), its bytes in the body, and what is wrong with them as JSON. */
export type Part = { value: unknown; start: number; stop: number; fault: { rule: string; reason: string } | undefined }

export type Parts = { envelope: Record<string, unknown>; parts: Part[] }

/** The body as one event. Throws BODY_NOT_UTF8, JSON_UNREADABLE. */
export function readPart(body: Buffer): Part {
  const scanner = begin(body)
  const part = readValue(scanner, body)
  end(scanner, body)
  return part
}

/** A list of events. Throws BODY_NOT_UTF8, JSON_UNREADABLE, DIALECT_INVALID. */
export function readList(body: Buffer, dialect: string): Part[] {
  const scanner = begin(body)
  if (scanner.peek() !== 91) throw errors.dialectWrong({ dialect, fault: 'the body is not a list' })
  const parts = readElements(scanner, body)
  end(scanner, body)
  return parts
}

/**
 * An object that holds a list of events under `name`; `envelope` is the rest of it. What is wrong with the envelope is wrong with all: throws
 * BODY_NOT_UTF8, JSON_UNREADABLE, DIALECT_INVALID.
 */
export function readEnvelope(body: Buffer, name: string, dialect: string): Parts {
  const scanner = begin(body)
  if (scanner.peek() !== 123) throw errors.dialectWrong({ dialect, fault: 'the body is not an object' })
  const envelope: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  const seen = new Set<string>()
  let parts: Part[] | undefined
  scanner.pos += 1
  for (let more = !closes(scanner, 125); more; more = goesOn(scanner, body, 125)) {
    scanner.skipSpace()
    if (scanner.peek() !== 34 || !scanner.string()) throw toUnreadable(body, scanner.pos)
    const key = scanner.text(scanner.start, scanner.stop, scanner.escaped)
    if (seen.has(key)) throw errors.dialectWrong({ dialect, fault: `the key ${JSON.stringify(key)} stands twice in the body` })
    seen.add(key)
    scanner.skipSpace()
    if (scanner.peek() !== 58) throw toUnreadable(body, scanner.pos)
    scanner.pos += 1
    scanner.skipSpace()
    if (key === name && scanner.peek() === 91) {
      parts = readElements(scanner, body)
      continue
    }
    const { value, fault } = readValue(scanner, body)
    if (fault !== undefined) throw errors.dialectWrong({ dialect, fault: `in ${JSON.stringify(key)}: ${fault.reason.replace(/\.$/, '')}` })
    envelope[key] = value
  }
  end(scanner, body)
  if (parts === undefined) throw errors.dialectWrong({ dialect, fault: `"${name}" is not a list` })
  return { envelope, parts }
}

function begin(body: Buffer): JsonScanner {
  requireText(body)
  const scanner = new JsonScanner()
  scanner.reset(body, startsWithMark(body) ? MARK_BYTES : 0, body.length)
  scanner.skipSpace()
  return scanner
}

function end(scanner: JsonScanner, body: Buffer): void {
  scanner.skipSpace()
  if (scanner.pos < body.length) throw toUnreadable(body, scanner.pos)
}

/** At the opening bracket of a list. */
function readElements(scanner: JsonScanner, body: Buffer): Part[] {
  const found: { start: number; stop: number; fault: Fault | undefined }[] = []
  const from = scanner.pos
  scanner.pos += 1
  for (let more = !closes(scanner, 93); more; more = goesOn(scanner, body, 93)) {
    scanner.skipSpace()
    found.push(scanValue(scanner, body))
    requireFew(found.length)
  }
  // One parse for all of them, as long as they are JSON.
  const values = found.some(({ fault }) => fault?.rule === 'not-a-number') ? undefined : parseRange(body, from, scanner.pos, false)
  return found.map((range, i) => toPart(body, range, Array.isArray(values) ? { value: values[i] as unknown } : undefined))
}

function readValue(scanner: JsonScanner, body: Buffer): Part {
  return toPart(body, scanValue(scanner, body), undefined)
}

function scanValue(scanner: JsonScanner, body: Buffer): { start: number; stop: number; fault: Fault | undefined } {
  const start = scanner.pos
  if (!scanner.anyValue(0)) throw toUnreadable(body, scanner.pos)
  const { fault } = scanner
  scanner.fault = undefined
  return { start, stop: scanner.pos, fault }
}

function toPart(body: Buffer, { start, stop, fault }: { start: number; stop: number; fault: Fault | undefined }, parsed: { value: unknown } | undefined): Part {
  const value = parsed === undefined ? parseRange(body, start, stop, fault?.rule === 'not-a-number') : parsed.value
  if (fault === undefined) return { value, start, stop, fault }
  const [rule, reason] = toWords(fault, start)
  return { value, start, stop, fault: { rule, reason } }
}

/** Behind the opening bracket: the next is the closing one, which is then taken. */
function closes(scanner: JsonScanner, bracket: number): boolean {
  scanner.skipSpace()
  if (scanner.peek() !== bracket) return false
  scanner.pos += 1
  return true
}

/** Behind a value: takes the comma (true) or the closing bracket (false). */
function goesOn(scanner: JsonScanner, body: Buffer, bracket: number): boolean {
  scanner.skipSpace()
  const c = scanner.peek()
  if (c !== 44 && c !== bracket) throw toUnreadable(body, scanner.pos)
  scanner.pos += 1
  return c === 44
}

/** An event's fields; none of what is no object. */
export function toFields({ value }: Part): Record<string, unknown> {
  return isRecord(value) ? value : {}
}
