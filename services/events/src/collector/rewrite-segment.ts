// The usual Segment batch, rewritten as lines of our own wire without building objects: what clients send almost always, and nothing else.
//
// It may say "not sure" of anything, and the careful reading follows; it never takes what that refuses. All that it copies is read again by the
// scanner, and all that it leaves out is read here: known texts are compared or parsed whole, other members go through the strict scanner. So a
// body of which every line is good was JSON without a fault.
import { parseInstant } from '../domain/instant.ts'
import { JsonScanner } from '../domain/json-scanner.ts'
import { LineWriter } from './line-writer.ts'

/** `maxEventBytes`: larger ones are not the usual. `typeOf`: where a track call lands; undefined for a name that is not known to be plain. */
export type RewriteInit = { maxEventBytes: number; typeOf(event: string): string | undefined }

/** One event a line, good until the next call, and their number. */
export type Rewritten = { lines: Buffer; count: number }

const QUOTE = 34
const COMMA = 44
const COLON = 58
const OPEN = 123
const CLOSE = 125

/** Members of a message that are read here, in this order: who may be null, texts, objects. */
const KEYS = ['userId', 'anonymousId', 'messageId', 'type', 'event', 'timestamp', 'sentAt', 'properties', 'context']
const NULLABLE_KEYS = 2
const PROPERTIES_KEY = 7
/** Bits of `type` and `event`. */
const NEEDED = 0b11000

const MAX_INSTANT_MS = 253_402_300_800_000

const toBytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const ID = toBytes('{"id":"')
const TYPE = toBytes('","type":"')
const OCCURRED_AT = toBytes('","occurredAt":"')
const USER_ID = toBytes('"userId":"')
const ANONYMOUS_ID = toBytes('"anonymousId":"')
const PROPERTIES = toBytes('"properties":')
const CONTEXT = toBytes(',"context":')
const BETWEEN = toBytes('",')
const END = toBytes('}\n')

/** What a line adds to the members that it copies, at most, but for the type. */
const LINE_BYTES = 160

export class SegmentRewriter {
  private readonly init: RewriteInit
  private readonly strict = new JsonScanner()
  private readonly lines = new LineWriter()
  private body: Buffer = Buffer.alloc(0)
  /** The body, a byte a character. */
  private text = ''
  private pos = 0
  /** The next backslash at or behind `pos`, or the end. */
  private backslash = 0
  private count = 0
  /** Of the batch: it mostly stands behind the messages. */
  private sentAt = ''
  /** From the sender's clock to ours. */
  private delta = 0
  private lastEvent = ''
  private lastType = toBytes('')

  constructor(init: RewriteInit) {
    this.init = init
  }

  /** `body` is UTF-8. Undefined when it is not the usual. */
  rewrite(body: Buffer, receivedAtMs: number): Rewritten | undefined {
    this.body = body
    this.text = body.toString('latin1')
    this.pos = 0
    this.lines.clear()
    this.count = 0
    this.lastEvent = ''
    this.backslash = this.findBackslash(0)
    return this.readBatch(receivedAtMs) ? { lines: this.lines.written(), count: this.count } : undefined
  }

  /** Clients write it as the batch's last or last but one member; `readBatch` sees to it that it was the batch's own. */
  private findSentAt(receivedAtMs: number): boolean {
    const at = this.text.lastIndexOf('"sentAt":')
    const open = this.text.indexOf('"', at + 9)
    const close = this.text.indexOf('"', open + 1)
    return at >= 0 && open >= 0 && close >= 0 && this.takeSentAt(open + 1, close, receivedAtMs)
  }

  private takeSentAt(start: number, stop: number, receivedAtMs: number): boolean {
    this.sentAt = this.text.slice(start, stop)
    const sentAtMs = parseInstant(this.sentAt)
    this.delta = receivedAtMs - (sentAtMs ?? NaN)
    return sentAtMs !== undefined
  }

  private readBatch(receivedAtMs: number): boolean {
    let seen = 0
    this.skipSpace()
    if (!this.take(OPEN)) return false
    for (;;) {
      this.skipSpace()
      const bit = this.startsKey('batch') ? 1 : this.startsKey('sentAt') ? 2 : this.startsKey('writeKey') ? 4 : 8
      if (bit === 8 || (seen & bit) !== 0) return false
      if (bit === 1 ? !((seen & 2) !== 0 || this.findSentAt(receivedAtMs)) || !this.readMessages() : bit === 2 ? !this.readSentAt((seen & 1) !== 0, receivedAtMs) : !this.isStrictText()) return false
      seen |= bit
      this.skipSpace()
      const c = this.text.charCodeAt(this.pos)
      this.pos += 1
      if (c === CLOSE) break
      if (c !== COMMA) return false
    }
    this.skipSpace()
    return this.pos === this.text.length && (seen & 3) === 3
  }

  private readMessages(): boolean {
    this.skipSpace()
    if (!this.take(91)) return false
    for (;;) {
      if (!this.readMessage()) return false
      this.count += 1
      this.skipSpace()
      const c = this.text.charCodeAt(this.pos)
      this.pos += 1
      if (c === 93) return true
      if (c !== COMMA) return false
    }
  }

  /** Writes a line; false when the message is not the usual. */
  private readMessage(): boolean {
    this.skipSpace()
    const begin = this.pos
    let seen = 0
    let others: string[] | undefined
    // [start, stop) of each; 0 where there is none.
    let id = 0
    let idStop = 0
    let userId = 0
    let userIdStop = 0
    let anonymousId = 0
    let anonymousIdStop = 0
    let properties = 0
    let propertiesStop = 0
    let context = 0
    let contextStop = 0
    let occurredAtMs: number | undefined
    if (!this.take(OPEN)) return false
    for (;;) {
      this.skipSpace()
      const key = this.findKey()
      if (key < 0 || !this.startsKey(KEYS[key] as string)) {
        const other = this.readOther()
        if (other === undefined || others?.includes(other) === true) return false
        if (others === undefined) others = [other]
        else others.push(other)
      } else {
        if ((seen & (1 << key)) !== 0) return false
        seen |= 1 << key
        this.skipSpace()
        if (key >= PROPERTIES_KEY) {
          const start = this.pos
          if (!this.object()) return false
          if (key === PROPERTIES_KEY) {
            properties = start
            propertiesStop = this.pos
          } else {
            context = start
            contextStop = this.pos
          }
        } else if (key >= NULLABLE_KEYS || !this.isNull()) {
          const start = this.pos + 1
          const stop = this.string()
          if (stop <= start) return false
          if (key === 0) {
            userId = start
            userIdStop = stop
          } else if (key === 1) {
            anonymousId = start
            anonymousIdStop = stop
          } else if (key === 2) {
            id = start
            idStop = stop
          } else if (key === 3) {
            if (stop - start !== 5 || !this.text.startsWith('track', start)) return false
          } else if (key === 4) {
            if (!this.findType(start, stop)) return false
          } else if (key === 5) {
            occurredAtMs = parseInstant(this.text.slice(start, stop))
          } else if (this.text.slice(start, stop) !== this.sentAt) return false
        }
      }
      this.skipSpace()
      const c = this.text.charCodeAt(this.pos)
      this.pos += 1
      if (c === CLOSE) break
      if (c !== COMMA) return false
    }
    // Without these the careful reading finds words for it, or makes them.
    if (id === 0 || properties === 0 || occurredAtMs === undefined || (seen & NEEDED) !== NEEDED || this.pos - begin > this.init.maxEventBytes) return false
    const corrected = occurredAtMs + this.delta
    if (!(corrected >= 0 && corrected < MAX_INSTANT_MS)) return false
    const { lines, body } = this
    lines.reserve(this.pos - begin + LINE_BYTES + this.lastType.length)
    lines.put(ID)
    lines.copy(body, id, idStop)
    lines.put(TYPE)
    lines.put(this.lastType)
    lines.put(OCCURRED_AT)
    lines.putInstant(corrected)
    lines.put(BETWEEN)
    if (userId > 0) {
      lines.put(USER_ID)
      lines.copy(body, userId, userIdStop)
      lines.put(BETWEEN)
    }
    if (anonymousId > 0) {
      lines.put(ANONYMOUS_ID)
      lines.copy(body, anonymousId, anonymousIdStop)
      lines.put(BETWEEN)
    }
    lines.put(PROPERTIES)
    lines.copy(body, properties, propertiesStop)
    if (context > 0) {
      lines.put(CONTEXT)
      lines.copy(body, context, contextStop)
    }
    lines.put(END)
    return true
  }

  /** The type of an event's name, which is mostly the one before. */
  private findType(start: number, stop: number): boolean {
    const { lastEvent, text } = this
    if (lastEvent.length === stop - start && text.startsWith(lastEvent, start)) return true
    const event = text.slice(start, stop)
    const type = this.init.typeOf(event)
    if (type === undefined) return false
    this.lastEvent = event
    this.lastType = toBytes(type)
    return true
  }

  /** Index of the key that may stand at `pos`, by its first letters; -1 for another. */
  private findKey(): number {
    const { text, pos } = this
    switch (text.charCodeAt(pos + 1)) {
      case 117:
        return 0
      case 97:
        return 1
      case 109:
        return 2
      case 116:
        return text.charCodeAt(pos + 2) === 121 ? 3 : text.charCodeAt(pos + 2) === 105 ? 5 : -1
      case 101:
        return 4
      case 115:
        return 6
      case 112:
        return PROPERTIES_KEY
      case 99:
        return text.startsWith('"context"', pos) ? 8 : -1
      default:
        return -1
    }
  }

  /** Python writes null for who is not known. */
  private isNull(): boolean {
    if (!this.text.startsWith('null', this.pos)) return false
    this.pos += 4
    return true
  }

  /** What stands behind the messages was looked for before them. */
  private readSentAt(isKnown: boolean, receivedAtMs: number): boolean {
    this.skipSpace()
    const start = this.pos + 1
    const stop = this.string()
    return stop >= 0 && (isKnown ? this.text.slice(start, stop) === this.sentAt : this.takeSentAt(start, stop, receivedAtMs))
  }

  /** A text that is left out. */
  private isStrictText(): boolean {
    const { strict } = this
    this.skipSpace()
    strict.reset(this.body, this.pos, this.body.length)
    if (strict.peek() !== QUOTE || !strict.string() || strict.fault !== undefined) return false
    this.pos = strict.pos
    return true
  }

  /** Another member is left out, and was JSON without a fault; its name. What may stand for properties and timestamp is not looked at beside them. */
  private readOther(): string | undefined {
    const { strict, body } = this
    strict.reset(body, this.pos, body.length)
    if (strict.peek() !== QUOTE || !strict.string() || strict.escaped) return undefined
    const name = this.text.slice(strict.start, strict.stop)
    strict.skipSpace()
    if (strict.peek() !== COLON) return undefined
    strict.pos += 1
    strict.skipSpace()
    if (!strict.anyValue(1) || strict.fault !== undefined) return undefined
    this.pos = strict.pos
    return name
  }

  /** Takes `"name":` at `pos`. */
  private startsKey(name: string): boolean {
    const { text, pos } = this
    const stop = pos + name.length + 1
    if (text.charCodeAt(pos) !== QUOTE || text.charCodeAt(stop) !== QUOTE || !text.startsWith(name, pos + 1)) return false
    this.pos = stop + 1
    this.skipSpace()
    return this.take(COLON)
  }

  /** End of the text at `pos`, without escapes, before its quote; -1 when it is none. What it holds is compared, parsed, or read again in its line. */
  private string(): number {
    const start = this.pos + 1
    if (this.text.charCodeAt(this.pos) !== QUOTE) return -1
    const stop = this.text.indexOf('"', start)
    if (stop < 0) return -1
    if (this.backslash < start) this.backslash = this.findBackslash(start)
    if (this.backslash < stop) return -1
    this.pos = stop + 1
    return stop
  }

  /** Takes the object at `pos`, by its brackets; its line will be read again. */
  private object(): boolean {
    const { text } = this
    const { length } = text
    let p = this.pos
    let open = 0
    if (text.charCodeAt(p) !== OPEN) return false
    while (p < length) {
      const c = text.charCodeAt(p)
      if (c === QUOTE) {
        p = this.skipString(p)
        if (p < 0) return false
        continue
      }
      p += 1
      if (c === OPEN || c === 91) open += 1
      else if (c === CLOSE || c === 93) {
        open -= 1
        if (open > 0) continue
        this.pos = p
        return true
      }
    }
    return false
  }

  /** Behind the text that begins at `p`; -1 when it does not end. */
  private skipString(p: number): number {
    let from = p + 1
    for (;;) {
      const stop = this.text.indexOf('"', from)
      if (stop < 0) return -1
      if (this.backslash < from) this.backslash = this.findBackslash(from)
      if (this.backslash > stop) return stop + 1
      // An escape is two characters here, or the first two of six.
      from = this.backslash + 2
    }
  }

  private findBackslash(from: number): number {
    const at = this.text.indexOf('\\', from)
    return at < 0 ? Infinity : at
  }

  private take(byte: number): boolean {
    if (this.text.charCodeAt(this.pos) !== byte) return false
    this.pos += 1
    return true
  }

  private skipSpace(): void {
    const { text } = this
    for (let c = text.charCodeAt(this.pos); c === 32 || c === 10 || c === 13 || c === 9; c = text.charCodeAt(this.pos)) this.pos += 1
  }
}
