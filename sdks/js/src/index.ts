// What customers install: events and flags for browser and server code.
export { createRondo, withFlags } from './create-rondo.ts'
export { RondoClientError } from './rondo-error.ts'
export type { ClientMark, EventMap, EventResult, EventStore, FlagContext, FlagDetails, Flags, OpenedStore, Rondo, RondoError, RondoEvents, RondoOptions, Timers, TrackOptions, WireEvent } from './types.ts'
