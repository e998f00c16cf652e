// A client knows the workspace's events: the compiler is the test, and running it only shows that the file was read.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineEvent, Type, type EventsOf } from 'rondo'
import { createRondo } from '../src/index.ts'
import { createBrowserRondo } from '../src/browser.ts'

const definitions = [
  defineEvent({
    name: 'track-played',
    version: '1-0-0',
    owner: 'squad-world',
    slo: 'gold',
    retention: '90d',
    schema: Type.Object({
      trackId: Type.String({ personal: 'none' }),
      playedMs: Type.Integer({ personal: 'none' }),
      source: Type.Enum(['radio', 'search'], { personal: 'none' }),
      position: Type.Optional(Type.Integer({ personal: 'none' })),
    }),
  }),
  defineEvent({ name: 'search-made', version: '1-0-0', owner: 'squad-world', slo: 'bronze', retention: '90d', schema: Type.Object({ query: Type.String({ personal: 'narrow' }) }) }),
]
type Music = EventsOf<typeof definitions>

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const isSame = <T extends true>(): T | undefined => undefined

/** Never called: the compiler reads it. */
function typed(): void {
  isSame<Same<keyof Music, 'track-played' | 'search-made'>>()
  isSame<Same<Music['search-made']['query'], string>>()
  isSame<Same<Music['track-played']['source'], 'radio' | 'search'>>()
  isSame<Same<Music['track-played']['position'], number | undefined>>()
  for (const rondo of [createRondo<Music>({ url: '' }), createBrowserRondo<Music>({ url: '' })]) {
    rondo.track('track-played', { trackId: 't', playedMs: 1, source: 'radio' })
    rondo.track('search-made', { query: 'q' })
    // @ts-expect-error no such event
    rondo.track('track-paused', {})
    // @ts-expect-error playedMs is missing
    rondo.track('track-played', { trackId: 't', source: 'radio' })
    // @ts-expect-error a number is no text
    rondo.track('search-made', { query: 1 })
    // @ts-expect-error no such source
    rondo.track('track-played', { trackId: 't', playedMs: 1, source: 'tv' })
    // @ts-expect-error a property that the schema does not have
    rondo.track('search-made', { query: 'q', results: 1 })
  }
}

test('JS21 track takes the events that the workspace defines, and nothing else', () => {
  assert.equal(typeof typed, 'function')
  assert.deepEqual(definitions.map(({ name }) => name), ['track-played', 'search-made'])
})
