// Turns a record of the log back into the event it holds.
import { parseInstant } from './instant.ts'

export type DeliveredEvent = {
  id: string
  userId: string | null
  anonymousId: string | null
  occurredAtMs: number
  properties: Record<string, unknown>
  context: Record<string, unknown> | null
  /** What is personal in it, under the key of that id, in base64. */
  sealed?: SealedPart
}

export type SealedPart = { key: string; data: string }

type Wire = { id?: string; userId?: string | null; anonymousId?: string | null; occurredAt?: string | null; properties?: Record<string, unknown> | null; context?: Record<string, unknown> | null; sealed?: SealedPart }

/** Records were checked before they were written; an event without a time of its own happened when it was received. */
export function readDelivered(record: { value: Uint8Array; headers?: Record<string, string> }, receivedAtMs: number): DeliveredEvent {
  const { value } = record
  const wire = JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8')) as Wire
  const corrected = record.headers?.['o']
  const occurredAtMs = corrected !== undefined ? Number(corrected) : typeof wire.occurredAt === 'string' ? (parseInstant(wire.occurredAt) ?? receivedAtMs) : receivedAtMs
  const event: DeliveredEvent = {
    id: wire.id ?? '',
    userId: wire.userId ?? null,
    anonymousId: wire.anonymousId ?? null,
    occurredAtMs,
    properties: wire.properties ?? {},
    context: wire.context ?? null,
  }
  // Without a spread: it runs for every row that lands.
  if (wire.sealed !== undefined) event.sealed = wire.sealed
  return event
}
