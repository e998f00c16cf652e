// Schemas, dead letters and snippets in words.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBucketDays } from './bucket-days.ts'
import { sayRule, saySentence } from './dead-reasons.ts'
import { toShortWords, toWords } from './live-words.ts'
import { listFields, strictestMark } from './schema-fields.ts'
import { sayRetention } from './say-retention.ts'
import { sampleProperties, toCurl, toSdkCall } from './send-snippets.ts'

const schema = {
  type: 'object',
  properties: {
    trackId: { type: 'string', personal: 'none', minLength: 1, maxLength: 64 },
    playedMs: { type: 'integer', personal: 'none', minimum: 0 },
    source: { enum: ['search', 'radio'], personal: 'none' },
    place: { type: 'object', personal: 'strict', properties: { city: { type: 'string', personal: 'strict', description: 'Where' } } },
    tags: { type: 'array', personal: 'narrow', items: { type: 'string', personal: 'none' }, maxItems: 3 },
  },
  required: ['trackId', 'playedMs', 'source'],
}

test('EVW4 fields tell their rules, nested ones their path', () => {
  const fields = listFields(schema)
  assert.deepEqual(fields.map((field) => field.path), ['trackId', 'playedMs', 'source', 'place', 'place.city', 'tags'])
  assert.deepEqual(fields.map((field) => field.rules), [['1 to 64 characters'], ['at least 0'], ['one of search, radio'], [], [], ['at most 3 items']])
  assert.equal(fields[5]?.type, 'list of string')
  assert.equal(strictestMark(fields.map((field) => field.personal)), 'strict')
})

test('EVW5 a snippet sends what the schema requires, quoted for its shell', () => {
  assert.deepEqual(sampleProperties(schema), { trackId: 'track-1', playedMs: 180_000, source: 'search' })
  assert.match(toCurl('http://h:1', "o'clock", schema, 'id-1'), /curl http:\/\/h:1\/v1\/events[\s\S]*"id":"id-1","type":"o'\\''clock"/)
  assert.match(toSdkCall('http://h:1', 'track-played', schema), /rondo\.track\('track-played', \{ trackId: 'track-1', playedMs: 180000, source: 'search' \}/)
})

test('EVW6 a rule and a letter in words', () => {
  assert.equal(sayRule('properties/playedMs minimum'), 'playedMs is too small')
  assert.equal(sayRule('properties/a/b oneOf'), 'a.b oneOf')
  assert.equal(saySentence('properties/artistId, properties/trackMs is missing (required by track-played 1-0-0).'), 'artistId, trackMs are missing.')
  assert.equal(saySentence('properties/artistId is missing (required by track-played 1-0-0).'), 'artistId is missing.')
  assert.equal(saySentence('properties/playedMs is -1: must be >= 0 (minimum).'), 'playedMs is -1: must be >= 0.')
})

test('EVW7 an event in few words', () => {
  const properties = { trackId: 'kesa', artistId: 'a2', trackMs: 212_000, playedMs: 12_400, source: 'radio', deep: {}, liked: true }
  assert.deepEqual(toWords(properties), ['kesa', 'a2', '212 s', '12 s', 'radio', 'liked'])
  assert.deepEqual(toShortWords(properties), ['kesa', '12 s', 'radio'])
  assert.deepEqual(toShortWords({ results: 12 }), ['12'])
  assert.deepEqual(toShortWords({ ...properties, listId: '2026-09-21' }), ['kesa', '12 s', 'radio'])
  assert.deepEqual([sayRetention('90d'), sayRetention('1h'), sayRetention('for ever')], ['90 days', '1 hour', 'for ever'])
})

test('EVW8 buckets as days: empty hours close at closedUntil, hours before the first are none', () => {
  const bucket = { hour: '2026-09-21T06', state: 'closed' as const, rows: 10, late: 2, version: 'v', files: [], closedAt: null }
  const [yesterday, today] = toBucketDays([bucket, { ...bucket, hour: '2026-09-21T08', state: 'open', rows: 5 }], '2026-09-21T08:00:00Z', Date.parse('2026-09-21T08:20:00Z'), 2)
  assert.ok(yesterday?.cells.every((cell) => cell.state === 'none'))
  assert.deepEqual(today?.cells.slice(5, 10).map((cell) => cell.state), ['none', 'closed', 'closed', 'open', 'ahead'])
  assert.equal(today?.cells[8]?.weight, 0.5)
})
