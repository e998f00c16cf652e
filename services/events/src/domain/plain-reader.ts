// Reads an event that has nothing unusual in it straight from its bytes. Whatever is unusual or wrong is left to the careful path.
import { findQuote, findToken, skipSpace, startsWith, toToken } from './bytes.ts'
import type { EventType } from './event-type.ts'
import { skipFlat } from './flat-check.ts'
import { IdFingerprint } from './id-fingerprint.ts'
import { readInstant } from './instant.ts'
import type { JsonScanner } from './json-scanner.ts'
import { MAX_EVENT_BYTES, MAX_ID_LENGTH, correctSkew, findTimeFault, type ScannedEvent, type TypeLookup } from './scanned-event.ts'

/** In the order in which our own clients write them. */
const TOKENS = ['id', 'type', 'version', 'occurredAt', 'sentAt', 'userId', 'anonymousId', 'properties', 'context'].map((name) => toToken(`"${name}":`))
const ID = 0
const TYPE = 1
const VERSION = 2
const OCCURRED_AT = 3
const SENT_AT = 4
const USER_ID = 5
const ANONYMOUS_ID = 6
const PROPERTIES = 7
const MAX_WHO_BYTES = 256

export class PlainReader {
  private readonly types: TypeLookup
  private readonly scanner: JsonScanner
  private readonly print = new IdFingerprint()
  /** Where each field's text begins and ends, for the event at hand. */
  private readonly starts = new Int32Array(TOKENS.length)
  private readonly stops = new Int32Array(TOKENS.length)
  private lastType: EventType | undefined

  /** `scanner` reads what has no fixed shape. */
  constructor(types: TypeLookup, scanner: JsonScanner) {
    this.types = types
    this.scanner = scanner
  }

  /** `start` is at the opening brace; undefined when the event is wrong, or not plain. */
  read(bytes: Buffer, start: number, end: number, receivedAtMs: number): ScannedEvent | undefined {
    const { starts, stops } = this
    let seen = 0
    let expected = 0
    let type: EventType | undefined
    let checked = false
    let p = start + 1
    for (;;) {
      if (bytes[p] !== 34) p = skipSpace(bytes, p, end)
      const field = findToken(bytes, p, end, TOKENS, expected)
      if (field < 0 || (seen & (1 << field)) !== 0) return undefined
      seen |= 1 << field
      expected = field + 1
      p += (TOKENS[field] as Uint8Array).length
      if (bytes[p] === 32) p = skipSpace(bytes, p, end)
      if (field < PROPERTIES) {
        if (bytes[p] !== 34) return undefined
        const stop = findQuote(bytes, p + 1, end)
        if (stop < 0) return undefined
        starts[field] = p + 1
        stops[field] = stop
        if (field === TYPE) type = this.findType(bytes, p + 1, stop)
        p = stop + 1
      } else {
        starts[field] = p
        const flat = field === PROPERTIES ? type?.current.flat : undefined
        checked ||= flat !== undefined
        p = flat === undefined ? this.skipAny(bytes, p, end) : skipFlat(bytes, p, end, flat)
        if (p < 0) return undefined
      }
      if (bytes[p] !== 44 && bytes[p] !== 125) p = skipSpace(bytes, p, end)
      const c = bytes[p]
      p += 1
      if (p > end) return undefined
      if (c === 125) break
      if (c !== 44) return undefined
    }
    if (type === undefined || p - start > MAX_EVENT_BYTES || !this.isBoundedText(seen)) return undefined
    const has = (field: number): boolean => (seen & (1 << field)) !== 0
    if (has(VERSION) && !this.isCurrent(bytes, type)) return undefined
    if (!checked && !this.fitsLate(bytes, type, has(PROPERTIES), end)) return undefined
    let occurredAtMs = NaN
    if (has(OCCURRED_AT)) {
      occurredAtMs = readInstant(bytes, starts[OCCURRED_AT] as number, stops[OCCURRED_AT] as number)
      if (has(SENT_AT)) occurredAtMs = correctSkew(occurredAtMs, readInstant(bytes, starts[SENT_AT] as number, stops[SENT_AT] as number), receivedAtMs)
      if (Number.isNaN(occurredAtMs) || findTimeFault(occurredAtMs, receivedAtMs) !== undefined) return undefined
    } else if (has(SENT_AT)) return undefined
    const who = has(USER_ID) ? USER_ID : ANONYMOUS_ID
    const known = has(who)
    const idStart = starts[ID] as number
    const idStop = stops[ID] as number
    this.print.of(bytes, idStart, idStop, type.seed)
    return {
      start,
      stop: p,
      idStart,
      idStop,
      id: undefined,
      keyStart: known ? (starts[who] as number) : -1,
      keyStop: known ? (stops[who] as number) : -1,
      type,
      occurredAtMs,
      corrected: has(SENT_AT),
      low: this.print.low,
      high: this.print.high,
      death: undefined,
    }
  }

  /** There is an id, and the ids are neither empty nor too long. */
  private isBoundedText(seen: number): boolean {
    const { starts, stops } = this
    for (const field of [ID, USER_ID, ANONYMOUS_ID]) {
      if ((seen & (1 << field)) === 0) {
        if (field === ID) return false
        continue
      }
      const length = (stops[field] as number) - (starts[field] as number)
      if (length === 0 || length > (field === ID ? MAX_ID_LENGTH : MAX_WHO_BYTES)) return false
    }
    return true
  }

  /** Events come in runs of one type; its definition may have changed since the last. */
  private findType(bytes: Buffer, start: number, stop: number): EventType | undefined {
    const { lastType } = this
    const again = lastType !== undefined && stop - start === lastType.nameBytes.length && startsWith(bytes, start, stop, lastType.nameBytes)
    this.lastType = this.types(again ? lastType.name : bytes.toString('latin1', start, stop))
    return this.lastType
  }

  private isCurrent(bytes: Buffer, type: EventType): boolean {
    const start = this.starts[VERSION] as number
    const stop = this.stops[VERSION] as number
    return stop - start === type.currentVersionBytes.length && startsWith(bytes, start, stop, type.currentVersionBytes)
  }

  /** The properties stood before the type, are missing, or their schema is not flat. */
  private fitsLate(bytes: Buffer, type: EventType, present: boolean, end: number): boolean {
    const { flat } = type.current
    if (flat === undefined) return false
    return present ? skipFlat(bytes, this.starts[PROPERTIES] as number, end, flat) >= 0 : flat.required === 0
  }

  /** An object of any shape; -1 when it is none, or has a fault. */
  private skipAny(bytes: Buffer, from: number, end: number): number {
    const { scanner } = this
    if (bytes[from] !== 123 || from >= end) return -1
    scanner.pos = from
    return scanner.anyValue(1) && scanner.fault === undefined ? scanner.pos : -1
  }
}
