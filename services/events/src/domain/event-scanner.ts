// Reads the events of a request from its bytes: almost all without building objects, the rest by the careful path.
import type { EventType } from './event-type.ts'
import { equals, fitsFlat } from './flat-check.ts'
import { IdFingerprint } from './id-fingerprint.ts'
import { readInstant } from './instant.ts'
import { JsonScanner } from './json-scanner.ts'
import { MAX_EVENT_BYTES, MAX_ID_LENGTH, correctSkew, findTimeFault, type ScannedEvent, type TypeLookup } from './scanned-event.ts'
import { UNKNOWN_TYPE, readWireEvent } from './read-wire-event.ts'

/** `unreadableAt`: position of the byte that is no JSON; nothing of the request may then be taken. */
export type Scan = { events: ScannedEvent[] } | { unreadableAt: number }

const name = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))
const ID = name('id')
const TYPE = name('type')
const VERSION = name('version')
const OCCURRED_AT = name('occurredAt')
const SENT_AT = name('sentAt')
const USER_ID = name('userId')
const ANONYMOUS_ID = name('anonymousId')
const PROPERTIES = name('properties')
const CONTEXT = name('context')

export class EventScanner {
  private readonly scanner = new JsonScanner()
  private readonly print = new IdFingerprint()
  private lastType: EventType | undefined
  private readonly types: TypeLookup
  private receivedAtMs = 0

  constructor(types: TypeLookup) {
    this.types = types
  }

  /** A JSON array of events, or one event, or several one after the other with nothing but space between. */
  scanJson(bytes: Buffer, receivedAtMs: number): Scan {
    this.begin(bytes, receivedAtMs)
    const { scanner } = this
    const events: ScannedEvent[] = []
    scanner.skipSpace()
    const list = scanner.peek() === 91
    if (list) {
      scanner.pos += 1
      scanner.skipSpace()
      if (scanner.peek() === 93) {
        scanner.pos += 1
        return this.ends() ? { events } : { unreadableAt: scanner.pos }
      }
    }
    for (;;) {
      scanner.skipSpace()
      const event = this.event()
      if (event === undefined) return { unreadableAt: scanner.pos }
      events.push(event)
      scanner.skipSpace()
      const c = scanner.peek()
      if (!list && c === -1) return { events }
      if (!list) continue
      if (c !== 44 && c !== 93) return { unreadableAt: scanner.pos }
      scanner.pos += 1
      if (c === 93) return this.ends() ? { events } : { unreadableAt: scanner.pos }
    }
  }

  /** One event a line; a line that is no JSON is dead and spoils no other. Empty lines are skipped. */
  scanLines(bytes: Buffer, receivedAtMs: number, isText: (line: Buffer) => boolean): ScannedEvent[] {
    this.begin(bytes, receivedAtMs)
    const { scanner } = this
    const events: ScannedEvent[] = []
    const wholeIsText = isText(bytes)
    let from = 0
    while (from < bytes.length) {
      const newline = bytes.indexOf(10, from)
      const to = newline < 0 ? bytes.length : newline
      scanner.reset(bytes, from, to)
      scanner.skipSpace()
      if (scanner.pos < to) events.push(this.line(from, to, wholeIsText || isText(bytes.subarray(from, to))))
      from = to + 1
    }
    return events
  }

  /** Single events that lie at given ranges, each for itself. */
  scanRanges(bytes: Buffer, ranges: { from: number; to: number }[], receivedAtMs: number, isText: (range: Buffer) => boolean): ScannedEvent[] {
    this.begin(bytes, receivedAtMs)
    return ranges.map(({ from, to }) => {
      this.scanner.reset(bytes, from, to)
      this.scanner.skipSpace()
      return this.line(from, to, isText(bytes.subarray(from, to)))
    })
  }

  private line(from: number, to: number, text: boolean): ScannedEvent {
    const { scanner } = this
    if (!text) return dead(from, to, 'not UTF-8', 'The line is not UTF-8 text.')
    const event = this.event()
    if (event === undefined) return dead(from, to, 'not JSON', `The line is not JSON from its byte ${scanner.pos - from} on.`)
    scanner.skipSpace()
    if (scanner.pos < to) return dead(from, to, 'not JSON', `More stands on the line behind the event, from its byte ${scanner.pos - from} on.`)
    return event
  }

  private begin(bytes: Buffer, receivedAtMs: number): void {
    this.scanner.reset(bytes, 0, bytes.length)
    this.receivedAtMs = receivedAtMs
  }

  private ends(): boolean {
    this.scanner.skipSpace()
    return this.scanner.peek() === -1
  }

  /** The event at `pos`; undefined when it is no JSON, with `pos` at the byte that does not fit. */
  private event(): ScannedEvent | undefined {
    const { scanner } = this
    const start = scanner.pos
    if (scanner.peek() === 123) {
      const event = this.plainEvent(start)
      if (event !== undefined) return event
      scanner.pos = start
      scanner.fault = undefined
    }
    if (!scanner.anyValue(0)) return undefined
    const { bytes, fault } = scanner
    scanner.fault = undefined
    return readWireEvent({ bytes, start, stop: scanner.pos, fault }, { types: this.types, receivedAtMs: this.receivedAtMs, print: this.print })
  }

  /** An event without anything unusual in it; undefined when it is wrong or not plain. */
  private plainEvent(start: number): ScannedEvent | undefined {
    const { scanner } = this
    const { bytes } = scanner
    let seen = 0
    let type: EventType | undefined
    let idStart = 0
    let idStop = 0
    let userStart = -1
    let userStop = -1
    let otherStart = -1
    let otherStop = -1
    let occurredAtMs = NaN
    let sentAtMs = NaN
    let propertiesAt = -1
    let checked = false
    let versionStart = -1
    let versionStop = -1
    scanner.pos = start + 1
    for (;;) {
      scanner.skipSpace()
      if (scanner.peek() !== 34 || !scanner.string()) return undefined
      const field = this.field()
      if (field === 0 || (seen & field) !== 0) return undefined
      seen |= field
      scanner.skipSpace()
      if (scanner.peek() !== 58) return undefined
      scanner.pos += 1
      scanner.skipSpace()
      if (field === 128) {
        propertiesAt = scanner.pos
        const flat = type?.current.flat
        if (flat === undefined) {
          if (scanner.peek() !== 123 || !scanner.anyValue(1)) return undefined
        } else {
          if (!fitsFlat(scanner, flat)) return undefined
          checked = true
        }
      } else if (field === 256) {
        if (scanner.peek() !== 123 || !scanner.anyValue(1)) return undefined
      } else {
        if (scanner.peek() !== 34 || !scanner.string() || scanner.escaped || scanner.stop === scanner.start) return undefined
        const { start: from, stop: to } = scanner
        if (field === 1) {
          idStart = from
          idStop = to
        } else if (field === 2) {
          type = this.typeOf()
          if (type === undefined) return undefined
        } else if (field === 4) {
          versionStart = from
          versionStop = to
        } else if (field === 8) {
          occurredAtMs = readInstant(bytes, from, to)
          if (Number.isNaN(occurredAtMs)) return undefined
        } else if (field === 16) {
          sentAtMs = readInstant(bytes, from, to)
          if (Number.isNaN(sentAtMs)) return undefined
        } else if (field === 32) {
          userStart = from
          userStop = to
        } else {
          otherStart = from
          otherStop = to
        }
      }
      scanner.skipSpace()
      const c = scanner.peek()
      if (c !== 44 && c !== 125) return undefined
      scanner.pos += 1
      if (c === 125) break
    }
    const stop = scanner.pos
    if (type === undefined || idStop === idStart || idStop - idStart > MAX_ID_LENGTH || userStop - userStart > 256 || otherStop - otherStart > 256 || stop - start > MAX_EVENT_BYTES) return undefined
    if (versionStart >= 0 && !this.isCurrent(type, versionStart, versionStop)) return undefined
    if (!checked && !this.checkLate(type, propertiesAt)) return undefined
    scanner.pos = stop
    let corrected = false
    if (!Number.isNaN(occurredAtMs)) {
      if (!Number.isNaN(sentAtMs)) {
        occurredAtMs = correctSkew(occurredAtMs, sentAtMs, this.receivedAtMs)
        corrected = true
      }
      if (findTimeFault(occurredAtMs, this.receivedAtMs) !== undefined) return undefined
    }
    if (scanner.fault !== undefined) return undefined
    this.print.of(bytes, idStart, idStop, type.seed)
    return {
      start,
      stop,
      idStart,
      idStop,
      id: undefined,
      keyStart: userStart >= 0 ? userStart : otherStart,
      keyStop: userStart >= 0 ? userStop : otherStop,
      type,
      occurredAtMs,
      corrected,
      low: this.print.low,
      high: this.print.high,
      death: undefined,
    }
  }

  /** A bit for the key just read; 0 for a key that is not ours. */
  private field(): number {
    const { scanner } = this
    switch (scanner.stop - scanner.start) {
      case 2:
        return equals(scanner, ID) ? 1 : 0
      case 4:
        return equals(scanner, TYPE) ? 2 : 0
      case 6:
        return equals(scanner, USER_ID) ? 32 : equals(scanner, SENT_AT) ? 16 : 0
      case 7:
        return equals(scanner, VERSION) ? 4 : equals(scanner, CONTEXT) ? 256 : 0
      case 10:
        return equals(scanner, PROPERTIES) ? 128 : equals(scanner, OCCURRED_AT) ? 8 : 0
      case 11:
        return equals(scanner, ANONYMOUS_ID) ? 64 : 0
      default:
        return 0
    }
  }

  /** Events come in runs of one type. */
  private typeOf(): EventType | undefined {
    const { scanner, lastType } = this
    if (lastType !== undefined && equals(scanner, lastType.nameBytes)) {
      // The definition may have changed since.
      const now = this.types(lastType.name)
      this.lastType = now
      return now
    }
    const found = this.types(scanner.bytes.toString('latin1', scanner.start, scanner.stop))
    if (found !== undefined) this.lastType = found
    return found
  }

  private isCurrent(type: EventType, start: number, stop: number): boolean {
    const expected = type.currentVersionBytes
    if (stop - start !== expected.length) return false
    for (let i = 0; i < expected.length; i += 1) if (this.scanner.bytes[start + i] !== expected[i]) return false
    return true
  }

  /** The properties stood before the type, are missing, or their schema is not flat. */
  private checkLate(type: EventType, propertiesAt: number): boolean {
    const { scanner } = this
    const { flat } = type.current
    if (propertiesAt < 0 || flat === undefined) return flat !== undefined && flat.required === 0 && propertiesAt < 0
    scanner.pos = propertiesAt
    return fitsFlat(scanner, flat)
  }
}

function dead(start: number, stop: number, rule: string, reason: string): ScannedEvent {
  return { start, stop, idStart: -1, idStop: -1, id: undefined, keyStart: -1, keyStop: -1, type: undefined, occurredAtMs: NaN, corrected: false, low: 0, high: 0, death: { id: null, type: UNKNOWN_TYPE, rule, reason } }
}
