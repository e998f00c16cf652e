// The door of recommendations: weekly lists, online recommendations, listeners, models, and the time of one turn.
import { defineContract, orNull, Pulse, rowsOf } from '@rondo/contract'
import { Type, type Static } from 'typebox'

const Instant = Type.String({ description: 'ISO 8601' })
const Monday = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Monday of the week, e.g. "2026-09-21"' })

/** `discover-weekly`: from the listener's own taste. `popularity`: what most play. Both hold only tracks the listener never heard. */
export const Shelf = Type.Enum(['discover-weekly', 'popularity'])

export const Item = Type.Object({
  trackId: Type.String(),
  title: Type.String(),
  artistId: Type.String(),
  artistName: Type.String(),
  genre: Type.String(),
})

/** Why a track is there, in words a listener would understand. `becauseOf` is the heard track that spoke most for it. */
export const Reason = Type.Object({
  kind: Type.Enum(['similar', 'popular', 'new', 'genre', 'cold-start']),
  text: Type.String(),
  becauseOf: Type.Optional(Type.Object({ trackId: Type.String(), title: Type.String(), occurredAt: Instant })),
})

/** What spoke for a track, as shares that add up to 1. `popularity` is what the average listener would be given too, `people` the rest of the taste. */
export const Sources = Type.Object({ people: Type.Number(), popularity: Type.Number(), freshness: Type.Number() })

export const Outcome = Type.Enum(['waiting', 'finished', 'played', 'skipped', 'saved'])

export const Recommended = Type.Interface([Item], {
  position: Type.Integer(),
  /** Comparable within one kind of reason only: of taste the predicted preference (about 0 to 1), of popularity the share of listeners, of new tracks the share of the listener's taste. */
  score: Type.Number(),
  reason: Reason,
  sources: Sources,
})

export const WeeklyList = Type.Object({
  user: Type.String(),
  week: Monday,
  shelf: Shelf,
  modelVersion: Type.String(),
  madeAt: Instant,
  /** Set when the list could not come from the listener's own plays, and says why. */
  coldStart: Type.Optional(Type.String()),
  tracks: Type.Array(Type.Interface([Recommended], { outcome: Outcome })),
})

export const Listener = Type.Object({
  user: Type.String(),
  plays: Type.Integer(),
  saves: Type.Integer(),
  tracksHeard: Type.Integer(),
  lastEventAt: orNull(Instant),
  /** Of this week's lists: how many tracks were played. */
  listPlayed: Type.Integer(),
})

export const ListenerDetail = Type.Interface([Listener], {
  firstEventAt: orNull(Instant),
  genres: Type.Array(Type.Object({ genre: Type.String(), share: Type.Number() })),
  history: Type.Array(Type.Interface([Item], { occurredAt: Instant, act: Type.Enum(['played', 'skipped', 'saved']) })),
  /** Weeks that have a list, newest first, with how each went; `newArtists` of what was played, artists never heard before the list was made. */
  weeks: Type.Array(Type.Object({ week: Monday, shelf: Shelf, played: Type.Integer(), finished: Type.Integer(), saved: Type.Integer(), newArtists: Type.Integer() })),
  tasteAsOf: orNull(Instant),
})

export const ModelRow = Type.Object({
  version: Type.String(),
  name: Type.String(),
  week: Monday,
  trainedAt: Instant,
  /** Real milliseconds. */
  trainMs: Type.Number(),
  users: Type.Integer(),
  items: Type.Integer(),
  interactions: Type.Integer(),
  dimensions: Type.Integer(),
  provisional: Type.Boolean(),
  lists: Type.Integer(),
  /** Measured on plays held out before training: recall@20, ndcg@20; absent when there was too little. */
  metrics: Type.Record(Type.String(), Type.Number()),
})

/** What a model is, whether trained yet or not. */
export const ModelDefinition = Type.Object({
  name: Type.String(),
  owner: Type.String(),
  description: Type.String(),
  /** Datasets that it is trained on. */
  learnsFrom: Type.Array(Type.String()),
  /** Event types that change its answers at once. */
  follows: Type.Array(Type.String()),
})

const User = Type.Object({ user: Type.String({ minLength: 1, maxLength: 128 }) })

export const recommendationsContract = defineContract({
  service: 'recommendations',
  base: '/api/recommendations/v1',
  routes: {
    weekly: {
      method: 'GET',
      path: '/users/{user}/weekly',
      summary: 'The week’s thirty tracks, never heard before; the same all week',
      access: 'client',
      params: User,
      query: Type.Object({ week: Type.Optional(Monday), shelf: Type.Optional(Shelf) }),
      result: WeeklyList,
    },
    recommend: {
      method: 'GET',
      path: '/users/{user}/recommend',
      summary: 'Tracks for now, from all that the listener did up to this moment',
      access: 'client',
      params: User,
      query: Type.Object({ k: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 10 })) }),
      result: Type.Object({ user: Type.String(), modelVersion: Type.String(), coldStart: Type.Optional(Type.String()), rows: Type.Array(Recommended) }),
    },
    similar: {
      method: 'GET',
      path: '/items/{item}/similar',
      summary: 'Tracks that the same listeners play',
      access: 'client',
      params: Type.Object({ item: Type.String({ minLength: 1, maxLength: 64 }) }),
      query: Type.Object({ k: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 10 })) }),
      result: Type.Object({ item: orNull(Item), modelVersion: Type.String(), coldStart: Type.Optional(Type.String()), rows: Type.Array(Type.Interface([Item], { score: Type.Number() })) }),
    },
    listUsers: {
      method: 'GET',
      path: '/users',
      summary: 'Listeners, the latest active first',
      access: 'read',
      query: Type.Object({ q: Type.Optional(Type.String()), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })) }),
      result: Type.Object({ rows: Type.Array(Listener), total: Type.Integer() }),
    },
    audience: { method: 'GET', path: '/audience', summary: 'How many listeners there are, and how many were heard in the last 24 hours', access: 'read', result: Type.Object({ activeLastDay: Type.Integer(), total: Type.Integer() }) },
    getUser: { method: 'GET', path: '/users/{user}', summary: 'One listener: taste, what was heard, how the lists went', access: 'read', params: User, result: ListenerDetail },
    listModelDefinitions: { method: 'GET', path: '/model-definitions', summary: 'Models and all that they are made from', access: 'read', result: rowsOf(ModelDefinition) },
    listModels: { method: 'GET', path: '/models', summary: 'Trained models, newest first', access: 'read', result: rowsOf(ModelRow) },
    refresh: {
      method: 'POST',
      path: '/refresh',
      summary: 'Learns now from all that has landed and makes the lists that this week lacks; an import ends with it',
      access: 'admin',
      body: Type.Object({ provisional: Type.Optional(Type.Boolean()) }),
      result: Type.Object({ modelVersion: Type.String(), users: Type.Integer(), items: Type.Integer(), interactions: Type.Integer(), lists: Type.Integer() }),
    },
    turn: {
      method: 'GET',
      path: '/turn',
      summary: 'The time of one turn: from a play to the play of a track recommended because of it',
      access: 'read',
      result: Type.Object({
        /** Monday of the week that is told of: the last with 30 turns or more, or, while none has so many, the last with any. */
        week: orNull(Type.String()),
        medianMs: orNull(Type.Number()),
        /** Median of the week before, for comparison; null when it has fewer than 30 turns. */
        previousMs: orNull(Type.Number()),
        /** Turns counted in that week. */
        plays: Type.Integer(),
        parts: Type.Array(Type.Object({ name: Type.String(), ms: Type.Number() })),
      }),
    },
    pulse: { method: 'GET', path: '/pulse', summary: 'Lists and answers made, time from closed data to served lists', access: 'read', result: Pulse },
  },
})

export type RecommendationsContract = typeof recommendationsContract
export type Shelf = Static<typeof Shelf>
export type Item = Static<typeof Item>
export type ModelDefinition = Static<typeof ModelDefinition>
export type Reason = Static<typeof Reason>
export type Outcome = Static<typeof Outcome>
export type Recommended = Static<typeof Recommended>
export type WeeklyList = Static<typeof WeeklyList>
export type Listener = Static<typeof Listener>
export type ListenerDetail = Static<typeof ListenerDetail>
export type ModelRow = Static<typeof ModelRow>
