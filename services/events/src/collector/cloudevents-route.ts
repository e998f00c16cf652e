// CloudEvents 1.0 over HTTP: structured, batch and binary mode.
import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { isRecord, type RawRequest, type RawResponse } from '@rondo/contract'
import { errors } from '../errors.ts'
import type { Room } from '../room.ts'
import { BODY_LIMIT_BYTES } from './collect-body.ts'
import type { CollectorRoute } from './collector-routes.ts'
import { JSON_HEADERS } from './json-headers.ts'
import { readList, readPart, toFields, type Part } from './read-parts.ts'
import { storeTranslated, type Translated } from './translate.ts'
import { requireWriteKey } from './write-key.ts'

type Attributes = Record<string, unknown>

export function createCloudEventsRoute(room: Room): CollectorRoute {
  return {
    path: '/v1/cloudevents',
    bodyLimitBytes: BODY_LIMIT_BYTES,
    async handle(request, ctx) {
      return takeCloudEvents(room, request, await requireWriteKey(room, request, ctx))
    },
  }
}

/** The write key, of this name, was checked. Throws DIALECT_INVALID when there is no CloudEvent in it; in a batch one that is none is dead, and spoils no other. */
export async function takeCloudEvents(room: Room, request: RawRequest, key: string): Promise<RawResponse> {
  const contentType = (request.headers['content-type'] ?? '').toLowerCase()
  const batch = contentType.startsWith('application/cloudevents-batch+json')
  const events = batch ? readBatch(request.body) : [contentType.startsWith('application/cloudevents+json') ? readStructured(request.body) : readBinary(request)]
  const fault = events.find(({ fault }) => fault !== undefined)?.fault
  if (fault !== undefined && events.every((event) => event.fault !== undefined)) throw errors.dialectWrong({ dialect: 'CloudEvents', fault })
  room.quotas.take(key, events.length, request.body.length)
  const { answer } = await storeTranslated(room, events, 'cloudevents')
  return { status: 202, headers: JSON_HEADERS, body: answer }
}

/** `fault`: why it is no CloudEvent. */
type Taken = Translated & { fault?: string | undefined }

function readBatch(body: Buffer): Taken[] {
  return readList(body, 'CloudEvents batch').map((part) => readEvent(body, part))
}

function readStructured(body: Buffer): Taken {
  return readEvent(body, readPart(body))
}

function readEvent(body: Buffer, part: Part): Taken {
  const raw = body.subarray(part.start, part.stop)
  const event = toFields(part)
  const fault = isRecord(part.value) ? findFault(event) : 'an event is not an object'
  const { data, wrong } = readData(event)
  const death = part.fault ?? (fault === undefined ? wrong : { rule: 'CloudEvents', reason: `This is no CloudEvent: ${fault}.` })
  return { wire: toWire(event, data), scope: toScope(event), raw, death, fault: part.fault === undefined ? fault : undefined }
}

function readBinary(request: RawRequest): Taken {
  const { headers, body } = request
  const event: Attributes = {}
  for (const [name, value] of Object.entries(headers)) if (name.startsWith('ce-') && value !== undefined) event[name.slice(3)] = decode(value)
  const fault = findFault(event)
  // Without data there is no content type to speak of.
  if (body.length === 0) return { wire: toWire(event, undefined), scope: toScope(event), fault }
  const contentType = headers['content-type'] ?? ''
  const part = readAnyPart(body, contentType)
  if (part === undefined) {
    const death = { rule: 'data', reason: `data is ${contentType} and no JSON, and properties are a JSON object.` }
    return { wire: toWire(event, isUtf8(body) ? body.toString('utf8') : body.toString('base64')), scope: toScope(event), death, fault }
  }
  return { wire: toWire(event, part.value), scope: toScope(event), raw: body, death: part.fault, fault }
}

/** JSON, whatever it is called; undefined for what is none, and does not claim to be. */
function readAnyPart(body: Buffer, contentType: string): Part | undefined {
  try {
    return readPart(body)
  } catch (thrown) {
    if (contentType === '' || /json/i.test(contentType)) throw thrown
    return undefined
  }
}

/** In `data`, or as base64 of JSON in `data_base64`. */
function readData(event: Attributes): { data: unknown; wrong?: { rule: string; reason: string } } {
  const encoded = event['data_base64']
  if (encoded === undefined || encoded === null) return { data: event['data'] }
  const wrong = (reason: string): ReturnType<typeof readData> => ({ data: undefined, wrong: { rule: 'data_base64', reason } })
  if (event['data'] !== undefined) return wrong('data and data_base64 are both there; an event has one of them.')
  if (typeof encoded !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) return wrong('data_base64 is no base64 text.')
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length === 0) return { data: undefined }
  try {
    const { value, fault } = readPart(bytes)
    return { data: value, ...(fault === undefined ? {} : { wrong: fault }) }
  } catch {
    return wrong('data_base64 holds no JSON, and properties are a JSON object.')
  }
}

/** Header values are percent-encoded UTF-8. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value.replace(/^"(.*)"$/, '$1'))
  } catch {
    return value
  }
}

const OWN = new Set(['id', 'type', 'time', 'data', 'data_base64', 'specversion', 'userid', 'subject'])

function findFault(event: Attributes): string | undefined {
  if (event['specversion'] !== '1.0') return `"specversion" is ${JSON.stringify(event['specversion'])}, not "1.0"`
  const missing = ['id', 'type', 'source'].find((name) => typeof event[name] !== 'string' || event[name] === '')
  return missing === undefined ? undefined : `"${missing}" is missing`
}

/** An id is unique within its source (CloudEvents 1.0, "id"). Ninety-six bits of a digest: the text itself may be personal, and stays in the context, sealed. */
function toScope({ source }: Attributes): string | undefined {
  return typeof source === 'string' ? createHash('sha256').update(source).digest().toString('base64url', 0, 12) : undefined
}

/** `subject` is what the event is about: with us the user. The other attributes stay in the context. */
function toWire(event: Attributes, data: unknown): Translated['wire'] {
  const context = Object.fromEntries(Object.entries(event).filter(([name]) => !OWN.has(name)))
  return { id: event['id'], type: event['type'], occurredAt: event['time'] ?? undefined, userId: event['userid'] ?? event['subject'] ?? undefined, properties: data ?? {}, context }
}
