// Steps as they are typed, and what they change before the eyes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diffLines, prettyJson } from './diff-lines.ts'
import { sayStep, suggestStep, toStep } from './repair-steps.ts'

test('EVW11 a typed step is what the room takes, or a sentence that says what is missing', () => {
  const step = (kind: 'set' | 'default' | 'convert' | 'rename' | 'remove' | 'truncate', field: string, value = '') => toStep({ id: 1, kind, field, value })
  assert.deepEqual(step('set', 'properties.source', 'radio'), { do: 'set', field: 'properties/source', value: 'radio' })
  assert.deepEqual(step('default', 'properties/plays', '1'), { do: 'default', field: 'properties/plays', value: 1 })
  assert.deepEqual(step('set', 'properties/plays', '"1"'), { do: 'set', field: 'properties/plays', value: '1' })
  assert.deepEqual(step('convert', 'properties/playedMs', 'integer'), { do: 'convert', field: 'properties/playedMs', to: 'integer' })
  assert.deepEqual(step('truncate', 'properties/query', '64'), { do: 'truncate', field: 'properties/query', length: 64 })
  assert.deepEqual(step('remove', 'properties/mood'), { do: 'remove', field: 'properties/mood' })
  assert.deepEqual(step('rename', 'properties/track_id', 'trackId'), { do: 'rename', field: 'properties/track_id', to: 'trackId' })
  assert.equal(step('remove', ' '), 'Name the field, for instance properties/playedMs.')
  assert.equal(step('truncate', 'properties/query', 'many'), 'Give a length from 0 to 65,536 for properties/query.')
  assert.equal(step('set', 'properties/a'), 'Give the value of properties/a.')
})

test('EVW11 a reason suggests its first step, and a step reads as a command takes it', () => {
  assert.deepEqual(suggestStep('properties/playedMs type'), { kind: 'convert', field: 'properties/playedMs', value: 'integer' })
  assert.deepEqual(suggestStep('properties/trackId required'), { kind: 'default', field: 'properties/trackId', value: '' })
  assert.equal(sayStep({ do: 'set', field: 'properties/a', value: 'b' }), 'set properties/a="b"')
  assert.equal(sayStep({ do: 'truncate', field: 'properties/a', length: 3 }), 'truncate properties/a=3')
})

test('EVW12 before and after stand beside each other with only what differs marked', () => {
  const { before, after } = diffLines(prettyJson('{"a":1,"b":"2","c":3}'), prettyJson('{"a":1,"b":2,"c":3}'))
  assert.deepEqual(before.filter((line) => !line.isShared).map((line) => line.text), ['  "b": "2",'])
  assert.deepEqual(after.filter((line) => !line.isShared).map((line) => line.text), ['  "b": 2,'])
  assert.ok(diffLines('x', 'x').before.every((line) => line.isShared))
})
