// Confidence's event API: POST /v1/events:publish, for its published clients as they are. Any content type, names of fields in either case.
import { isRecord, type RawRequest, type RawResponse } from '@rondo/contract'
import type { Room } from '../room.ts'
import { BODY_LIMIT_BYTES } from './collect-body.ts'
import type { CollectorRoute } from './collector-routes.ts'
import { JSON_HEADERS } from './json-headers.ts'
import { readEnvelope, toFields, type Part, type Parts } from './read-parts.ts'
import { storeTranslated, type Translated } from './translate.ts'
import { requireKeyed } from './write-key.ts'
import { listResults } from './write-results.ts'

type Fields = Record<string, unknown>

export function createConfidenceRoute(room: Room): CollectorRoute {
  return {
    path: '/v1/events:publish',
    bodyLimitBytes: BODY_LIMIT_BYTES,
    async handle(request, ctx) {
      const read = (): Parts => readEnvelope(request.body, 'events', 'Confidence publish')
      const { key, body } = await requireKeyed(room, request, ctx, { read, find: ({ envelope }) => field(envelope, 'clientSecret'), clients: true })
      room.quotas.take(key, body.parts.length, request.body.length)
      return publish(room, request, body.parts, field(body.envelope, 'sendTime'))
    },
  }
}

async function publish(room: Room, { body }: RawRequest, parts: Part[], sendTime: unknown): Promise<RawResponse> {
  const events = parts.map((part): Translated => {
    const { start, stop, fault, value } = part
    const death = fault ?? (isRecord(value) ? undefined : { rule: 'event type', reason: 'An event is a JSON object.' })
    return { wire: toWire(room, toFields(part), sendTime), death, raw: body.subarray(start, stop) }
  })
  const { answer } = await storeTranslated(room, events, 'confidence')
  const errors = listResults(answer).flatMap(({ status, reason }, index) => {
    if (status !== 'dead') return []
    const known = room.flows.has(String(events[index]?.wire['type']))
    return [{ index, reason: known ? 'EVENT_SCHEMA_VALIDATION_FAILED' : 'EVENT_DEFINITION_NOT_FOUND', message: reason ?? '' }]
  })
  return { status: 200, headers: JSON_HEADERS, body: JSON.stringify({ errors }) }
}

/**
 * The clients give no id, and put what they know of the user into the payload, as its `context`. That is the event's own context, and no property unless the
 * schema names one so.
 */
function toWire(room: Room, event: Fields, sendTime: unknown): Fields {
  const payload = event['payload'] ?? {}
  const context = isRecord(payload) && isRecord(payload['context']) ? payload['context'] : undefined
  const type = String(field(event, 'eventDefinition') ?? '').replace(/^eventDefinitions\//, '')
  const moves = context !== undefined && room.flows.get(type)?.type.current.declares('context') !== true
  const occurredAt = field(event, 'eventTime')
  return {
    id: room.deps.ids.next(),
    type,
    occurredAt,
    sentAt: occurredAt === undefined ? undefined : sendTime,
    userId: toId(field(context ?? {}, 'targetingKey')),
    anonymousId: toId(field(context ?? {}, 'visitorId')),
    properties: moves && isRecord(payload) ? without(payload, 'context') : payload,
    ...(moves ? { context } : {}),
  }
}

function without(fields: Fields, name: string): Fields {
  const { [name]: _, ...rest } = fields
  return rest
}

/** In camel case or in snake case, as protobuf's JSON has it; null is absent. */
function field(fields: Fields, name: string): unknown {
  return fields[name] ?? fields[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] ?? undefined
}

function toId(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
