// POST /v1/events: our own wire (array, one object, NDJSON), and CloudEvents batches by their content type.
import { receiveTime, type Room } from '../room.ts'
import { storeEvents, storePlain } from '../use-cases/store-events.ts'
import { BODY_LIMIT_BYTES, scanBody, scanPlainBody } from './collect-body.ts'
import { takeCloudEvents } from './cloudevents-route.ts'
import type { Door } from './doors.ts'
import { JSON_HEADERS } from './json-headers.ts'
import { requireWriteKey } from './write-key.ts'

export function createEventsDoor(room: Room): Door {
  return {
    path: '/v1/events',
    bodyLimitBytes: BODY_LIMIT_BYTES,
    async handle(request, ctx) {
      const key = await requireWriteKey(room, request, ctx)
      const contentType = request.headers['content-type'] ?? ''
      if (/^application\/cloudevents/i.test(contentType)) return takeCloudEvents(room, request, key)
      const receivedAtMs = receiveTime(room)
      const plain = scanPlainBody(room, request.body, contentType, receivedAtMs)
      if (plain !== undefined) {
        room.quotas.take(key, plain.count, request.body.length)
        return { status: 202, headers: JSON_HEADERS, body: await storePlain(room, plain, receivedAtMs) }
      }
      const events = scanBody(room, request.body, contentType, receivedAtMs)
      room.quotas.take(key, events.length, request.body.length)
      const { answer } = await storeEvents(room, request.body, events, receivedAtMs)
      return { status: 202, headers: JSON_HEADERS, body: answer }
    },
  }
}
