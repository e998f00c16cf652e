// An id that names an event only together with where it came from: its scope goes into the fingerprint, and into a header of the record.
import type { IdFingerprint } from './id-fingerprint.ts'
import type { ScannedEvent } from './scanned-event.ts'

/** The fingerprint of `id` within `scope` under a seed; of the id alone without one. */
export function printId(print: IdFingerprint, id: Uint8Array, scope: string | undefined, seed: number): void {
  const bytes = scope === undefined ? id : Buffer.concat([Buffer.from(scope), id])
  print.of(bytes, 0, bytes.length, seed)
}

/** Puts an event that was read out of `bytes` into its scope. A dead one remembers it for the time when it is mended. */
export function scopeEvent(event: ScannedEvent, bytes: Buffer, scope: string, print: IdFingerprint): void {
  event.scope = scope
  if (event.death !== undefined || event.type === undefined) return
  printId(print, event.id === undefined ? bytes.subarray(event.idStart, event.idStop) : Buffer.from(event.id), scope, event.type.seed)
  event.low = print.low
  event.high = print.high
}
