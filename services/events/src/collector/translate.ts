// Other dialects are rewritten as events of our own wire, one a line, and then go the same way as all others.
import { JsonScanner } from '../domain/json-scanner.ts'
import type { ScannedEvent } from '../domain/scanned-event.ts'
import { receiveTime, type Room } from '../room.ts'
import { storeEvents, type Stored } from '../use-cases/store-events.ts'

export type Translated = Record<string, unknown>

/** Everything here was valid text when it was parsed. */
const ALWAYS = (): boolean => true

export async function storeTranslated(room: Room, wires: Translated[], via: string | undefined, deaths: (ScannedEvent['death'] | undefined)[] = []): Promise<Stored> {
  const receivedAtMs = receiveTime(room)
  const bytes = Buffer.from(wires.map((wire) => JSON.stringify(wire)).join('\n'))
  const events = room.scanner.scanLines(bytes, receivedAtMs, ALWAYS)
  for (const [i, death] of deaths.entries()) {
    const event = events[i]
    if (event !== undefined && death !== undefined) event.death = death
  }
  return storeEvents(room, bytes, events, receivedAtMs, via)
}

/** The body as JSON; undefined with the position of the byte that is none. */
export function parseBody(body: Buffer): { value: unknown } | { unreadableAt: number } {
  const scanner = new JsonScanner()
  scanner.reset(body, 0, body.length)
  scanner.skipSpace()
  const whole = scanner.anyValue(0)
  scanner.skipSpace()
  if (!whole || scanner.pos < body.length) return { unreadableAt: scanner.pos }
  try {
    return { value: JSON.parse(body.toString('utf8')) as unknown }
  } catch {
    return { unreadableAt: scanner.fault?.at ?? 0 }
  }
}
