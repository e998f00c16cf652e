// Segment's HTTP API: /v1/batch, /v1/import and the six single calls, also by their short names, for its published clients as they are.
import { isUtf8 } from 'node:buffer'
import { isRecord, type RawRequest, type RawResponse } from '@rondo/contract'
import { AppError } from '@rondo/errors'
import type { PlainSegment } from '../domain/plain-batch.ts'
import { errors } from '../errors.ts'
import { receiveTime, type Room } from '../room.ts'
import { ensureSegmentType } from '../use-cases/ensure-segment-type.ts'
import { storeEvents, storePlain } from '../use-cases/store-events.ts'
import { BODY_LIMIT_BYTES } from './collect-body.ts'
import type { CollectorRoute } from './collector-routes.ts'
import { JSON_HEADERS } from './json-headers.ts'
import { readEnvelope, readPart, toFields, type Part, type Parts } from './read-parts.ts'
import { SegmentRewriter } from './rewrite-segment.ts'
import { storeTranslated, type Translated, type Wire } from './translate.ts'
import { hasKeyOutside, requireKeyed } from './write-key.ts'
import { DEAD, listResults } from './write-results.ts'

const EVENT_LIMIT_BYTES = 32 * 1024
const BATCH_LIMIT_BYTES = 500 * 1024
const REMEMBERED_NAMES = 5000
const CALLS = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const
type Call = (typeof CALLS)[number]
type Message = Record<string, unknown>

/** Pages of browsers use short names: /v1/t, /v1/b; servers send what happened long ago to /v1/import. */
const BATCHES = ['batch', 'b', 'import']

export function createSegmentRoutes(room: Room): CollectorRoute[] {
  // Sizes are refused here, in Segment's own words; the server's limit only bounds what is unpacked.
  const single = CALLS.flatMap((call) => [call, call.charAt(0)].map((name): CollectorRoute => ({ path: `/v1/${name}`, bodyLimitBytes: BODY_LIMIT_BYTES, handle: (request, ctx) => answer(() => takeOne(room, call, request, ctx)) })))
  const rewriter = new SegmentRewriter({ maxEventBytes: EVENT_LIMIT_BYTES, typeOf: createTypeOf(room) })
  const batches = BATCHES.map((name): CollectorRoute => ({ path: `/v1/${name}`, bodyLimitBytes: BODY_LIMIT_BYTES, handle: (request, ctx) => answer(() => takeBatch(room, rewriter, request, ctx)) }))
  return [...batches, ...single]
}

type Ctx = Parameters<CollectorRoute['handle']>[1]

async function takeOne(room: Room, call: Call, request: RawRequest, ctx: Ctx): Promise<RawResponse> {
  const { body } = request
  const { key, body: part } = await requireKeyed(room, request, ctx, { read: () => readOne(body), find: (one) => toFields(one)['writeKey'] })
  room.quotas.take(key, 1, body.length)
  const message = toFields(part)
  return take(room, body, [{ ...part, value: { ...message, type: call } }], { sentAt: message['sentAt'] })
}

function readOne(body: Buffer): Part {
  refuseLarge('The event', body, EVENT_LIMIT_BYTES)
  const part = readPart(body)
  if (!isRecord(part.value)) throw errors.dialectWrong({ dialect: 'Segment', fault: 'the body is not an object' })
  return part
}

async function takeBatch(room: Room, rewriter: SegmentRewriter, request: RawRequest, ctx: Ctx): Promise<RawResponse> {
  const { body } = request
  const inside = hasKeyOutside(request) ? undefined : scanWhole(room, body, receiveTime(room))?.writeKey
  if (inside !== undefined || hasKeyOutside(request)) {
    const { key } = await requireKeyed(room, request, ctx, { read: () => inside, find: (secret) => secret })
    const usual = takeUsual(room, rewriter, key, body)
    if (usual !== undefined) {
      await usual
      return { status: 200, headers: JSON_HEADERS, body: '{"success":true}' }
    }
  }
  const { key, body: batch } = await requireKeyed(room, request, ctx, { read: () => readBatch(body), find: ({ envelope }) => envelope['writeKey'] })
  room.quotas.take(key, batch.parts.length, body.length)
  return take(room, body, batch.parts, batch.envelope)
}

/** A batch as almost all are, good as a whole; undefined when it has to be read message by message. */
function takeUsual(room: Room, rewriter: SegmentRewriter, key: string, body: Buffer): Promise<unknown> | undefined {
  const receivedAtMs = receiveTime(room)
  const whole = scanWhole(room, body, receivedAtMs)
  if (whole !== undefined) {
    room.quotas.take(key, whole.count, body.length)
    return storePlain(room, whole, receivedAtMs)
  }
  const usual = isReadable(body) ? rewriter.rewrite(body, receivedAtMs) : undefined
  if (usual === undefined) return undefined
  const { lines, count } = usual
  const plain = room.scanner.scanWhole(lines, true, receivedAtMs)
  if (plain?.count === count) {
    room.quotas.take(key, count, body.length)
    return storePlain(room, plain, receivedAtMs)
  }
  // What is stored event by event is looked at until it is durable, and the lines are written over by the next batch.
  const kept = Buffer.from(lines)
  const events = room.scanner.scanLines(kept, receivedAtMs, isUtf8)
  if (events.length !== count || events.some(({ death }) => death !== undefined)) return undefined
  room.quotas.take(key, count, body.length)
  return storeEvents(room, kept, events, receivedAtMs, 'segment')
}

/** The batch when it is plain as a whole; good until the scanner reads anything else. */
function scanWhole({ scanner }: Room, body: Buffer, receivedAtMs: number): PlainSegment | undefined {
  return isReadable(body) ? scanner.scanSegment(body, receivedAtMs, EVENT_LIMIT_BYTES) : undefined
}

function isReadable(body: Buffer): boolean {
  return body.length <= BATCH_LIMIT_BYTES && isUtf8(body)
}

/** Where track calls land, of names that stand in JSON as they are; a few thousand are remembered. */
function createTypeOf(room: Room): (event: string) => string | undefined {
  const known = new Map<string, string>()
  return (event) => {
    let type = known.get(event)
    if (type === undefined) {
      if (!/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(event)) return undefined
      type = toKebabCase(event)
      if (known.size < REMEMBERED_NAMES) known.set(event, type)
    }
    return room.flows.has(type) ? type : undefined
  }
}

function readBatch(body: Buffer): Parts {
  refuseLarge('The batch', body, BATCH_LIMIT_BYTES)
  return readEnvelope(body, 'batch', 'Segment batch')
}

function refuseLarge(what: string, { length }: Buffer, limitBytes: number): void {
  if (length > limitBytes) throw errors.tooLarge({ what, sizeBytes: length, limitBytes })
}

async function take(room: Room, body: Buffer, parts: Part[], envelope: Message): Promise<RawResponse> {
  const events = parts.map((part): Translated => {
    const { start, stop } = part
    return { wire: toWire(room, toFields(part), envelope), death: findDeath(part), raw: body.subarray(start, stop) }
  })
  for (const { wire } of events) if (isCall(wire['type']) && wire['type'] !== 'track') await ensureSegmentType(room, wire['type'])
  const stored = await storeTranslated(room, events, 'segment')
  const hasDead = stored.outcomes.includes(DEAD)
  return { status: 200, headers: JSON_HEADERS, body: JSON.stringify({ success: true, ...(hasDead ? { results: listResults(stored.answer) } : {}) }) }
}

function findDeath({ value, start, stop, fault }: Part): Translated['death'] {
  if (fault !== undefined) return fault
  if (!isRecord(value)) return { rule: 'event type', reason: 'A message is a JSON object.' }
  const sizeBytes = stop - start
  return sizeBytes > EVENT_LIMIT_BYTES ? { rule: 'event size', reason: `The event has ${sizeBytes} bytes; at most ${EVENT_LIMIT_BYTES} are taken.` } : undefined
}

function toWire(room: Room, message: Message, { sentAt, context }: Message): Wire {
  const call = message['type']
  const type = call === 'track' ? toKebabCase(String(message['event'] ?? '')) : isCall(call) ? call : String(call ?? 'unknown')
  const extra = call === 'page' || call === 'screen' ? pick(message, ['name', 'category']) : call === 'group' ? pick(message, ['groupId']) : call === 'alias' ? pick(message, ['previousId']) : {}
  const properties = message['properties'] ?? message['traits'] ?? {}
  const happened = message['timestamp'] ?? message['originalTimestamp'] ?? undefined
  return {
    id: message['messageId'] ?? room.deps.ids.next(),
    type,
    occurredAt: happened,
    sentAt: happened === undefined ? undefined : (message['sentAt'] ?? sentAt ?? undefined),
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

/** The clients read `code` and `message`; they come again after 429 and 5xx, and give up after any other 4xx. */
async function answer(work: () => Promise<RawResponse>): Promise<RawResponse> {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    const status = { unauthenticated: 401, forbidden: 403, invalid: 400, 'too-large': 413, limited: 429, unavailable: 503, 'storage-full': 507 }[thrown.kind as string]
    if (status === undefined) throw thrown
    const { retryAfterS } = thrown.details
    const headers = typeof retryAfterS === 'number' ? { ...JSON_HEADERS, 'retry-after': String(retryAfterS) } : JSON_HEADERS
    return { status, headers, body: JSON.stringify({ success: false, code: thrown.code, message: thrown.message }) }
  }
}
