// Values of records as lines: each is one line, stays the JSON it is or is not, and has a type.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hasType, mentionsType, toLines } from './to-lines.ts'

const lines = (values: (string | undefined)[], says = hasType): string[] => toLines(values.map((value) => (value === undefined ? undefined : Buffer.from(value))), 'play', says).toString().split('\n')

describe('values of Kafka records', () => {
  it('EV70 an event without a type has its topic\'s; one that says its own keeps it', () => {
    assert.deepEqual(lines(['{"id":"a"}', '{}', ' { } ', '{"type":"other"}', '{"properties":{"type":1}}']), ['{"type":"play","id":"a"}', '{"type":"play"}', ' {"type":"play" } ', '{"type":"other"}', '{"type":"play","properties":{"type":1}}'])
    assert.deepEqual(lines(['{"properties":{"type":1}}'], mentionsType), ['{"properties":{"type":1}}'], 'the quick look leaves it to the careful one')
  })

  it('EV70 a value of many lines is one, and a break within a text stays wrong', () => {
    assert.deepEqual(lines(['{\n"id":\n"a"\n}', '{"id":"a\nb"}']), ['{"type":"play",\r"id":\r"a"\r}', '{"id":"a\rb"}'].map((line) => (line.startsWith('{"id"') ? `{"type":"play",${line.slice(1)}` : line)))
    assert.throws(() => JSON.parse(lines(['{"id":"a\nb"}'])[0] ?? ''))
  })

  it('EV70 what is no object is left as it is, and nothing at all has a line too', () => {
    assert.deepEqual(lines(['[1]', 'no "type" {', undefined, '', ' \n']), ['[1]', 'no "type" {', 'null', 'null', 'null'])
  })
})
