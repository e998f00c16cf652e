// POST /v1/events: our own wire (array, one object, NDJSON), and CloudEvents batches by their content type.
import type { RawRoute } from '@rondo/contract'
import { receiveTime, type Room } from '../room.ts'
import { storeEvents, storePlain } from '../use-cases/store-events.ts'
import { BODY_LIMIT_BYTES, scanBody, scanPlainBody } from './collect-body.ts'
import { takeCloudEvents } from './cloudevents-route.ts'
import { JSON_HEADERS } from './json-headers.ts'
import { requireWriteKey } from './write-key.ts'

export function createEventsRoute(room: Room): RawRoute {
  return {
    method: 'POST',
    path: '/v1/events',
    access: 'open',
    bodyLimitBytes: BODY_LIMIT_BYTES,
    async handle(request, ctx) {
      await requireWriteKey(room, request, ctx)
      const contentType = request.headers['content-type'] ?? ''
      if (contentType.startsWith('application/cloudevents')) return takeCloudEvents(room, request)
      const receivedAtMs = receiveTime(room)
      const plain = scanPlainBody(room, request.body, contentType, receivedAtMs)
      if (plain !== undefined) return { status: 202, headers: JSON_HEADERS, body: await storePlain(room, plain, receivedAtMs) }
      const events = scanBody(room, request.body, contentType, receivedAtMs)
      const { answer } = await storeEvents(room, request.body, events, receivedAtMs)
      return { status: 202, headers: JSON_HEADERS, body: answer }
    },
  }
}
