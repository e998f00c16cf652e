// Reads one event of our own wire fully, field by field: the careful path, which finds the words for what is wrong.
import { isRecord } from '@rondo/contract'
import type { EventType } from './event-type.ts'
import { show } from './show-value.ts'
import type { IdFingerprint } from './id-fingerprint.ts'
import { parseInstant } from './instant.ts'
import type { Fault } from './json-scanner.ts'
import { listUnknownFields } from './unknown-fields.ts'
import { MAX_EVENT_BYTES, MAX_ID_LENGTH, correctSkew, findTimeFault, type Death, type ScannedEvent, type TypeLookup } from './scanned-event.ts'

export const UNKNOWN_TYPE = 'unknown'

type Source = { bytes: Buffer; start: number; stop: number; fault: Fault | undefined }
type Reader = { types: TypeLookup; receivedAtMs: number; print: IdFingerprint; wallNow: (() => number) | undefined }

/** `source` holds one whole JSON value; its `fault`, if any, was found while its end was sought. */
export function readWireEvent(source: Source, reader: Reader): ScannedEvent {
  const { bytes, start, stop, fault } = source
  const event: ScannedEvent = { start, stop, idStart: -1, idStop: -1, id: undefined, keyStart: -1, keyStop: -1, type: undefined, occurredAtMs: NaN, corrected: false, hasContext: false, low: 0, high: 0, death: undefined }
  const value = parseRange(bytes, start, stop, fault?.rule === 'not-a-number')
  const fields = isRecord(value) ? value : {}
  const id = typeof fields['id'] === 'string' && fields['id'] !== '' ? fields['id'].slice(0, 256) : null
  const name = typeof fields['type'] === 'string' && fields['type'] !== '' ? fields['type'].slice(0, 128) : UNKNOWN_TYPE
  const die = (rule: string, reason: string): ScannedEvent => {
    const death: Death = { id, type: name, rule, reason }
    event.death = death
    return event
  }
  event.type = reader.types(name)
  if (fault !== undefined) return die(...toWords(fault, start))
  if (!isRecord(value)) return die('event type', `An event is a JSON object, not ${show(value)}.`)
  if (stop - start > MAX_EVENT_BYTES) return die('event size', `The event has ${stop - start} bytes; at most ${MAX_EVENT_BYTES} are taken.`)
  if (fields['sealed'] !== undefined) return die('sealed reserved', 'sealed is a field that only the log itself writes; leave it out.')
  if (id === null) return die('id required', fields['id'] === undefined ? 'id is missing: give each event its own, for instance a UUID.' : fields['id'] === '' ? 'id is empty: give each event its own, for instance a UUID.' : `id is ${show(fields['id'])}, not a text.`)
  if (characters(id) > MAX_ID_LENGTH) return die('id maxLength', `id has ${characters(id)} characters; at most ${MAX_ID_LENGTH} are taken.`)
  if (typeof fields['type'] !== 'string') return die('type required', fields['type'] === undefined ? 'type is missing.' : `type is ${show(fields['type'])}, not a text.`)
  const type = event.type
  if (type === undefined) return die('type unknown', `No event type is called "${name}"; register it first (PUT /api/events/v1/types/${name}).`)
  for (const field of ['userId', 'anonymousId'] as const) {
    const who = fields[field]
    if (who === undefined || who === null) continue
    if (typeof who !== 'string' || who === '' || who.length > 256) return die(`${field} type`, `${field} is ${show(who)}, not a text of 1 to 256 characters.`)
    // No database takes it as part of a key's name.
    if (who.includes('\u0000')) return die(`${field} type`, `${field} is ${show(who)}, with U+0000 in it.`)
  }
  if (fields['context'] !== undefined && fields['context'] !== null && !isRecord(fields['context'])) return die('context type', `context is ${show(fields['context'])}, not an object.`)
  const timed = readTimes(fields, event, reader)
  if (timed !== undefined) return die(timed.rule, timed.reason)
  const checked = checkProperties(fields, type)
  if (checked !== undefined) return die(checked.rule, checked.reason)
  const key = fields['userId'] ?? fields['anonymousId']
  if (typeof key === 'string') locateKey(event, bytes, key)
  event.hasContext = isRecord(fields['context'])
  event.id = id
  const unknown = listUnknownFields(fields)
  if (unknown !== undefined) event.unknown = unknown
  const idBytes = Buffer.from(id)
  reader.print.of(idBytes, 0, idBytes.length, type.seed)
  event.low = reader.print.low
  event.high = reader.print.high
  return event
}

function readTimes(fields: Record<string, unknown>, event: ScannedEvent, { receivedAtMs, wallNow }: Reader): { rule: string; reason: string } | undefined {
  const times: Record<string, number> = {}
  for (const field of ['occurredAt', 'sentAt']) {
    const text = fields[field]
    if (text === undefined || text === null) continue
    const instant = typeof text === 'string' ? parseInstant(text) : undefined
    if (instant === undefined) return { rule: `${field} format`, reason: `${field} is ${show(text)}, not an instant like "2026-09-21T09:00:00.000Z".` }
    times[field] = instant
  }
  const { occurredAt, sentAt } = times
  if (occurredAt === undefined) return undefined
  event.occurredAtMs = sentAt === undefined ? occurredAt : correctSkew(occurredAt, sentAt, receivedAtMs)
  event.corrected = sentAt !== undefined
  const fault = findTimeFault(event.occurredAtMs, receivedAtMs)
  if (fault === undefined || sentAt !== undefined || wallNow === undefined || occurredAt < receivedAtMs) return fault
  // Beyond what a simulated clock may know, and right by the machine's: it was sent by somebody who lives by that one.
  const wallMs = wallNow()
  if (findTimeFault(occurredAt, wallMs) !== undefined) return { ...fault, reason: `${fault.reason} That is the clock of a simulated world; by the machine's it is ${show(new Date(wallMs).toISOString())}.` }
  event.occurredAtMs = correctSkew(occurredAt, wallMs, receivedAtMs)
  event.corrected = true
  event.moved = true
  return findTimeFault(event.occurredAtMs, receivedAtMs)
}

function checkProperties(fields: Record<string, unknown>, type: EventType): { rule: string; reason: string } | undefined {
  const version = fields['version']
  if (version !== undefined && version !== null && typeof version !== 'string') return { rule: 'version type', reason: `version is ${show(version)}, not a text.` }
  const model = typeof version === 'string' ? type.findModel(version) : type.current
  if (model === undefined) return { rule: 'version unknown', reason: `version is ${show(version)}, of no model of "${type.name}"; known: ${type.versions.join(', ')}.` }
  const properties = fields['properties'] ?? {}
  if (!isRecord(properties)) return { rule: 'properties type', reason: `properties is ${show(properties)}, not an object.` }
  return model.findViolation(properties)
}

/** The key need not be the exact text, only the same for the same user: its bytes where they stand, when they stand there plainly. */
function locateKey(event: ScannedEvent, bytes: Buffer, key: string): void {
  const at = bytes.indexOf(JSON.stringify(key), event.start)
  if (at < 0 || at >= event.stop) return
  event.keyStart = at + 1
  event.keyStop = at - 1 + Buffer.byteLength(JSON.stringify(key))
}

/** Rule and words of what is wrong with an event that begins at `start`. */
export function toWords(fault: Fault, start: number): [rule: string, reason: string] {
  const where = `at byte ${fault.at - start} of the event`
  switch (fault.rule) {
    case 'duplicate-key':
      return [fault.rule, `The key "${fault.text}" stands twice in one object (${where}).`]
    case 'lone-surrogate':
      return [fault.rule, `"${fault.text}" is half a character (a lone surrogate, ${where}).`]
    case 'number-range':
      return [fault.rule, `${fault.text} is beyond what a number holds exactly (2^53 - 1, ${where}); send it as text.`]
    case 'not-a-number':
      return [fault.rule, `${fault.text} is not JSON (${where}); leave the field out instead.`]
    case 'nesting':
      return [fault.rule, `Objects and lists are nested in ${fault.text} (${where}).`]
  }
}

/** A JSON value, or undefined. `lenient`: NaN and infinities are read as null, so that the rest can be named. */
export function parseRange(bytes: Buffer, start: number, stop: number, lenient: boolean): unknown {
  const text = bytes.toString('utf8', start, stop)
  try {
    return JSON.parse(lenient ? text.replace(/"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity)/g, (token) => (token.startsWith('"') ? token : 'null')) : text) as unknown
  } catch {
    return undefined
  }
}

/** Code points. */
export function characters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
