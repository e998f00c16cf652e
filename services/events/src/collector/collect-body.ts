// From the body of a request to its scanned events: which form it has, and what is refused as a whole.
import { isUtf8 } from 'node:buffer'
import type { Scan } from '../domain/event-scanner.ts'
import type { PlainBatch } from '../domain/plain-batch.ts'
import { MAX_EVENTS, type ScannedEvent } from '../domain/scanned-event.ts'
import { errors } from '../errors.ts'
import type { Room } from '../room.ts'

const LINES = /ndjson|jsonl|json-seq/
export const MARK_BYTES = 3
export const BODY_LIMIT_BYTES = 16 * 1024 * 1024

/** A body without its byte order mark, which some writers of text put first (RFC 8259, 8.1). */
export function skipMark(body: Buffer): Buffer {
  return startsWithMark(body) ? body.subarray(MARK_BYTES) : body
}

export function startsWithMark(body: Buffer): boolean {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
}

/** The whole body, when it is plain; undefined when it has to be read event by event, which also finds what is wrong. */
export function scanPlainBody({ scanner }: Room, body: Buffer, contentType: string, receivedAtMs: number): PlainBatch | undefined {
  if (body.length > BODY_LIMIT_BYTES || !isUtf8(body)) return undefined
  return scanner.scanWhole(body, LINES.test(contentType), receivedAtMs)
}

/** Throws BODY_TOO_LARGE, TOO_MANY_EVENTS, BODY_NOT_UTF8, JSON_UNREADABLE (with the byte's position). */
export function scanBody(room: Room, body: Buffer, contentType: string, receivedAtMs: number): ScannedEvent[] {
  const events = scan(room, body, contentType, receivedAtMs)
  requireFew(events.length)
  return events
}

export function requireFew(count: number): void {
  if (count > MAX_EVENTS) throw errors.tooMany({ limit: MAX_EVENTS })
}

function scan(room: Room, body: Buffer, contentType: string, receivedAtMs: number): ScannedEvent[] {
  if (body.length > BODY_LIMIT_BYTES) throw errors.tooLarge({ what: 'The body', sizeBytes: body.length, limitBytes: BODY_LIMIT_BYTES })
  const { scanner } = room
  if (LINES.test(contentType)) return scanArray(room, body, receivedAtMs) ?? scanner.scanLines(body, receivedAtMs, isUtf8)
  requireText(body)
  const found: Scan = scanner.scanJson(body, receivedAtMs)
  if ('events' in found) return found.events
  if (looksLikeLines(body)) return scanner.scanLines(body, receivedAtMs, isUtf8)
  throw toUnreadable(body, found.unreadableAt)
}

/** What is called lines and is one JSON array is read as that: line by line, it would be dead. */
function scanArray({ scanner }: Room, body: Buffer, receivedAtMs: number): ScannedEvent[] | undefined {
  const first = body.find((byte) => byte !== 32 && byte !== 9 && byte !== 10 && byte !== 13)
  const found = first === 91 && isUtf8(body) ? scanner.scanJson(body, receivedAtMs) : undefined
  return found !== undefined && 'events' in found ? found.events : undefined
}

export function requireText(body: Buffer): void {
  if (!isUtf8(body)) throw errors.notText({ position: findBadByte(body) })
}

export function toUnreadable(body: Buffer, position: number): Error {
  const byte = body[position]
  return errors.unreadable({ position, what: body.length === 0 ? ': it is empty' : byte === undefined ? ': it ends too early' : ` ("${byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `0x${byte.toString(16)}`}")` })
}

/** No content type said so, but the first line alone is an object and more follow. */
function looksLikeLines(body: Buffer): boolean {
  const first = body.subarray(0, body.indexOf(10) + 1).toString('utf8').trim()
  if (!first.startsWith('{')) return false
  try {
    JSON.parse(first)
    return true
  } catch {
    return false
  }
}

/** Position of the first byte that begins no UTF-8 character. */
function findBadByte(body: Buffer): number {
  let p = 0
  while (p < body.length) {
    const c = body[p] as number
    const size = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4
    if (size === 0 || (size > 1 && !isUtf8(body.subarray(p, p + size)))) return p
    p += size
  }
  return p
}
