// Segment's HTTP API: /v1/batch and the six single calls, for its published clients as they are.
import { isRecord, type RawRequest, type RawResponse, type RawRoute } from '@rondo/contract'
import { AppError } from '@rondo/errors'
import { errors } from '../errors.ts'
import type { Room } from '../room.ts'
import { ensureSegmentType } from '../use-cases/ensure-segment-type.ts'
import { requireText, toUnreadable } from './collect-body.ts'
import { JSON_HEADERS } from './json-headers.ts'
import { parseBody, storeTranslated, type Translated } from './translate.ts'
import { requireWriteKey } from './write-key.ts'
import { DEAD, listResults } from './write-results.ts'

const EVENT_LIMIT_BYTES = 32 * 1024
const BATCH_LIMIT_BYTES = 500 * 1024
const CALLS = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const
type Call = (typeof CALLS)[number]
type Message = Record<string, unknown>

export function createSegmentRoutes(room: Room): RawRoute[] {
  const single = CALLS.map((call): RawRoute => ({
    method: 'POST',
    path: `/v1/${call}`,
    access: 'open',
    bodyLimitBytes: BATCH_LIMIT_BYTES,
    handle: (request, ctx) =>
      answer(async () => {
        await requireWriteKey(room, request, ctx)
        const body = readBody(request, EVENT_LIMIT_BYTES, 'The event')
        return take(room, [{ ...body, type: call }], body['sentAt'])
      }),
  }))
  const batch: RawRoute = {
    method: 'POST',
    path: '/v1/batch',
    access: 'open',
    bodyLimitBytes: BATCH_LIMIT_BYTES,
    handle: (request, ctx) =>
      answer(async () => {
        await requireWriteKey(room, request, ctx)
        const body = readBody(request, BATCH_LIMIT_BYTES, 'The batch')
        const messages = body['batch']
        if (!Array.isArray(messages)) throw errors.dialectWrong({ dialect: 'Segment batch', fault: '"batch" is not a list' })
        return take(room, messages.map((message) => (isRecord(message) ? message : {})), body['sentAt'], body['context'])
      }),
  }
  return [batch, ...single]
}

function readBody(request: RawRequest, limitBytes: number, what: string): Message {
  const { body } = request
  if (body.length > limitBytes) throw errors.tooLarge({ what, sizeBytes: body.length, limitBytes })
  requireText(body)
  const parsed = parseBody(body)
  if ('unreadableAt' in parsed) throw toUnreadable(body, parsed.unreadableAt)
  if (!isRecord(parsed.value)) throw errors.dialectWrong({ dialect: 'Segment', fault: 'the body is not an object' })
  return parsed.value
}

async function take(room: Room, messages: Message[], sentAt: unknown, context?: unknown): Promise<RawResponse> {
  const wires: Translated[] = []
  for (const message of messages) {
    const wire = toWire(room, message, sentAt, context)
    if (isCall(wire['type']) && wire['type'] !== 'track') await ensureSegmentType(room, wire['type'])
    wires.push(wire)
  }
  const stored = await storeTranslated(room, wires, 'segment', messages.map((message, i) => {
    const sizeBytes = messages.length > 1 ? Buffer.byteLength(JSON.stringify(message)) : 0
    return sizeBytes > EVENT_LIMIT_BYTES ? { id: String(wires[i]?.['id']), type: String(wires[i]?.['type']), rule: 'event size', reason: `The event has ${sizeBytes} bytes; at most ${EVENT_LIMIT_BYTES} are taken.` } : undefined
  }))
  const hasDead = stored.outcomes.includes(DEAD)
  return { status: 200, headers: JSON_HEADERS, body: JSON.stringify({ success: true, ...(hasDead ? { results: listResults(stored.answer) } : {}) }) }
}

function toWire(room: Room, message: Message, sentAt: unknown, context: unknown): Translated {
  const call = message['type']
  const type = call === 'track' ? toKebabCase(String(message['event'] ?? '')) : isCall(call) ? call : String(call ?? 'unknown')
  const extra = call === 'page' || call === 'screen' ? pick(message, ['name', 'category']) : call === 'group' ? pick(message, ['groupId']) : call === 'alias' ? pick(message, ['previousId']) : {}
  const properties = message['properties'] ?? message['traits'] ?? {}
  return {
    id: message['messageId'] ?? room.deps.ids.next(),
    type,
    occurredAt: message['timestamp'] ?? message['originalTimestamp'],
    sentAt: message['timestamp'] === undefined && message['originalTimestamp'] === undefined ? undefined : (message['sentAt'] ?? sentAt),
    userId: toId(message['userId']),
    anonymousId: toId(message['anonymousId']),
    properties: isRecord(properties) ? { ...extra, ...properties } : properties,
    context: message['context'] ?? context,
  }
}

function isCall(value: unknown): value is Call {
  return CALLS.includes(value as Call)
}

/** Clients may send numbers as user ids. */
function toId(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value === '' || value === null ? undefined : value
}

function pick(message: Message, names: string[]): Message {
  return Object.fromEntries(names.filter((name) => message[name] !== undefined && message[name] !== null).map((name) => [name, message[name]]))
}

/** "Track Ended" and "trackEnded" become "track-ended". */
export function toKebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
}

/** The clients read `code` and `message`. */
async function answer(work: () => Promise<RawResponse>): Promise<RawResponse> {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    const status = { unauthenticated: 401, forbidden: 403, invalid: 400, 'too-large': 413 }[thrown.kind as string]
    if (status === undefined) throw thrown
    return { status, headers: JSON_HEADERS, body: JSON.stringify({ success: false, code: thrown.code, message: thrown.message }) }
  }
}
