// Reads JSON bytes strictly without building values: where each token lies, and what is wrong with it.
//
// Two kinds of wrong. A syntax error makes everything after it unreadable: a method returns false and `pos` is the byte that
// does not fit. A fault (duplicate key, lone surrogate, number beyond 2^53, nesting, NaN) spoils only the value it is in: the
// first one is kept in `fault` and reading goes on behind it.

export const MAX_DEPTH = 32

const QUOTE = 34
const BACKSLASH = 92
/** Up to this many keys are compared pair by pair; more go through a Set. */
const PAIRWISE_KEYS = 12

export type Fault = { rule: 'duplicate-key' | 'lone-surrogate' | 'number-range' | 'nesting' | 'not-a-number'; at: number; text: string }

export class JsonScanner {
  bytes: Buffer = Buffer.alloc(0)
  pos = 0
  end = 0
  /** Of the last string, without its quotes, and of the last number: [start, stop). */
  start = 0
  stop = 0
  /** Of the last string. */
  escaped = false
  /** Of the last string: every byte below 0x80. */
  ascii = true
  /** Of the last number. */
  value = 0
  integer = false
  fault: Fault | undefined = undefined

  reset(bytes: Buffer, pos: number, end: number): void {
    this.bytes = bytes
    this.pos = pos
    this.end = end
    this.fault = undefined
  }

  skipSpace(): void {
    const { bytes, end } = this
    let p = this.pos
    while (p < end) {
      const c = bytes[p]
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) break
      p += 1
    }
    this.pos = p
  }

  /** The byte at `pos`, or -1 at the end. */
  peek(): number {
    return this.pos < this.end ? (this.bytes[this.pos] as number) : -1
  }

  /** `pos` is at the opening quote. */
  string(): boolean {
    const { bytes, end } = this
    let p = this.pos + 1
    let all = 0
    this.start = p
    this.escaped = false
    while (p < end) {
      const c = bytes[p] as number
      if (c === QUOTE) {
        this.stop = p
        this.pos = p + 1
        this.ascii = all < 128
        return true
      }
      if (c === BACKSLASH) {
        this.escaped = true
        this.pos = p
        p = this.escape(p)
        if (p < 0) return false
        continue
      }
      if (c < 32) break
      all |= c
      p += 1
    }
    this.pos = p
    return false
  }

  /** Position behind the escape at `p` (a surrogate pair is one), or -1 with `pos` at the byte that does not fit. */
  private escape(p: number): number {
    const c = p + 1 < this.end ? (this.bytes[p + 1] as number) : -1
    if (c !== 117) {
      // " \ / b f n r t
      if (c === 34 || c === 92 || c === 47 || c === 98 || c === 102 || c === 110 || c === 114 || c === 116) return p + 2
      this.pos = p + 1
      return -1
    }
    const unit = this.hex(p + 2)
    if (unit < 0) return -1
    if (unit < 0xd800 || unit > 0xdfff) return p + 6
    const paired = unit < 0xdc00 && p + 11 < this.end && this.bytes[p + 6] === BACKSLASH && this.bytes[p + 7] === 117
    if (paired) {
      const second = this.hex(p + 8)
      if (second < 0) return -1
      if (second >= 0xdc00 && second <= 0xdfff) return p + 12
    }
    this.fault ??= { rule: 'lone-surrogate', at: p, text: `\\u${unit.toString(16)}` }
    return p + 6
  }

  private hex(from: number): number {
    let unit = 0
    for (let p = from; p < from + 4; p += 1) {
      const c = p < this.end ? (this.bytes[p] as number) : 0
      const lower = c | 32
      const digit = c >= 48 && c <= 57 ? c - 48 : lower >= 97 && lower <= 102 ? lower - 87 : -1
      if (digit < 0) {
        this.pos = p
        return -1
      }
      unit = unit * 16 + digit
    }
    return unit
  }

  /** `pos` is at the sign or the first digit. */
  number(): boolean {
    const { bytes, end } = this
    const first = this.pos
    let p = first
    let v = 0
    if (bytes[p] === 45) p += 1
    const digits = p
    while (p < end) {
      const d = (bytes[p] as number) - 48
      if (d < 0 || d > 9) break
      v = v * 10 + d
      p += 1
    }
    this.start = first
    this.pos = p
    if (p === digits) return this.notANumber(first, digits)
    if (bytes[digits] === 48 && p - digits > 1) {
      this.pos = digits + 1
      return false
    }
    let integer = true
    if (p < end && bytes[p] === 46) {
      integer = false
      p = this.digits(p + 1)
      if (p < 0) return false
    }
    if (p < end && ((bytes[p] as number) | 32) === 101) {
      integer = false
      const sign = p + 1 < end ? bytes[p + 1] : -1
      p = this.digits(sign === 43 || sign === 45 ? p + 2 : p + 1)
      if (p < 0) return false
    }
    this.stop = p
    this.pos = p
    this.integer = integer
    if (!integer) v = Math.abs(Number(bytes.toString('latin1', first, p)))
    if (integer ? v > Number.MAX_SAFE_INTEGER : v === Infinity) this.fault ??= { rule: 'number-range', at: first, text: bytes.toString('latin1', first, Math.min(p, first + 40)) }
    this.value = digits > first ? -v : v
    return true
  }

  private digits(from: number): number {
    let p = from
    while (p < this.end && (this.bytes[p] as number) >= 48 && (this.bytes[p] as number) <= 57) p += 1
    this.pos = p
    return p === from ? -1 : p
  }

  /** NaN and the infinities are no JSON, but careless writers make them: a fault of their value, not of the batch. */
  private notANumber(first: number, p: number): boolean {
    for (const word of ['Infinity', 'NaN']) {
      if (this.matches(p, word)) {
        this.pos = p + word.length
        this.stop = this.pos
        this.integer = false
        this.value = 0
        this.fault ??= { rule: 'not-a-number', at: first, text: this.bytes.toString('latin1', first, this.pos) }
        return true
      }
    }
    return false
  }

  matches(p: number, word: string): boolean {
    if (p + word.length > this.end) return false
    for (let i = 0; i < word.length; i += 1) if (this.bytes[p + i] !== word.charCodeAt(i)) return false
    return true
  }

  /** `true`, `false` or `null` at `pos`. */
  literal(): boolean {
    const c = this.peek()
    const word = c === 116 ? 'true' : c === 102 ? 'false' : 'null'
    if (!this.matches(this.pos, word)) return false
    this.pos += word.length
    return true
  }

  /** Any value, with `pos` at its first byte. */
  anyValue(depth: number): boolean {
    const c = this.peek()
    if (c === QUOTE) return this.string()
    if (c === 123 || c === 91) {
      if (depth >= MAX_DEPTH) {
        this.fault ??= { rule: 'nesting', at: this.pos, text: `more than ${MAX_DEPTH} levels` }
        return this.deepValue()
      }
      return c === 123 ? this.object(depth + 1) : this.array(depth + 1)
    }
    if (c === 116 || c === 102 || c === 110) return this.literal()
    if (c === 45 || (c >= 48 && c <= 57) || c === 78 || c === 73) return this.number()
    return false
  }

  private array(depth: number): boolean {
    this.pos += 1
    this.skipSpace()
    if (this.peek() === 93) {
      this.pos += 1
      return true
    }
    for (;;) {
      this.skipSpace()
      if (!this.anyValue(depth)) return false
      this.skipSpace()
      const c = this.peek()
      if (c !== 44 && c !== 93) return false
      this.pos += 1
      if (c === 93) return true
    }
  }

  private object(depth: number): boolean {
    const keys: number[] = []
    let names: Set<string> | undefined
    this.pos += 1
    this.skipSpace()
    if (this.peek() === 125) {
      this.pos += 1
      return true
    }
    for (;;) {
      this.skipSpace()
      if (this.peek() !== QUOTE || !this.string()) return false
      names = this.noteKey(keys, names)
      this.skipSpace()
      if (this.peek() !== 58) return false
      this.pos += 1
      this.skipSpace()
      if (!this.anyValue(depth)) return false
      this.skipSpace()
      const c = this.peek()
      if (c !== 44 && c !== 125) return false
      this.pos += 1
      if (c === 125) return true
    }
  }

  /** Compares the key just read with those of its object; escaped keys and large objects by their decoded names. */
  private noteKey(keys: number[], names: Set<string> | undefined): Set<string> | undefined {
    const { start, stop } = this
    if (names === undefined && (this.escaped || keys.length >= PAIRWISE_KEYS * 2)) {
      names = new Set()
      for (let i = 0; i < keys.length; i += 2) names.add(this.bytes.toString('utf8', keys[i], keys[i + 1]))
    }
    if (names !== undefined) {
      const name = this.text(start, stop, this.escaped)
      if (names.has(name)) this.fault ??= { rule: 'duplicate-key', at: start, text: name }
      names.add(name)
      return names
    }
    for (let i = 0; i < keys.length; i += 2) {
      const from = keys[i] as number
      if ((keys[i + 1] as number) - from === stop - start && this.sameBytes(from, start, stop - start)) {
        this.fault ??= { rule: 'duplicate-key', at: start, text: this.bytes.toString('utf8', start, stop) }
      }
    }
    keys.push(start, stop)
    return undefined
  }

  private sameBytes(a: number, b: number, length: number): boolean {
    for (let i = 0; i < length; i += 1) if (this.bytes[a + i] !== this.bytes[b + i]) return false
    return true
  }

  /** The string between `start` and `stop`, decoded. */
  text(start: number, stop: number, escaped: boolean): string {
    const raw = this.bytes.toString('utf8', start, stop)
    return escaped ? (JSON.parse(`"${raw}"`) as string) : raw
  }

  /** Past the depth limit: finds the end of the value by its brackets, without recursion. */
  private deepValue(): boolean {
    let open = 0
    while (this.pos < this.end) {
      const c = this.peek()
      if (c === QUOTE) {
        if (!this.string()) return false
        continue
      }
      this.pos += 1
      if (c === 123 || c === 91) open += 1
      else if (c === 125 || c === 93) {
        open -= 1
        if (open === 0) return true
      }
    }
    return false
  }
}
