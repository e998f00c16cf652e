// What is known of one event of a request after it was read, before it is stored.
import type { EventType } from './event-type.ts'

export const MAX_EVENT_BYTES = 65_536
export const MAX_ID_LENGTH = 64
/** Of one request. */
export const MAX_EVENTS = 100_000
export const MAX_FUTURE_MS = 86_400_000

/** Why an event cannot be delivered. `rule` groups like failures; `type` is what it called itself, "unknown" without a name. */
export type Death = { id: string | null; type: string; rule: string; reason: string }

export type ScannedEvent = {
  /** Its bytes in the request: [start, stop). */
  start: number
  stop: number
  /** The id as it stands between its quotes, when `id` is undefined. */
  idStart: number
  idStop: number
  /** The id, when it had to be decoded. */
  id: string | undefined
  /** User, else anonymous id, as it stands between its quotes; -1 when there is none. */
  keyStart: number
  keyStop: number
  type: EventType | undefined
  /** When it happened; NaN when it does not say. */
  occurredAtMs: number
  /** `occurredAtMs` is not what the event itself says. */
  corrected: boolean
  /** It has a context, which may be personal. */
  hasContext: boolean
  /** Fingerprint of the id. */
  low: number
  high: number
  death: Death | undefined
  /** Names of fields that nobody reads; there only when it has some, which the careful path alone finds. */
  unknown?: string[]
  /** Its id names it only together with this; there only in dialects that have such ids. */
  scope?: string
  /** As its sender gave it, where ours is made of it: what the answer says. */
  sentId?: string
  /** Its time was of the machine's clock, and is moved to that of the simulated world. */
  moved?: true
}

export type TypeLookup = (name: string) => EventType | undefined

/** Client clocks run wrong: the time by our clock, from how long before sending it happened (as Segment does). */
export function correctSkew(occurredAtMs: number, sentAtMs: number, receivedAtMs: number): number {
  return receivedAtMs - (sentAtMs - occurredAtMs)
}

export function findTimeFault(occurredAtMs: number, receivedAtMs: number): { rule: string; reason: string } | undefined {
  if (occurredAtMs < 0) return { rule: 'occurredAt ancient', reason: `occurredAt is ${show(occurredAtMs)}, before 1970.` }
  if (occurredAtMs > receivedAtMs + MAX_FUTURE_MS) {
    return { rule: 'occurredAt future', reason: `occurredAt is ${show(occurredAtMs)}, more than 24 hours after it was received (${show(receivedAtMs)}).` }
  }
  return undefined
}

function show(epochMs: number): string {
  return Number.isFinite(epochMs) && Math.abs(epochMs) < 8.64e15 ? new Date(epochMs).toISOString() : String(epochMs)
}
