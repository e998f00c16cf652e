// What customers install: events and flags for browser and server code.
export { createRondo } from './create-rondo.ts'
export { RondoClientError } from './rondo-error.ts'
export type { EventMap, EventResult, FlagContext, FlagDetails, Flags, Persistence, Rondo, RondoError, RondoOptions, Timers, TrackOptions, WireEvent } from './types.ts'
