// One request with a batch, and what its answer means: done, refused for good, too large, or not for now.
import type { EventResult, RondoOptions, Timers, WireEvent } from './types.ts'

/** An event as it waits; `json` is what is sent and kept, whatever becomes of the object that was given. */
export type Entry = { event: WireEvent; json: string; bytes: number; isLeaving?: boolean }

export type Answer = { results: EventResult[]; refused?: string } | { code: string; message: string; retryAfterMs?: number; isFinal?: boolean }

export type PostOptions = Required<Pick<RondoOptions, 'url' | 'fetch' | 'timeoutMs' | 'now'>> & Pick<RondoOptions, 'writeKey'> & { timers: Timers }

/** The longest `Retry-After` that is followed, and the rest after an answer that more tries do not change. */
const LONGEST_WAIT_MS = 3_600_000

/** For more than one event: less may be taken. */
export const TOO_LARGE = 'HTTP_413'

/** Length of `"2026-09-21T09:00:00.000Z"}` after its first quote: `sentAt` is the last field. */
const SENT_AT_LENGTH = 26

export function writeBatch(batch: Entry[], nowMs: number): string {
  const sentAt = new Date(nowMs).toISOString()
  return `[${batch.map(({ event, json }) => (event.sentAt === undefined ? json : `${json.slice(0, -SENT_AT_LENGTH)}${sentAt}"}`)).join()}]`
}

export async function postBatch(batch: Entry[], { url, writeKey, fetch, timers, timeoutMs, now }: PostOptions): Promise<Answer> {
  const stop = new AbortController()
  const limit = timers.set(() => stop.abort(), timeoutMs)
  try {
    const response = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(writeKey && { authorization: `Bearer ${writeKey}` }) },
      body: writeBatch(batch, now()),
      signal: stop.signal,
    })
    return await readAnswer(batch, response, now)
  } catch (thrown) {
    return { code: 'UNREACHABLE', message: `No answer: ${thrown}.` }
  } finally {
    timers.clear(limit)
  }
}

/** Only a result for each event says that it is durable: a page that some network puts in between answers 200 too. */
export async function readAnswer(batch: Entry[], response: Response, now: () => number): Promise<Answer> {
  const { status, ok } = response
  const code = `HTTP_${status}`
  const text = await response.text()
  const message = `The collector answered ${status}: ${text.slice(0, 300)}`
  if (ok) {
    const { results } = JSON.parse(text) as { results: EventResult[] }
    if (results.length !== batch.length) throw new Error('not a result for each event')
    return { results: batch.map(({ event: { id, type } }, i) => ({ ...results[i]!, id, type })) }
  }
  if (status === 408 || status === 429 || status >= 500) {
    const wait = response.headers.get('retry-after')
    const retryAfterMs = wait ? Math.min(LONGEST_WAIT_MS, +wait >= 0 ? +wait * 1000 : Date.parse(wait) - now()) : NaN
    return { code, message, ...(retryAfterMs >= 0 && { retryAfterMs }) }
  }
  if (code === TOO_LARGE && batch[1]) return { code, message }
  if (!/400|413|415|422/.test(code)) return { code, message, retryAfterMs: LONGEST_WAIT_MS, isFinal: true }
  return { refused: message, results: batch.map(({ event: { id, type } }) => ({ id, type, status: 'dropped', reason: code })) }
}
