// What a product's code sees of Rondo.

/** Event type → its properties, e.g. `{ 'track-played': { trackId: string } }`; `EventsOf` of the package "rondo" makes it from definitions. */
export type EventMap = Record<string, object>

/** `count`: how many events it is about, where that is more than a word. */
export type RondoError = { code: string; message: string; count?: number }

export type EventResult = { id: string; type: string; status: 'accepted' | 'duplicate' | 'dead' | 'dropped'; reason?: string }

/** Numbers events from 1 without gaps for each client: what is missing at the other end was lost on the way. */
export type ClientMark = { id: string; sequence: number }

/** One event as it goes on the wire of `POST /v1/events`. `sentAt` is set anew each time it is sent. */
export type WireEvent = {
  id: string
  type: string
  occurredAt: string
  userId?: string
  anonymousId?: string
  properties: object
  context?: { client?: ClientMark } & Record<string, unknown>
  sentAt?: string
}

/** `client`: with the last number that it gave. `unsent`: oldest first; some may be of other clients that ended. */
export type OpenedStore = { client: ClientMark; unsent: WireEvent[] }

/** Where unsent events survive a page or a process. Nobody else writes to it while it is open. */
export type EventStore = {
  /** Called once, first. */
  open(): Promise<OpenedStore> | OpenedStore
  append(event: WireEvent): Promise<void> | void
  remove(events: WireEvent[]): Promise<void> | void
  close?(): Promise<void> | void
}

export type Timers = { set(work: () => void, afterMs: number): unknown; clear(timer: unknown): void }

export type RondoOptions = {
  /** For instance "https://rondo.example"; "" for the page's own origin. */
  url: string
  /** For events. */
  writeKey?: string
  /** For flags. */
  clientSecret?: string
  /** Who acts until `identify` says more. */
  userId?: string
  anonymousId?: string
  fetch?: typeof globalThis.fetch
  /** Events that are sent at once when so many wait; default 50, at most 500. */
  flushAt?: number
  /** Bytes that are sent at once when so many wait, and the most in one request unless one event is larger; default 256 KiB. */
  flushBytes?: number
  /** Longest wait of an event, ms; default 2000. */
  flushAfterMs?: number
  /** Events that may wait; beyond it the oldest are dropped, and `onResult` and `onError` are told. Default 10,000. */
  queueLimit?: number
  /** The same in bytes; default 16 MiB. */
  queueBytes?: number
  /** Tries of one batch before `flush` gives up for now: the batch stays, and is tried again about once a minute. Default 8. */
  maxTries?: number
  /** An answer that takes longer counts as none, ms; default 30,000. */
  timeoutMs?: number
  /** Told of each event when the collector answered, when it refused the batch for good, or when the queue was full. That it throws stops nothing. */
  onResult?: (result: EventResult) => void
  /** Told what was lost (`EVENT_DEAD`, `QUEUE_FULL`, `HTTP_400`) and what could not be sent or kept for now. Without it the console is: a warning of each kind, once an hour. */
  onError?: (error: RondoError) => void
  store?: EventStore
  /** Whether events tell when they were sent, so that the collector corrects a wrong clock; those with an `occurredAt` of your own never do. Default true. */
  correctSkew?: boolean
  /** Whether events are numbered in `context.client`; default true. */
  numbered?: boolean
  /** Takes and sends nothing until `optIn`. */
  optedOut?: boolean
  now?: () => number
  uuid?: () => string
  /** Uniform in [0, 1): jitter. */
  random?: () => number
  timers?: Timers
}

export type TrackOptions = { userId?: string; id?: string; occurredAt?: Date | string; context?: Record<string, unknown> }

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

/** The part that is under 4 KB in a page. */
export type RondoEvents<Events extends EventMap> = {
  /** Queues an event and returns its id. Throws `CLOSED`, and `EVENT_UNREADABLE` for properties that are no JSON. */
  track<T extends keyof Events & string>(type: T, properties: Events[T], options?: TrackOptions): string
  /** Whose events these are from now on; without a user nobody's. */
  identify(userId?: string): void
  /** Forgets the events that wait, and takes none until `optIn`. */
  optOut(): void
  optIn(): void
  /** Resolves when everything queued so far was answered, or could not be sent for now (`onError` was told). */
  flush(): Promise<void>
  /** Sends what waits, then stops. Events that could not be sent stay in `store`. */
  close(): Promise<void>
}

export type Rondo<Events extends EventMap> = RondoEvents<Events> & {
  flags: Flags
  /** GET of a path of the platform, as JSON. Throws with the platform's code and message. */
  fetchJson<T>(path: string): Promise<T>
}
