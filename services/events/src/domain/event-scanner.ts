// Reads the events of a request from its bytes: runs of plain events by the kernel, the rest one by one on the careful path.
import type { EventType } from './event-type.ts'
import { IdFingerprint } from './id-fingerprint.ts'
import { JsonScanner } from './json-scanner.ts'
import type { PlainBatch, PlainSegment } from './plain-batch.ts'
import type { PlainRuns, Unchecked } from './plain-runs.ts'
import { UNKNOWN_TYPE, readWireEvent } from './read-wire-event.ts'
import { MAX_EVENTS, type ScannedEvent, type TypeLookup } from './scanned-event.ts'

/** `unreadableAt`: position of the byte that is no JSON; nothing of the request may then be taken. Reading stops soon after more than MAX_EVENTS. */
export type Scan = { events: ScannedEvent[] } | { unreadableAt: number }

/** `wallNow`: the machine's clock, where receive times are of a simulated one. */
export type EventScannerInit = { find: TypeLookup; list(): EventType[]; runs: PlainRuns; wallNow?: (() => number) | undefined }

export class EventScanner {
  private readonly scanner = new JsonScanner()
  private readonly print = new IdFingerprint()
  private readonly init: Omit<EventScannerInit, 'runs'>
  private runs: PlainRuns
  private knowsTypes = false
  private receivedAtMs = 0

  constructor(init: EventScannerInit) {
    this.init = init
    this.runs = init.runs
  }

  /** To be called when a type is new or changed. */
  forgetTypes(): void {
    this.knowsTypes = false
  }

  /** From the next request on. */
  useRuns(runs: PlainRuns): void {
    this.runs = runs
    this.knowsTypes = false
  }

  /** The request as a whole, which is UTF-8; undefined when it has to be read event by event. */
  scanWhole(bytes: Buffer, lines: boolean, receivedAtMs: number): PlainBatch | undefined {
    this.begin(bytes, receivedAtMs)
    return this.runs.whole(lines, receivedAtMs)
  }

  /** The request as one Segment batch, which is UTF-8; undefined when it has to be read message by message. */
  scanSegment(bytes: Buffer, receivedAtMs: number, maxMessageBytes: number): PlainSegment | undefined {
    this.begin(bytes, receivedAtMs)
    return this.runs.segment(receivedAtMs, maxMessageBytes)
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
      if (list ? this.plainRun(false, events) : !this.singlePlain(events)) {
        scanner.skipSpace()
        const event = this.event()
        if (event === undefined) return { unreadableAt: scanner.pos }
        events.push(event)
      }
      if (events.length > MAX_EVENTS) return { events }
      scanner.skipSpace()
      const c = scanner.peek()
      if (!list && c === -1) return { events }
      if (!list) continue
      if (c !== 44 && c !== 93) return { unreadableAt: scanner.pos }
      scanner.pos += 1
      if (c === 93) return this.ends() ? { events } : { unreadableAt: scanner.pos }
    }
  }

  /** One event a line; a line that is no JSON is dead and spoils no other. Empty lines are skipped; reading stops soon after more than MAX_EVENTS. */
  scanLines(bytes: Buffer, receivedAtMs: number, isText: (line: Buffer) => boolean): ScannedEvent[] {
    this.begin(bytes, receivedAtMs)
    const { scanner } = this
    const events: ScannedEvent[] = []
    const wholeIsText = isText(bytes)
    while (scanner.pos < bytes.length && events.length <= MAX_EVENTS) {
      if (wholeIsText) this.plainRun(true, events)
      const from = scanner.pos
      if (from >= bytes.length) break
      const newline = bytes.indexOf(10, from)
      const to = newline < 0 ? bytes.length : newline
      scanner.reset(bytes, from, to)
      scanner.skipSpace()
      if (scanner.pos < to) events.push(this.line(from, to, wholeIsText || isText(bytes.subarray(from, to))))
      scanner.reset(bytes, to + 1, bytes.length)
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
    const { runs } = this
    if (!this.knowsTypes) {
      runs.setTypes(this.init.list())
      this.knowsTypes = true
    }
    runs.load(bytes)
    this.scanner.reset(bytes, 0, bytes.length)
    this.receivedAtMs = receivedAtMs
  }

  /** Takes the plain events at `pos`; true when another event must follow there, false when a separator must. */
  private plainRun(lines: boolean, events: ScannedEvent[]): boolean {
    const { scanner, runs } = this
    const unchecked: Unchecked[] = []
    const { position, separated } = runs.run(scanner.pos, lines, this.receivedAtMs, events, unchecked)
    for (const one of unchecked) events[one.index] = this.checkLate(events[one.index] as ScannedEvent, one)
    scanner.pos = position
    return separated
  }

  /** Outside a list no comma may follow. */
  private singlePlain(events: ScannedEvent[]): boolean {
    const { pos } = this.scanner
    const { length } = events
    if (!this.plainRun(false, events)) return true
    events.length = length
    this.scanner.pos = pos
    return false
  }

  private checkLate(event: ScannedEvent, { propertiesStart, propertiesStop }: Unchecked): ScannedEvent {
    const { bytes } = this.scanner
    const properties = propertiesStart < 0 ? {} : (JSON.parse(bytes.toString('utf8', propertiesStart, propertiesStop)) as Record<string, unknown>)
    if (event.type?.current.findViolation(properties) === undefined) return event
    return this.careful({ bytes, start: event.start, stop: event.stop, fault: undefined })
  }

  private ends(): boolean {
    this.scanner.skipSpace()
    return this.scanner.peek() === -1
  }

  /** The event at `pos`, read carefully; undefined when it is no JSON, with `pos` at the byte that does not fit. */
  private event(): ScannedEvent | undefined {
    const { scanner } = this
    const start = scanner.pos
    if (!scanner.anyValue(0)) return undefined
    const { bytes, fault } = scanner
    scanner.fault = undefined
    return this.careful({ bytes, start, stop: scanner.pos, fault })
  }

  private careful(source: Parameters<typeof readWireEvent>[0]): ScannedEvent {
    return readWireEvent(source, { types: this.init.find, receivedAtMs: this.receivedAtMs, print: this.print, wallNow: this.init.wallNow })
  }
}

function dead(start: number, stop: number, rule: string, reason: string): ScannedEvent {
  return { start, stop, idStart: -1, idStop: -1, id: undefined, keyStart: -1, keyStop: -1, type: undefined, occurredAtMs: NaN, corrected: false, hasContext: false, low: 0, high: 0, death: { id: null, type: UNKNOWN_TYPE, rule, reason } }
}
