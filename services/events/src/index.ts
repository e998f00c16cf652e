// The events room as others build it; what they may ask of it is in `@rondo/events/contract`.
export { createEventsService, type EventsOptions, type EventsService } from './service.ts'
export type { KafkaFaceOptions } from './kafka-face/serve-kafka-face.ts'
export type { EventsDeps } from './room.ts'
export { EVENT_EXPANDERS } from './columns/event-expanders.ts'
export type { EventsDb } from './store/tables.ts'
