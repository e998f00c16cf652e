// What a product's code sees of Rondo.

/** Event type → its properties, e.g. `{ 'track-played': { trackId: string } }`. */
export type EventMap = Record<string, object>

export type RondoError = { code: string; message: string }

export type EventResult = { id: string; type: string; status: 'accepted' | 'duplicate' | 'dead' | 'dropped'; reason?: string }

/** One event as it goes on the wire of `POST /v1/events`. */
export type WireEvent = { id: string; type: string; occurredAt: string; userId?: string; properties: object }

/** Where unsent events survive a page or a process; all of them are given at each save. */
export type Persistence = { load(): Promise<WireEvent[]>; save(events: WireEvent[]): Promise<void> }

export type Timers = { set(work: () => void, afterMs: number): unknown; clear(timer: unknown): void }

export type RondoOptions = {
  /** For instance "https://rondo.example"; "" for the page's own origin. */
  url: string
  /** For events. */
  writeKey?: string
  /** For flags. */
  clientSecret?: string
  fetch?: typeof globalThis.fetch
  /** Events that are sent at once when so many wait; default 50, at most 500. */
  flushAt?: number
  /** Longest wait of an event, ms; default 2000. */
  flushAfterMs?: number
  /** Events that may wait; beyond it `track` throws `QUEUE_FULL`. Default 10,000. */
  queueLimit?: number
  /** Tries of one batch before `flush` gives up and leaves it queued; default 8. */
  maxTries?: number
  /** Told of each event when the collector answered, or when it refused the batch for good. */
  onResult?: (result: EventResult) => void
  /** Told when a batch could not be sent for now. */
  onError?: (error: RondoError) => void
  persistence?: Persistence
  now?: () => number
  uuid?: () => string
  /** Uniform in [0, 1): jitter. */
  random?: () => number
  timers?: Timers
}

export type TrackOptions = { userId?: string; id?: string; occurredAt?: Date | string }

/** `targetingKey` is the unit; everything else is an attribute for targeting. */
export type FlagContext = { targetingKey?: string } & Record<string, unknown>

export type FlagDetails<T> = { value: T; variant: string | null; reason: string; rule: string | null; errorCode?: string }

export type Flags = {
  /** The flag's value, or `otherwise` when it has none, is unknown, has another type or does not answer. Using it is the exposure. */
  value<T>(key: string, otherwise: T, context: FlagContext): Promise<T>
  /** The same with variant and reason. */
  details<T>(key: string, otherwise: T, context: FlagContext): Promise<FlagDetails<T>>
  /** Fetches all flags of this context at once; `value` answers from them until the next prefetch. False when they had not changed. */
  prefetch(context: FlagContext): Promise<boolean>
}

export type Rondo<Events extends EventMap> = {
  /** Queues an event and returns its id. Throws `QUEUE_FULL`, `CLOSED`. */
  track<T extends keyof Events & string>(type: T, properties: Events[T], options?: TrackOptions): string
  /** Resolves when everything queued so far was answered, or could not be sent for now (`onError` was told). */
  flush(): Promise<void>
  flags: Flags
  /** GET of a path of the platform, as JSON. Throws with the platform's code and message. */
  fetchJson<T>(path: string): Promise<T>
  /** Sends what waits, then stops. Events that could not be sent stay with `persistence`. */
  close(): Promise<void>
}
