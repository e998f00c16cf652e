// The answer to a batch: one result an event, in request order, as JSON text.
import { toIso } from '@rondo/time'
import type { EventResult } from '../contract.ts'
import type { RequestText } from '../domain/request-text.ts'
import { sayUnknownField } from '../domain/unknown-fields.ts'
import type { ScannedEvent } from '../domain/scanned-event.ts'

export const ACCEPTED = 0
export const DUPLICATE = 1
export const DEAD = 2

/** `outcomes`: ACCEPTED, DUPLICATE or DEAD of each event. */
export function writeResults(text: RequestText, events: ScannedEvent[], outcomes: Uint8Array): string {
  let answer = '{"results":['
  let open = '{"id":"'
  for (let i = 0; i < events.length; i += 1) {
    const event = events[i] as ScannedEvent
    const outcome = outcomes[i]
    if (outcome === DEAD) answer += `${open.slice(0, -1)}${JSON.stringify(event.sentId ?? event.death?.id ?? null)},"status":"dead","reason":${JSON.stringify(event.death?.reason ?? '')}}`
    else {
      // What stood between quotes in the request may stand between quotes in the answer.
      const decoded = event.sentId ?? event.id
      const id = decoded === undefined ? text.slice(event.idStart, event.idStop) : JSON.stringify(decoded).slice(1, -1)
      if (event.unknown !== undefined || event.moved !== undefined) answer += `${open}${id}","status":"${outcome === ACCEPTED ? 'accepted' : 'duplicate'}","warnings":${JSON.stringify(listWarnings(event))}}`
      else answer += outcome === ACCEPTED ? open + id + '","status":"accepted"}' : open + id + '","status":"duplicate"}'
    }
    open = ',{"id":"'
  }
  return answer + ']}'
}

function listWarnings({ unknown = [], moved, occurredAtMs }: ScannedEvent): string[] {
  const warnings = unknown.map(sayUnknownField)
  if (moved === true) warnings.push(`occurredAt is of the machine's clock, and a simulated world lives here: it counts as ${toIso(occurredAtMs)}`)
  return warnings
}

export function listResults(answer: string): EventResult[] {
  return (JSON.parse(answer) as { results: EventResult[] }).results
}
