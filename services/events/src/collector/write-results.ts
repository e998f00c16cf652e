// The answer to a batch: one result an event, in request order, as JSON text.
import type { EventResult } from '../contract.ts'
import type { ScannedEvent } from '../domain/scanned-event.ts'
import { ACCEPTED, DEAD, type Stored } from '../use-cases/store-events.ts'

export function writeResults({ bytes, events, outcomes }: Stored): string {
  let text = '{"results":['
  for (let i = 0; i < events.length; i += 1) {
    const event = events[i] as ScannedEvent
    if (i > 0) text += ','
    const outcome = outcomes[i]
    if (outcome === DEAD) {
      text += `{"id":${JSON.stringify(event.death?.id ?? null)},"status":"dead","reason":${JSON.stringify(event.death?.reason ?? '')}}`
      continue
    }
    // What stood between quotes in the request may stand between quotes in the answer.
    const id = event.id === undefined ? `"${bytes.toString('utf8', event.idStart, event.idStop)}"` : JSON.stringify(event.id)
    text += outcome === ACCEPTED ? `{"id":${id},"status":"accepted"}` : `{"id":${id},"status":"duplicate"}`
  }
  return `${text}]}`
}

export function listResults(stored: Stored): EventResult[] {
  return (JSON.parse(writeResults(stored)) as { results: EventResult[] }).results
}
