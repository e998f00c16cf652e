// The door of the events room: its verbs. What goes through it is in contract/rows.ts.
import { defineContract, orNull, Pulse, rowsOf } from '@rondo/contract'
import { Type } from 'typebox'
import { AuditRow, BucketRow, CountRow, DeadRow, EventResult, EventRow, EventTypeDefinition, HistoryRow, Instant, LossRow, QuotaRow, ReaderName, ReaderRow, RepairStep, ReportRow, Standing, TypeCheck, TypeName, TypeRow, TypeVersionRow, WireEvent } from './contract/rows.ts'

export * from './contract/rows.ts'

const TypeParams = Type.Object({ type: TypeName })
const UserParams = Type.Object({ user: Type.String({ minLength: 1, maxLength: 256 }) })
const ReaderParams = Type.Object({ type: TypeName, reader: ReaderName })
const Put = Type.Object({ type: Type.String(), version: Type.String(), created: Type.Boolean() })

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
      result: Put,
    },
    putTypes: {
      method: 'POST',
      path: '/types',
      summary: 'Registers many types at once, all or none of them; the first that cannot be taken is named',
      access: 'admin',
      body: Type.Object({ types: Type.Array(EventTypeDefinition, { maxItems: 10_000 }) }),
      result: rowsOf(Put),
    },
    checkType: {
      method: 'POST',
      path: '/types/{type}/check',
      summary: 'What registering this definition would change and which version it needs; changes nothing',
      access: 'read',
      params: TypeParams,
      body: EventTypeDefinition,
      result: TypeCheck,
    },
    listVersions: {
      method: 'GET',
      path: '/types/{type}/versions',
      summary: 'Every version of a type, newest first, with what it changed',
      access: 'read',
      params: TypeParams,
      result: rowsOf(TypeVersionRow),
    },
    getSchema: {
      method: 'GET',
      path: '/types/{type}/schema',
      summary: 'The JSON Schema of a version (the current one unless named) in the draft that is asked for',
      access: 'read',
      params: TypeParams,
      query: Type.Object({
        draft: Type.Optional(Type.Union([Type.Literal('7'), Type.Literal('2020-12')], { default: '2020-12' })),
        version: Type.Optional(Type.String()),
      }),
      result: Type.Record(Type.String(), Type.Unknown()),
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
    standings: { method: 'GET', path: '/standings', summary: 'Where each type stands against the promise of its service level, without schemas: one small row a type', access: 'read', result: rowsOf(Standing) },
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
        sealed: Type.Optional(Type.Boolean({ description: 'Leave what is personal under its key, for copies that an erasure has to reach' })),
        reader: Type.Optional(Type.String({ ...ReaderName, description: 'The name of who follows, with order=asc: what lies before `after` is done; without `after`, it goes on where it last asked' })),
      }),
      result: Type.Object({
        rows: Type.Array(EventRow),
        /** Pass as `after` for what follows; in asc order it stays valid when `rows` is empty. */
        next: Type.String(),
      }),
    },
    listReaders: {
      method: 'GET',
      path: '/readers',
      summary: 'Who follows which type by name, groups of Kafka clients too, and how far behind; the furthest first',
      access: 'read',
      query: Type.Object({ type: Type.Optional(Type.String()) }),
      result: rowsOf(ReaderRow),
    },
    moveReader: {
      method: 'PUT',
      path: '/types/{type}/readers/{reader}',
      summary: 'Puts a named reader, or a Kafka group without members, to another place, to read again or to leave out',
      access: 'admin',
      params: ReaderParams,
      body: Type.Object({ to: Type.String({ description: '"start", "end", a cursor, or an instant of receipt' }) }),
      result: ReaderRow,
    },
    forgetReader: {
      method: 'DELETE',
      path: '/types/{type}/readers/{reader}',
      summary: 'Forgets a named reader, or where a Kafka group without members was',
      access: 'admin',
      params: ReaderParams,
      result: Type.Object({ type: Type.String(), reader: Type.String() }),
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
    quotas: { method: 'GET', path: '/quotas', summary: 'What each key with a quota may send, what it sent today, and how often it was refused since the start', access: 'read', result: rowsOf(QuotaRow) },
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
      summary: 'Checks dead letters, or only those that the steps of `repair` change, mended by them, against the schema of today, and delivers those that pass, once, under their own ids',
      access: 'admin',
      params: TypeParams,
      body: Type.Object({
        after: Type.Optional(Type.String({ description: 'The `next` of the call before, or the cursor of a letter: only those behind it, oldest first' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, default: 10_000 })),
        reason: Type.Optional(Type.String({ description: 'Only letters of this reason, as the tally of the list names it' })),
        repair: Type.Optional(Type.Array(RepairStep, { maxItems: 50 })),
        newIds: Type.Optional(Type.Boolean({ description: 'Letters without a usable id get one of their own, the same whenever they are mended; without it they stay dead' })),
        dryRun: Type.Optional(Type.Boolean({ description: 'Delivers nothing, and shows what would become of the first twenty' })),
      }),
      result: Type.Object({
        examined: Type.Integer(),
        accepted: Type.Integer(),
        duplicate: Type.Integer(),
        stillDead: Type.Integer(),
        /** Pass as `after` for what follows; absent when all were looked at. */
        next: Type.Optional(Type.String()),
        /** Of a dry run. `reason`: why it would still be refused; texts are cut at 4,096 characters. */
        samples: Type.Optional(Type.Array(Type.Object({ cursor: Type.String(), before: Type.String(), after: Type.String(), reason: orNull(Type.String()) }))),
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
    restate: {
      method: 'POST',
      path: '/types/{type}/buckets/{hour}/restate',
      summary: 'Makes the files of a closed hour anew from the log, with the columns of today; files of the version before stay for seven days',
      access: 'admin',
      params: Type.Object({ type: TypeName, hour: Type.String({ description: 'For instance "2026-09-21T09"' }) }),
      /** `version` is `before` when nothing changed. */
      result: Type.Object({ type: Type.String(), hour: Type.String(), before: Type.String(), version: Type.String() }),
    },
    reports: {
      method: 'GET',
      path: '/reports',
      summary: 'The account of each type and closed hour as it was kept when the hour closed, newest hour first',
      access: 'read',
      query: Type.Object({
        type: Type.Optional(Type.String()),
        from: Type.Optional(Type.String({ description: 'First hour, e.g. "2026-09-21T09", or an ISO instant' })),
        to: Type.Optional(Type.String({ description: 'End (exclusive), same forms' })),
        after: Type.Optional(Type.String({ description: 'The `next` of the page before' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 })),
      }),
      /** `next` is absent on the last page. */
      result: Type.Object({ rows: Type.Array(ReportRow), next: Type.Optional(Type.String()) }),
    },
    losses: {
      method: 'GET',
      path: '/losses',
      summary: 'By hour and over all types, what clients that number their events (context.client: {id, sequence}) sent and never arrived in it',
      access: 'read',
      query: Type.Object({
        from: Type.Optional(Type.String({ description: 'First hour, e.g. "2026-09-21T09", or an ISO instant' })),
        to: Type.Optional(Type.String({ description: 'End (exclusive), same forms' })),
      }),
      result: rowsOf(LossRow),
    },
    erase: {
      method: 'DELETE',
      path: '/users/{user}',
      summary: 'Destroys the keys of a user (or of an anonymous id): what is personal in its events is unreadable from then on, in every copy',
      access: 'admin',
      params: UserParams,
      /** `keys`: how many were destroyed; 0 when nothing of the user was ever sealed. */
      result: Type.Object({ user: Type.String(), keys: Type.Integer(), erasedAt: Instant }),
    },
    audit: {
      method: 'GET',
      path: '/users/{user}/audit',
      summary: 'Walks log, dead letters and buckets for a user, and counts the copies of personal data that can still be read',
      access: 'admin',
      params: UserParams,
      /** `keys`: those that an erasure would destroy. */
      result: Type.Object({ user: Type.String(), keys: Type.Integer(), readable: Type.Integer(), rows: Type.Array(AuditRow) }),
    },
    readKeys: {
      method: 'POST',
      path: '/keys/read',
      summary: 'Keys by the ids that sealed rows name, for one query of a room inside: they are forgotten at its end. Destroyed ones are absent',
      access: 'admin',
      body: Type.Object({ ids: Type.Array(Type.String(), { maxItems: 10_000 }) }),
      /** `key`: 32 bytes in base64, for AES-256-GCM. */
      result: Type.Object({ keys: Type.Array(Type.Object({ id: Type.String(), key: Type.String() })) }),
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
