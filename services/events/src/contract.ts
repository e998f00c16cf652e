// The door of the events room: types, delivered events, counts, dead letters and hourly buckets, as plain data.
import { defineContract, orNull, Pulse, rowsOf } from '@rondo/contract'
import { Type, type Static } from 'typebox'

const TypeName = Type.String({ minLength: 1, maxLength: 128, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' })
const Instant = Type.String({ description: 'ISO 8601, UTC' })
const TypeParams = Type.Object({ type: TypeName })

export const Slo = Type.Union([Type.Literal('gold'), Type.Literal('silver'), Type.Literal('bronze')])

/** What `defineEvent` of the authoring package gives; `schema` is JSON Schema (draft 7 or 2020-12) with `personal` on every field. */
export const EventTypeDefinition = Type.Object({
  kind: Type.Optional(Type.Literal('event')),
  name: TypeName,
  version: Type.String({ description: 'SchemaVer MODEL-REVISION-ADDITION, e.g. "1-0-0"', pattern: '^[1-9][0-9]*-[0-9]+-[0-9]+$' }),
  owner: Type.String({ minLength: 1, maxLength: 256 }),
  description: Type.Optional(Type.String({ maxLength: 4096 })),
  slo: Slo,
  retention: Type.String({ description: 'Days or hours, e.g. "90d"', pattern: '^[1-9][0-9]*[dh]$' }),
  schema: Type.Record(Type.String(), Type.Unknown()),
})

/** One event on our own wire. `id` up to 64 characters; without `occurredAt` the receive time stands in. */
export const WireEvent = Type.Object({
  id: Type.Optional(Type.String()),
  type: Type.String(),
  version: Type.Optional(Type.String()),
  occurredAt: Type.Optional(Type.String()),
  userId: Type.Optional(Type.String()),
  anonymousId: Type.Optional(Type.String()),
  properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  context: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})

export const EventResult = Type.Object({
  id: orNull(Type.String()),
  status: Type.Union([Type.Literal('accepted'), Type.Literal('duplicate'), Type.Literal('dead')]),
  reason: Type.Optional(Type.String()),
})

export const TypeState = Type.Union([
  Type.Literal('healthy'),
  Type.Literal('silent'),
  Type.Literal('late'),
  Type.Literal('warned'),
  Type.Literal('waiting'),
])

export const TypeRow = Type.Object({
  type: Type.String(),
  version: Type.String(),
  /** Every version that was ever put, oldest first. */
  versions: Type.Array(Type.String()),
  owner: Type.String(),
  slo: Slo,
  retention: Type.String(),
  description: Type.String(),
  schema: Type.Record(Type.String(), Type.Unknown()),
  /** Delivered during the last 60 minutes. */
  ratePerHour: Type.Number(),
  lastEventAt: orNull(Instant),
  state: TypeState,
  /** Since when no workspace defines it any more; it is still taken. Absent while one does. */
  retiredAt: Type.Optional(Instant),
  /** Receive time of the oldest event not yet in a bucket, as an age; 0 when all are landed. */
  landingLagMs: Type.Number(),
  /** Columns of the type's Parquet buckets, in file order. */
  columns: Type.Array(
    Type.Object({
      name: Type.String(),
      type: Type.Union([Type.Literal('string'), Type.Literal('integer'), Type.Literal('number'), Type.Literal('boolean'), Type.Literal('timestamp'), Type.Literal('json')]),
      personal: Type.Union([Type.Literal('none'), Type.Literal('narrow'), Type.Literal('strict')]),
    }),
  ),
})

/** A delivered event. `cursor` is its place: pass it as `after` to go on behind it. */
export const EventRow = Type.Object({
  id: Type.String(),
  type: Type.String(),
  userId: orNull(Type.String()),
  anonymousId: orNull(Type.String()),
  occurredAt: Instant,
  receivedAt: Instant,
  properties: Type.Record(Type.String(), Type.Unknown()),
  cursor: Type.String(),
})

export const CountRow = Type.Object({
  type: Type.String(),
  /** Everything that was answered with 2xx: delivered + duplicate + dead + inFlight. */
  accepted: Type.Integer(),
  /** In a bucket. */
  delivered: Type.Integer(),
  duplicate: Type.Integer(),
  dead: Type.Integer(),
  /** Durable in the log, not yet in a bucket. */
  inFlight: Type.Integer(),
})

export const DeadRow = Type.Object({
  id: orNull(Type.String()),
  type: Type.String(),
  reason: Type.String(),
  receivedAt: Instant,
  /** The bytes as they came, as text (at most 4,096 characters here). */
  raw: Type.String(),
  cursor: Type.String(),
})

export const BucketRow = Type.Object({
  /** "2026-09-21T09" */
  hour: Type.String(),
  state: Type.Union([Type.Literal('open'), Type.Literal('closed')]),
  rows: Type.Integer(),
  /** Rows that occurred before the hour in which they were received. */
  late: Type.Integer(),
  /** Changes exactly when the content changes. */
  version: Type.String(),
  /** Object keys of the Parquet files. */
  files: Type.Array(Type.String()),
  closedAt: orNull(Instant),
})

export const HistoryRow = Type.Object({
  hour: Type.String(),
  accepted: Type.Integer(),
  dead: Type.Integer(),
  duplicate: Type.Integer(),
  /** Longest time from receipt into a bucket within the hour; null before anything landed. */
  landedLagMs: orNull(Type.Number()),
})

export const eventsContract = defineContract({
  service: 'events',
  base: '/api/events/v1',
  routes: {
    putType: {
      method: 'PUT',
      path: '/types/{type}',
      summary: 'Registers an event type or a new version of it; the same definition again changes nothing',
      access: 'admin',
      params: TypeParams,
      body: EventTypeDefinition,
      result: Type.Object({ type: Type.String(), version: Type.String(), created: Type.Boolean() }),
    },
    retireType: {
      method: 'DELETE',
      path: '/types/{type}',
      summary: 'Marks a type as no longer defined; its events stay and are still taken, and putting it again takes the mark away',
      access: 'admin',
      params: TypeParams,
      result: Type.Object({ type: Type.String(), retiredAt: Instant }),
    },
    listTypes: { method: 'GET', path: '/types', summary: 'All event types with their owner, rate and state', access: 'read', result: rowsOf(TypeRow) },
    getType: { method: 'GET', path: '/types/{type}', summary: 'One event type', access: 'read', params: TypeParams, result: TypeRow },
    readEvents: {
      method: 'GET',
      path: '/types/{type}/events',
      summary: 'Accepted events by their place in the log: newest first for people, order=asc with a cursor to follow a type exactly once',
      access: 'read',
      params: TypeParams,
      query: Type.Object({
        after: Type.Optional(Type.String({ description: 'A cursor; absent: from the newest (desc) or the oldest kept (asc)' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 100 })),
        order: Type.Optional(Type.Union([Type.Literal('asc'), Type.Literal('desc')], { default: 'desc' })),
      }),
      result: Type.Object({
        rows: Type.Array(EventRow),
        /** Pass as `after` for what follows; in asc order it stays valid when `rows` is empty. */
        next: Type.String(),
      }),
    },
    counts: {
      method: 'GET',
      path: '/counts',
      summary: 'How many were accepted, and where they are; accepted = delivered + duplicate + dead + inFlight',
      access: 'read',
      query: Type.Object({
        type: Type.Optional(Type.String()),
        from: Type.Optional(Type.String({ description: 'Start of the first receive hour, ISO' })),
        to: Type.Optional(Type.String({ description: 'End (exclusive) of the last receive hour, ISO' })),
      }),
      result: rowsOf(CountRow),
    },
    listDead: {
      method: 'GET',
      path: '/types/{type}/dead',
      summary: 'Dead letters of a name, newest first, with the tally of reasons, also when no such type is registered; "unknown" holds all of no known type',
      access: 'read',
      params: TypeParams,
      query: Type.Object({
        reason: Type.Optional(Type.String({ description: 'Only letters of this reason, as the tally names it, e.g. "properties/playedMs minimum"' })),
        after: Type.Optional(Type.String()),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
      }),
      result: Type.Object({
        rows: Type.Array(DeadRow),
        /** Over the newest 5,000, whatever reason was asked for; most first. */
        reasons: Type.Array(Type.Object({ reason: Type.String(), count: Type.Integer() })),
        /** What these call themselves. */
        types: Type.Array(Type.Object({ type: Type.String(), count: Type.Integer() })),
        /** Pass as `after`; the end is where it no longer changes: a page of few rows is not always the last. */
        next: Type.String(),
      }),
    },
    replayDead: {
      method: 'POST',
      path: '/types/{type}/dead/replay',
      summary: 'Checks dead letters against the schema of today and delivers those that pass, once, under their own ids',
      access: 'admin',
      params: TypeParams,
      body: Type.Object({
        after: Type.Optional(Type.String({ description: 'The `next` of the call before, or the cursor of a letter: only those behind it, oldest first' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, default: 10_000 })),
      }),
      result: Type.Object({
        examined: Type.Integer(),
        accepted: Type.Integer(),
        duplicate: Type.Integer(),
        stillDead: Type.Integer(),
        /** Pass as `after` for what follows; absent when all were looked at. */
        next: Type.Optional(Type.String()),
      }),
    },
    listBuckets: {
      method: 'GET',
      path: '/types/{type}/buckets',
      summary: 'Hourly Parquet buckets; an hour without a row is empty, and closed when it ends at or before closedUntil',
      access: 'read',
      params: TypeParams,
      query: Type.Object({
        from: Type.Optional(Type.String({ description: 'First hour, e.g. "2026-09-21T09", or an ISO instant' })),
        to: Type.Optional(Type.String({ description: 'End (exclusive), same forms' })),
      }),
      result: Type.Object({ rows: Type.Array(BucketRow), closedUntil: Instant }),
    },
    publish: {
      method: 'POST',
      path: '/publish',
      summary: 'Takes events from services inside; the same checks and answers as the collector',
      access: 'admin',
      body: Type.Object({ events: Type.Array(WireEvent, { maxItems: 10_000 }) }),
      result: Type.Object({ results: Type.Array(EventResult) }),
      status: 202,
    },
    land: {
      method: 'POST',
      path: '/land',
      summary: 'Lands everything accepted so far into its open buckets at once, without waiting for the schedule',
      access: 'admin',
      result: Type.Object({ landed: Type.Integer({ description: 'Rows that came into buckets meanwhile' }) }),
    },
    history: {
      method: 'GET',
      path: '/history',
      summary: 'Hours up to now, oldest first, of one type or of all',
      access: 'read',
      query: Type.Object({
        type: Type.Optional(Type.String()),
        hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 2000, default: 24 })),
      }),
      result: rowsOf(HistoryRow),
    },
    pulse: { method: 'GET', path: '/pulse', summary: 'Flow, landing lag and what needs a person', access: 'read', result: Pulse },
  },
})

export type EventsContract = typeof eventsContract
export type EventTypeDefinition = Static<typeof EventTypeDefinition>
export type WireEvent = Static<typeof WireEvent>
export type EventResult = Static<typeof EventResult>
export type TypeRow = Static<typeof TypeRow>
export type EventRow = Static<typeof EventRow>
export type CountRow = Static<typeof CountRow>
export type DeadRow = Static<typeof DeadRow>
export type BucketRow = Static<typeof BucketRow>
export type HistoryRow = Static<typeof HistoryRow>
