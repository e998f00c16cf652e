// What goes through the door of the events room, as plain data: definitions, events, and the rows of every answer.
import { orNull } from '@rondo/contract'
import { Type, type Static } from 'typebox'

export const TypeName = Type.String({ minLength: 1, maxLength: 128, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' })
export const Instant = Type.String({ description: 'ISO 8601, UTC' })
export const ReaderName = Type.String({ minLength: 1, maxLength: 200, pattern: '^[A-Za-z0-9][A-Za-z0-9._:@-]*$' })

export const Slo = Type.Union([Type.Literal('gold'), Type.Literal('silver'), Type.Literal('bronze')])

export type Promised = {
  /** From receipt into a bucket; longer is late. */
  landsWithinMs: number
  /** Quiet for so much longer than it ever was is silent; null: it may be. */
  silentAfterMs: number | null
  /** Of what came in a day: more dead letters than this share are too many. */
  deadShare: number
}

const MINUTE_MS = 60_000

/** What a service level promises: past it somebody is told. docs/guides/service-levels.md says the same to people. */
export const PROMISES: Record<Static<typeof Slo>, Promised> = {
  gold: { landsWithinMs: 75 * MINUTE_MS, silentAfterMs: 120 * MINUTE_MS, deadShare: 0.005 },
  silver: { landsWithinMs: 120 * MINUTE_MS, silentAfterMs: 120 * MINUTE_MS, deadShare: 0.01 },
  bronze: { landsWithinMs: 360 * MINUTE_MS, silentAfterMs: null, deadShare: 0.05 },
}

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
  /** What is odd about it though it was taken, e.g. a field that nobody reads. */
  warnings: Type.Optional(Type.Array(Type.String())),
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
  /** Fields beside those of the envelope that came with its events since the process began, and are not kept: the commonest first, at most 20 by name and the rest as "…". Absent without any. */
  unknownFields: Type.Optional(Type.Array(Type.Object({ field: Type.String(), count: Type.Integer(), lastAt: Instant, /** What it may have been meant to be. */ meant: orNull(Type.String()) }))),
  /** Columns of the type's Parquet buckets, in file order. */
  columns: Type.Array(
    Type.Object({
      name: Type.String(),
      type: Type.Union([Type.Literal('string'), Type.Literal('integer'), Type.Literal('number'), Type.Literal('boolean'), Type.Literal('timestamp'), Type.Literal('json')]),
      personal: Type.Union([Type.Literal('none'), Type.Literal('narrow'), Type.Literal('strict')]),
    }),
  ),
})

/** Where a type stands against its promise (`PROMISES`), with the figures of its last 24 hours. */
export const Standing = Type.Object({
  type: Type.String(),
  version: Type.String(),
  owner: Type.String(),
  slo: Slo,
  description: Type.String(),
  /** The strictest mark of its properties. */
  personal: Type.Union([Type.Literal('none'), Type.Literal('narrow'), Type.Literal('strict')]),
  state: TypeState,
  retiredAt: Type.Optional(Instant),
  ratePerHour: Type.Number(),
  lastEventAt: orNull(Instant),
  landingLagMs: Type.Number(),
  /** Received in the last 24 hours, the one under way included. */
  accepted: Type.Integer(),
  dead: Type.Integer(),
  /** Sums of the kept accounts of those hours; `wrong`: what is missing or too much, in `wrongHours` of them. */
  closed: Type.Object({ hours: Type.Integer(), delivered: Type.Integer(), landed: Type.Integer(), inFlight: Type.Integer(), wrongHours: Type.Integer(), wrong: Type.Integer() }),
  /** How it breaks its promise; empty when it keeps it. */
  misses: Type.Array(Type.Union([Type.Literal('broken'), Type.Literal('incomplete'), Type.Literal('late'), Type.Literal('silent'), Type.Literal('bad')])),
  /** Delivered in each of the last 24 hours, the oldest first; empty when nothing came and nothing was usual. */
  values: Type.Array(Type.Number()),
  /** Mean and standard deviation of the same hours of the week before; empty, or null, before there are days enough. */
  usual: Type.Array(orNull(Type.Number())),
  spread: Type.Array(orNull(Type.Number())),
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
  /** There when the event has one that may be read. */
  context: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  /** What is personal in it, under the key of that id, in base64; there when it was asked for so. */
  sealed: Type.Optional(Type.Object({ key: Type.String(), data: Type.String() })),
  /** Its user was erased: its personal properties are absent for good. */
  erased: Type.Optional(Type.Boolean()),
  cursor: Type.String(),
})

/** A named reader of a type, or a group of Kafka's consumers, which is called "kafka:GROUP". */
export const ReaderRow = Type.Object({
  type: Type.String(),
  reader: Type.String(),
  kind: Type.Union([Type.Literal('reader'), Type.Literal('kafka-group')]),
  /** Of a group, those that are there now: while there are any, nobody else moves it. */
  members: Type.Integer(),
  /** What lies before it is done. */
  cursor: Type.String(),
  /** Events behind the cursor. */
  lag: Type.Integer(),
  /** Age of the first of them; 0 without any. */
  lagMs: Type.Number(),
  /** When it last asked; null for a group. */
  askedAt: orNull(Instant),
})

/** A limit that is absent is none; `key` "*" is every key that has no row of its own, each for itself. */
export const QuotaRow = Type.Object({
  key: Type.String(),
  eventsPerSecond: Type.Optional(Type.Number()),
  burst: Type.Optional(Type.Integer()),
  bytesPerDay: Type.Optional(Type.Integer()),
  /** Of bodies, unpacked, in the UTC day under way. Counted by this process since it began. */
  bytesToday: Type.Integer(),
  /** Requests, since the process began. */
  refused: Type.Integer(),
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
  /** Its user was erased: `raw` and `reason` are empty for good, and it cannot be replayed. */
  erased: Type.Optional(Type.Boolean()),
  cursor: Type.String(),
})

const Field = Type.String({ description: 'The way to it, e.g. "type" or "properties/playedMs"', minLength: 1, maxLength: 512, pattern: '^(?!(.*/)?__proto__(/|$))[^/]+(/[^/]+)*$' })

/** One step of mending dead letters; what it does not find it leaves alone. */
export const RepairStep = Type.Union([
  Type.Object({ do: Type.Literal('set'), field: Field, value: Type.Unknown() }, { additionalProperties: false }),
  /** Sets what is absent. */
  Type.Object({ do: Type.Literal('default'), field: Field, value: Type.Unknown() }, { additionalProperties: false }),
  Type.Object({ do: Type.Literal('remove'), field: Field }, { additionalProperties: false }),
  /** `to`: its new name in the same object; one that is taken stays. */
  Type.Object({ do: Type.Literal('rename'), field: Field, to: Type.String({ minLength: 1, maxLength: 128, pattern: '^(?!__proto__$)[^/]+$' }) }, { additionalProperties: false }),
  Type.Object({ do: Type.Literal('convert'), field: Field, to: Type.Union([Type.Literal('string'), Type.Literal('number'), Type.Literal('integer'), Type.Literal('boolean')]) }, { additionalProperties: false }),
  /** Texts only; `length` in characters. */
  Type.Object({ do: Type.Literal('truncate'), field: Field, length: Type.Integer({ minimum: 0, maximum: 65_536 }) }, { additionalProperties: false }),
])

export const BucketRow = Type.Object({
  /** "2026-09-21T09" */
  hour: Type.String(),
  state: Type.Union([Type.Literal('open'), Type.Literal('closed')]),
  rows: Type.Integer(),
  /** Rows that occurred before the hour in which they were received. */
  late: Type.Integer(),
  /** Changes exactly when the content changes. */
  version: Type.String(),
  /** Object keys of the Parquet files. Those under `events/packed/` hold rows of many types: of interest are those whose `type` is this one, with their properties in `cells`. */
  files: Type.Array(Type.String()),
  /** Some rows hold personal values sealed: in `_sealed`, under the key that `_sealedBy` names (see `readKeys`). */
  sealed: Type.Optional(Type.Boolean()),
  closedAt: orNull(Instant),
})

/** The account of one type and hour, written down when the hour closed. */
export const ReportRow = Type.Object({
  type: Type.String(),
  /** "2026-09-21T09" */
  hour: Type.String(),
  /** delivered + duplicate + dead: everything that was answered with 2xx. */
  accepted: Type.Integer(),
  /** Records of the hour in the log. */
  delivered: Type.Integer(),
  duplicate: Type.Integer(),
  dead: Type.Integer(),
  /** Delivered, but not in a bucket when the hour closed. */
  inFlight: Type.Integer(),
  /** Rows in the files of the bucket. */
  landed: Type.Integer(),
  /** delivered - landed - inFlight; anything but 0 needs a person. */
  difference: Type.Integer(),
  late: Type.Integer(),
  /** Of the bucket; empty for an hour in which nothing was delivered. */
  version: Type.String(),
  closedAt: Instant,
})

/** Numbers that are missing between a client's lowest and highest of the hour: lost on the way, or received in another hour. */
export const LossRow = Type.Object({
  hour: Type.String(),
  clients: Type.Integer(),
  /** Events with a number. */
  numbered: Type.Integer(),
  lost: Type.Integer(),
  /** False when the process began within the hour, or there were too many clients to remember: then something is missing that did arrive. */
  isWhole: Type.Boolean(),
})

/** Where copies of one user's personal data lie. readable + erased = sealed + plain. */
export const AuditRow = Type.Object({
  place: Type.Union([Type.Literal('log'), Type.Literal('dead'), Type.Literal('buckets')]),
  type: Type.String(),
  /** Records or rows of the user that were looked at. */
  records: Type.Integer(),
  /** Of these, with something personal under a key. */
  sealed: Type.Integer(),
  /** Of these, with something personal in the clear: written before there were keys. */
  plain: Type.Integer(),
  /** That anybody can still read: plain, or sealed under a key that exists. */
  readable: Type.Integer(),
})

export const HistoryRow = Type.Object({
  hour: Type.String(),
  accepted: Type.Integer(),
  dead: Type.Integer(),
  duplicate: Type.Integer(),
  /** Longest time from receipt into a bucket within the hour; null before anything landed. */
  landedLagMs: orNull(Type.Number()),
})

/** One thing that differs between two versions of a schema. `was` or `is` is absent where there was or is nothing. */
export const SchemaChange = Type.Object({
  /** "schema.playedMs.minimum": the field, then the keyword. */
  path: Type.String(),
  was: Type.Optional(Type.Unknown()),
  is: Type.Optional(Type.Unknown()),
  /** The part of SchemaVer that has to grow: MODEL when something that was taken may now be refused, REVISION when more is taken or read differently, ADDITION for a new optional field. */
  class: Type.Union([Type.Literal('MODEL'), Type.Literal('REVISION'), Type.Literal('ADDITION')]),
  why: Type.String(),
})

/** What registering a definition would do, and the answer of a dry run; nothing is changed. */
export const TypeCheck = Type.Object({
  type: Type.String(),
  version: Type.String(),
  /** Version in force; null for a new type. */
  current: orNull(Type.String()),
  /** `putType` would take it. */
  fits: Type.Boolean(),
  /** Why it would not; null when it fits. */
  fault: orNull(Type.Object({ code: Type.String(), message: Type.String(), help: orNull(Type.String()) })),
  /** The smallest version that may carry these changes; `current` when there are none. */
  needed: Type.String(),
  changes: Type.Array(SchemaChange),
  /** The same for people, one line a change. */
  text: Type.String(),
})

export const TypeVersionRow = Type.Object({
  version: Type.String(),
  /** When this version was first put. */
  putAt: Instant,
  owner: Type.String(),
  schema: Type.Record(Type.String(), Type.Unknown()),
  /** Against the version before; empty for the first. */
  changes: Type.Array(SchemaChange),
})

export type EventTypeDefinition = Static<typeof EventTypeDefinition>
export type WireEvent = Static<typeof WireEvent>
export type EventResult = Static<typeof EventResult>
export type SchemaChange = Static<typeof SchemaChange>
export type TypeCheck = Static<typeof TypeCheck>
export type TypeVersionRow = Static<typeof TypeVersionRow>
export type TypeRow = Static<typeof TypeRow>
export type Standing = Static<typeof Standing>
export type EventRow = Static<typeof EventRow>
export type ReaderRow = Static<typeof ReaderRow>
export type CountRow = Static<typeof CountRow>
export type DeadRow = Static<typeof DeadRow>
export type RepairStep = Static<typeof RepairStep>
export type BucketRow = Static<typeof BucketRow>
export type HistoryRow = Static<typeof HistoryRow>
export type ReportRow = Static<typeof ReportRow>
export type LossRow = Static<typeof LossRow>
export type AuditRow = Static<typeof AuditRow>
