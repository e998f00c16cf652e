// The right to hear that flags changed. It travels in a stream's address, because an EventSource sends no headers.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { DAY_MS, type Clock } from '@rondo/time'

/** An address stays the same for this long, and works for as long again: clients reconnect when it changes. */
const WINDOW_MS = 30 * DAY_MS

export type StreamRight = {
  /** "<expiry, epoch s>.<signature>"; the same text all through a window. */
  mint(): string
  isGood(token: string): boolean
}

/**
 * HMAC-SHA-256 over the expiry. A stream says only that something changed, the same to everybody, so the right names nobody; what
 * a client may see is asked again with its secret at every evaluation. Clients are machines: days of a simulated world are none of theirs.
 */
export function createStreamRight(key: string, wallClock: Clock): StreamRight {
  const sign = (expiresAt: number): string => createHmac('sha256', key).update(`ofrep-stream ${expiresAt}`).digest('base64url')
  let minted = { expiresAt: 0, token: '' }
  return {
    mint() {
      const expiresAt = ((Math.floor(wallClock.now() / WINDOW_MS) + 2) * WINDOW_MS) / 1000
      if (minted.expiresAt !== expiresAt) minted = { expiresAt, token: `${expiresAt}.${sign(expiresAt)}` }
      return minted.token
    },
    isGood(token) {
      const [, digits, signature = ''] = /^(\d{1,12})\.([\w-]{43})$/.exec(token) ?? []
      const expiresAt = Number(digits)
      return expiresAt * 1000 > wallClock.now() && timingSafeEqual(Buffer.from(sign(expiresAt)), Buffer.from(signature))
    },
  }
}
