// Writes lines of our own wire into one buffer that is used again and again.

/** Below this a loop is quicker than a call. */
const LOOP_BYTES = 40
const SPARE_BYTES = 256 * 1024
const DAY_MS = 86_400_000
const COLON = 58

export class LineWriter {
  private out = Buffer.alloc(0)
  private at = 0
  private lastDay = NaN
  /** "2026-09-21T" */
  private dayText = Buffer.alloc(0)

  /** From the beginning again; what was written before is written over. */
  clear(): void {
    this.at = 0
  }

  /** All that was written, until the next `clear`. */
  written(): Buffer {
    return this.out.subarray(0, this.at)
  }

  /** To be called before so many bytes are written. */
  reserve(bytes: number): void {
    if (this.at + bytes <= this.out.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.out.length, this.at + bytes, SPARE_BYTES))
    larger.set(this.out.subarray(0, this.at))
    this.out = larger
  }

  put(token: Uint8Array): void {
    const { out } = this
    const { length } = token
    let { at } = this
    for (let i = 0; i < length; i += 1) out[at++] = token[i] as number
    this.at = at
  }

  /** A range of another buffer. */
  copy(body: Buffer, start: number, stop: number): void {
    const { out } = this
    let { at } = this
    if (stop - start > LOOP_BYTES) body.copy(out, at, start, stop)
    else for (let p = start, q = at; p < stop; p += 1) out[q++] = body[p] as number
    at += stop - start
    this.at = at
  }

  /** 24 bytes, as `toISOString` writes them, of an instant from 1970 to 9999; the day is that of the event before, mostly. */
  putInstant(epochMs: number): void {
    const { out, at } = this
    const whole = Math.trunc(epochMs)
    const day = Math.floor(whole / DAY_MS)
    if (day !== this.lastDay) {
      this.lastDay = day
      this.dayText = Buffer.from(new Date(day * DAY_MS).toISOString().slice(0, 11), 'latin1')
    }
    out.set(this.dayText, at)
    const ms = whole - day * DAY_MS
    const second = Math.floor(ms / 1000)
    this.putPair(at + 11, Math.floor(second / 3600), COLON)
    this.putPair(at + 14, Math.floor(second / 60) % 60, COLON)
    this.putPair(at + 17, second % 60, 46)
    const rest = ms % 1000
    this.putPair(at + 20, Math.floor(rest / 10), 48 + (rest % 10))
    out[at + 23] = 90
    this.at = at + 24
  }

  /** Two digits and what stands behind them. */
  private putPair(at: number, value: number, behind: number): void {
    const { out } = this
    out[at] = 48 + Math.floor(value / 10)
    out[at + 1] = 48 + (value % 10)
    out[at + 2] = behind
  }
}
