// Other dialects are rewritten as events of our own wire, one a line, and then go the same way as all others.
import { createHash } from 'node:crypto'
import { isRecord } from '@rondo/contract'
import { IdFingerprint } from '../domain/id-fingerprint.ts'
import { characters } from '../domain/read-wire-event.ts'
import { MAX_ID_LENGTH } from '../domain/scanned-event.ts'
import { scopeEvent } from '../domain/scope-id.ts'
import { receiveTime, type Room } from '../room.ts'
import { storeEvents, type Stored } from '../use-cases/store-events.ts'

/** An event of our own wire. */
export type Wire = Record<string, unknown>

export type Translated = {
  wire: Wire
  /** Its id names it only together with this. */
  scope?: string | undefined
  /** It cannot be delivered, whatever its type says. */
  death?: { rule: string; reason: string } | undefined
  /** What is kept of it then: its bytes as they came. */
  raw?: Buffer
}

/** Everything here was valid text when it was read. */
const ALWAYS = (): boolean => true

export async function storeTranslated(room: Room, given: Translated[], via: string | undefined): Promise<Stored> {
  const receivedAtMs = receiveTime(room)
  const events = given.map((event) => ({ ...event, wire: shorten(event.wire) }))
  const lines = events.map(({ wire, death, raw }) => (death === undefined || raw === undefined ? JSON.stringify(wire) : toLine(raw)))
  const bytes = Buffer.from(lines.join('\n'))
  const scanned = room.scanner.scanLines(bytes, receivedAtMs, ALWAYS)
  const print = new IdFingerprint()
  for (const [i, { wire, death, scope }] of events.entries()) {
    const event = scanned[i]
    if (event === undefined) continue
    const sentId = given[i]?.wire['id']
    if (typeof sentId === 'string' && sentId !== wire['id']) event.sentId = sentId
    if (scope !== undefined) scopeEvent(event, bytes, scope, print)
    if (death === undefined) continue
    const type = String(wire['type'] ?? 'unknown')
    event.type = room.flows.get(type)?.type
    event.death = { id: typeof wire['id'] === 'string' ? wire['id'] : null, type, ...death }
  }
  return storeEvents(room, bytes, scanned, receivedAtMs, via)
}

/** Other systems have longer ids than ours (Segment's clients up to 100 characters, CloudEvents any): then ours is a digest, always the same, and theirs stays in the context. */
function shorten(wire: Wire): Wire {
  const { id, context = {} } = wire
  if (typeof id !== 'string' || id.length <= MAX_ID_LENGTH || characters(id) <= MAX_ID_LENGTH) return wire
  const digest = `sha256-${createHash('sha256').update(id).digest('base64url')}`
  return { ...wire, id: digest, context: isRecord(context) ? { ...context, originalId: id } : context }
}

/** Between the tokens of JSON a line's end is a space like any other; within them there is none. */
function toLine(raw: Buffer): string {
  return raw.toString('utf8').replaceAll('\n', ' ')
}
