// How listeners look for music, and what there is to find.
import { defineEvent, Type } from 'rondo'

export default [
  defineEvent({
    name: 'search-made',
    version: '1-0-0',
    owner: 'squad-world',
    description: 'A listener searched.',
    slo: 'bronze',
    retention: '90d',
    schema: Type.Object({
      query: Type.String({ personal: 'narrow', maxLength: 200 }),
      results: Type.Integer({ personal: 'none', minimum: 0 }),
    }),
  }),
  defineEvent({
    name: 'track-released',
    version: '1-0-0',
    owner: 'squad-discovery',
    description: 'A track joined the catalogue. Imports use it for artists and films too.',
    slo: 'silver',
    retention: '3650d',
    schema: Type.Object({
      trackId: Type.String({ personal: 'none', minLength: 1, maxLength: 64 }),
      title: Type.String({ personal: 'none', maxLength: 400 }),
      artistId: Type.String({ personal: 'none', minLength: 1, maxLength: 64 }),
      artistName: Type.String({ personal: 'none', maxLength: 400 }),
      genre: Type.String({ personal: 'none', maxLength: 200 }),
      trackMs: Type.Integer({ personal: 'none', minimum: 0 }),
    }),
  }),
  defineEvent({
    name: 'flag-exposed',
    version: '1-0-0',
    owner: 'squad-experimentation',
    description: 'A flag’s value was used: the moment a unit enters an experiment.',
    slo: 'gold',
    retention: '365d',
    schema: Type.Object({
      flag: Type.String({ personal: 'none', minLength: 1, maxLength: 128 }),
      variant: Type.String({ personal: 'none', maxLength: 128 }),
      unit: Type.String({ personal: 'narrow', minLength: 1, maxLength: 128 }),
      rule: Type.String({ personal: 'none', maxLength: 128 }),
    }),
  }),
]
