// What listeners do with a track: the raw material of every recommendation.
import { defineEvent, Type } from 'rondo'

const Source = Type.Enum(['discover-weekly', 'popularity', 'search', 'library', 'radio', 'import'], {
  personal: 'none',
  description: 'The surface that offered the track',
})

const fromList = {
  listId: Type.Optional(Type.String({ personal: 'none', maxLength: 32, description: 'Monday of the weekly list it came from' })),
  position: Type.Optional(Type.Integer({ personal: 'none', minimum: 1, maximum: 1000 })),
}

export default [
  defineEvent({
    name: 'track-played',
    version: '1-0-0',
    owner: 'squad-world',
    description: 'A track was listened to past the point where skips happen.',
    slo: 'gold',
    retention: '365d',
    schema: Type.Object({
      trackId: Type.String({ personal: 'none', minLength: 1, maxLength: 64 }),
      artistId: Type.String({ personal: 'none', minLength: 1, maxLength: 64 }),
      trackMs: Type.Integer({ personal: 'none', minimum: 0 }),
      playedMs: Type.Integer({ personal: 'none', minimum: 0 }),
      source: Source,
      ...fromList,
      plays: Type.Optional(Type.Integer({ personal: 'none', minimum: 1, description: 'How many plays this stands for; imports of counts use it' })),
    }),
  }),
  defineEvent({
    name: 'track-skipped',
    version: '1-0-0',
    owner: 'squad-world',
    description: 'A track was left before its end.',
    slo: 'gold',
    retention: '365d',
    schema: Type.Object({
      trackId: Type.String({ personal: 'none', minLength: 1, maxLength: 64 }),
      artistId: Type.String({ personal: 'none', minLength: 1, maxLength: 64 }),
      trackMs: Type.Integer({ personal: 'none', minimum: 0 }),
      playedMs: Type.Integer({ personal: 'none', minimum: 0 }),
      source: Source,
      ...fromList,
    }),
  }),
  defineEvent({
    name: 'track-saved',
    version: '1-0-0',
    owner: 'squad-world',
    description: 'A track was put into the listener’s library.',
    slo: 'silver',
    retention: '365d',
    schema: Type.Object({
      trackId: Type.String({ personal: 'none', minLength: 1, maxLength: 64 }),
      artistId: Type.String({ personal: 'none', minLength: 1, maxLength: 64 }),
      source: Source,
    }),
  }),
  defineEvent({
    name: 'playlist-added',
    version: '1-0-0',
    owner: 'squad-world',
    description: 'A track was added to one of the listener’s playlists.',
    slo: 'silver',
    retention: '365d',
    schema: Type.Object({
      trackId: Type.String({ personal: 'none', minLength: 1, maxLength: 64 }),
      artistId: Type.String({ personal: 'none', minLength: 1, maxLength: 64 }),
      playlistId: Type.String({ personal: 'narrow', maxLength: 64 }),
      source: Source,
    }),
  }),
]
