// CloudEvents 1.0 over HTTP: structured, batch and binary mode.
import { isRecord, type RawRequest, type RawResponse, type RawRoute } from '@rondo/contract'
import { errors } from '../errors.ts'
import type { Room } from '../room.ts'
import { BODY_LIMIT_BYTES, requireText, toUnreadable } from './collect-body.ts'
import { JSON_HEADERS } from './json-headers.ts'
import { parseBody, storeTranslated, type Translated } from './translate.ts'
import { requireWriteKey } from './write-key.ts'

type Attributes = Record<string, unknown>

export function createCloudEventsRoute(room: Room): RawRoute {
  return {
    method: 'POST',
    path: '/v1/cloudevents',
    access: 'open',
    bodyLimitBytes: BODY_LIMIT_BYTES,
    async handle(request, ctx) {
      await requireWriteKey(room, request, ctx)
      return takeCloudEvents(room, request)
    },
  }
}

/** The write key was checked. Throws DIALECT_INVALID for what is no CloudEvent, and takes nothing of the batch then. */
export async function takeCloudEvents(room: Room, request: RawRequest): Promise<RawResponse> {
  const contentType = request.headers['content-type'] ?? ''
  const batch = contentType.startsWith('application/cloudevents-batch+json')
  const events = batch || contentType.startsWith('application/cloudevents+json') ? readStructured(request.body, batch) : [readBinary(request)]
  const wires = events.map(toWire)
  const { answer } = await storeTranslated(room, wires, 'cloudevents')
  return { status: 202, headers: JSON_HEADERS, body: answer }
}

function readStructured(body: Buffer, batch: boolean): Attributes[] {
  const value = parse(body)
  const list = batch ? value : [value]
  if (!Array.isArray(list)) throw errors.dialectWrong({ dialect: 'CloudEvents batch', fault: 'the body is not a list' })
  return list.map((event) => {
    if (!isRecord(event)) throw errors.dialectWrong({ dialect: 'CloudEvents', fault: 'an event is not an object' })
    return event
  })
}

function readBinary(request: RawRequest): Attributes {
  const attributes: Attributes = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith('ce-') && value !== undefined) attributes[name.slice(3)] = decode(value)
  }
  if (request.body.length > 0) attributes['data'] = parse(request.body)
  return attributes
}

function parse(body: Buffer): unknown {
  requireText(body)
  const parsed = parseBody(body)
  if ('unreadableAt' in parsed) throw toUnreadable(body, parsed.unreadableAt)
  return parsed.value
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

/** `subject` is what the event is about: with us the user. The other attributes stay in the context. */
function toWire(event: Attributes): Translated {
  if (event['specversion'] !== '1.0') throw errors.dialectWrong({ dialect: 'CloudEvents', fault: `"specversion" is ${JSON.stringify(event['specversion'])}, not "1.0"` })
  for (const name of ['id', 'type', 'source']) {
    if (typeof event[name] !== 'string' || event[name] === '') throw errors.dialectWrong({ dialect: 'CloudEvents', fault: `"${name}" is missing` })
  }
  const encoded = event['data_base64']
  const data = typeof encoded === 'string' ? parse(Buffer.from(encoded, 'base64')) : event['data']
  const context = Object.fromEntries(Object.entries(event).filter(([name]) => !OWN.has(name)))
  return { id: event['id'], type: event['type'], occurredAt: event['time'], userId: event['userid'] ?? event['subject'], properties: data ?? {}, context }
}
