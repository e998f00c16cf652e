// POST /v1/events: our own wire (array, one object, NDJSON), Arrow IPC streams and CloudEvents batches by their content type.
import type { ColumnKernel } from '../columns/column-kernel.ts'
import { receiveTime, type Room } from '../room.ts'
import { countRows, readColumns, storeColumns } from '../use-cases/store-columns.ts'
import { storeEvents, storePlain } from '../use-cases/store-events.ts'
import { BODY_LIMIT_BYTES, scanBody, scanPlainBody, skipMark } from './collect-body.ts'
import { takeCloudEvents } from './cloudevents-route.ts'
import type { CollectorRoute } from './collector-routes.ts'
import { JSON_HEADERS } from './json-headers.ts'
import { requireWriteKey } from './write-key.ts'

export const ARROW_STREAM = 'application/vnd.apache.arrow.stream'

export function createEventsRoute(room: Room, columns: () => Promise<ColumnKernel | undefined>): CollectorRoute {
  return {
    path: '/v1/events',
    bodyLimitBytes: BODY_LIMIT_BYTES,
    async handle(request, ctx) {
      const key = await requireWriteKey(room, request, ctx)
      const contentType = request.headers['content-type'] ?? ''
      if (/^application\/cloudevents/i.test(contentType)) return takeCloudEvents(room, request, key)
      if (contentType.startsWith(ARROW_STREAM)) {
        const stream = readColumns(request.body, request.query.get('type') ?? undefined)
        room.quotas.take(key, countRows(stream), request.body.length)
        return { status: 202, headers: JSON_HEADERS, body: JSON.stringify(await storeColumns(room, stream, await columns())) }
      }
      const body = skipMark(request.body)
      const receivedAtMs = receiveTime(room)
      const plain = scanPlainBody(room, body, contentType, receivedAtMs)
      if (plain !== undefined) {
        room.quotas.take(key, plain.count, request.body.length)
        return { status: 202, headers: JSON_HEADERS, body: await storePlain(room, plain, receivedAtMs) }
      }
      const events = scanBody(room, body, contentType, receivedAtMs)
      room.quotas.take(key, events.length, request.body.length)
      const { answer } = await storeEvents(room, body, events, receivedAtMs)
      return { status: 202, headers: JSON_HEADERS, body: answer }
    },
  }
}
