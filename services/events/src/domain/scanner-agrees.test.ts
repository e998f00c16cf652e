// The scanner against validators that are not ours: cases of JSON Schema keywords, corners of JSON, and mutated events. RONDO_FUZZ=20 npm test -- scanner-agrees
// makes four million of them.
import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { test } from 'node:test'
import { createRandom, type Random } from '@rondo/random'
import { Ajv } from 'ajv'
import { openScanKernel } from '../collector/scan-kernel.ts'
import { EventScanner } from './event-scanner.ts'
import { createEventType, type EventType } from './event-type.ts'
import { NO_KERNEL } from './plain-runs.ts'
import type { ScannedEvent } from './scanned-event.ts'

const AT = Date.parse('2026-09-21T09:00:00.000Z')
const MUTATED = 200_000 * Number(process.env['RONDO_FUZZ'] ?? 1)
const LINES = 20
const kernel = await openScanKernel()

type Schema = Record<string, unknown>

function defineType(name: string, schema: Schema): EventType {
  return createEventType([{ name, version: '1-0-0', owner: 'o', slo: 'bronze', retention: '1d', schema }])
}

function open(types: EventType[], quick: boolean): EventScanner {
  const byName = new Map(types.map((type) => [type.name, type]))
  return new EventScanner({ find: (name) => byName.get(name), list: () => types, runs: quick ? kernel : NO_KERNEL })
}

/** What is stored and answered of an event, whichever way it was read. */
function show(bytes: Buffer, event: ScannedEvent): unknown[] {
  const text = (from: number, to: number): string | null => (from < 0 ? null : bytes.toString('utf8', from, to))
  if (event.death !== undefined) return [event.start, event.stop, event.type?.name, event.death]
  return [event.start, event.stop, event.type?.name, event.id ?? text(event.idStart, event.idStop), text(event.keyStart, event.keyStop), event.occurredAtMs, event.corrected, event.low, event.high]
}

/** Of each keyword the cases that the JSON Schema Test Suite is about: [schema of the field, [JSON text, fits]…]. */
const KEYWORDS: [Schema, [string, boolean][]][] = [
  [{ type: 'integer' }, [['1', true], ['1.0', true], ['1.1', false], ['"1"', false], ['{}', false], ['[]', false], ['true', false], ['null', false], ['-0', true], ['1e2', true], ['1.5e1', true], ['-7', true]]],
  [{ type: 'number' }, [['1', true], ['1.0', true], ['1.1', true], ['"1"', false], ['null', false], ['1e-7', true], ['-0.0', true], ['1E+2', true], ['false', false]]],
  [{ type: 'string' }, [['"foo"', true], ['""', true], ['"1"', true], ['1', false], ['1.1', false], ['{}', false], ['null', false], ['"\\u0000"', true], ['"é"', true]]],
  [{ type: 'boolean' }, [['true', true], ['false', true], ['0', false], ['""', false], ['null', false], ['"true"', false]]],
  [{ type: 'string', minLength: 2 }, [['"foo"', true], ['"fo"', true], ['"f"', false], ['""', false], ['"💩"', false], ['"💩💩"', true], ['"\\ud83d\\udca9"', false], ['"\\u0061\\u0062"', true], ['"éé"', true], ['"é"', false]]],
  [{ type: 'string', maxLength: 2 }, [['"f"', true], ['"fo"', true], ['"foo"', false], ['"💩💩"', true], ['"💩💩💩"', false], ['"éé"', true], ['"ééé"', false], ['"\\u0061\\u0062"', true]]],
  [{ type: 'string', minLength: 0, maxLength: 0 }, [['""', true], ['"a"', false]]],
  [{ type: 'number', minimum: 1.1 }, [['2.6', true], ['1.1', true], ['0.6', false], ['"x"', false], ['1.10', true], ['11e-1', true], ['1.0999999999999999', false]]],
  [{ type: 'integer', minimum: -2 }, [['-1', true], ['0', true], ['-2', true], ['-2.0', true], ['-3', false], ['-2.0001', false]]],
  [{ type: 'number', maximum: 3 }, [['2.6', true], ['3.0', true], ['3.5', false], ['3', true], ['30e-1', true], ['3.0000000000000004', false]]],
  [{ type: 'integer', maximum: 300 }, [['299', true], ['300', true], ['300.0', true], ['300.5', false], ['301', false]]],
  [{ type: 'string', enum: ['foo\nbar', 'foo\rbar'] }, [['"foo\\nbar"', true], ['"foo\\rbar"', true], ['"abc"', false]]],
  [{ type: 'string', enum: ['a', 'b b', 'ä'] }, [['"a"', true], ['"b b"', true], ['"ä"', true], ['"\\u00e4"', true], ['"A"', false], ['"aa"', false], ['""', false], ['1', false]]],
  [{ type: 'string', const: 'hello\u0000there' }, [['"hello\\u0000there"', true], ['"hellothere"', false]]],
  [{ type: 'string', const: 'a' }, [['"a"', true], ['"\\u0061"', true], ['"b"', false], ['["a"]', false]]],
]

/** Texts of any value: JSON.parse says which are JSON. Those whose numbers or characters we refuse are left out. */
const CORNERS = ['01', '-01', '-', '+1', '.5', '1.', '1.e1', '1e', '1e+', '0x1', '1_0', '0e0', '0E-0', '-0.1', '1.0e+1', 'nul', 'nulll', 'tru', 'True', "'a'", '"a', 'a"', '"\\x"', '"\\u12"', '"\\u123g"', '"\\"', '"\t"', '"\u0001"', '"\u007f"', '"\u2028"', '"\\/"', '"\\b\\f\\n\\r\\t"', '[', ']', '[1', '[1,', '[,1]', '[1,]', '[1 2]', '[[]]', '{', '}', '{"a"}', '{"a":}', '{"a":1,}', '{,}', '{a:1}', '{"a":1 "b":2}', '{"":1}', '[1]]', '{}}', '[]{}', '1 2', '/*a*/1', '[\u00a01]', '\ufeff1', '[1\f]', '"\ud7ff"', '""""']

test('EV54 values fit a schema as the JSON Schema Test Suite says, whichever way they are read', () => {
  let quick = 0
  for (const [i, [field, cases]] of KEYWORDS.entries()) {
    for (const schema of [{ type: 'object', properties: { v: { ...field, personal: 'none' } }, required: ['v'], additionalProperties: false }, { type: 'object', properties: { v: { ...field, personal: 'none' } } }]) {
      const type = defineType(`case-${i}`, schema)
      const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema)
      for (const [value, fits] of cases) {
        const line = Buffer.from(`{"id":"i","type":"case-${i}","properties":{"v":${value}}}`)
        assert.equal(validate({ v: JSON.parse(value) }), fits, `Ajv of ${JSON.stringify(field)} ${value}`)
        for (const scanner of [open([type], true), open([type], false)]) {
          const [event] = scanner.scanLines(line, AT, isUtf8)
          assert.equal(event?.death === undefined, fits, `${JSON.stringify(field)} ${value}: ${event?.death?.reason}`)
          if (event?.death === undefined && event?.id === undefined) quick += 1
        }
      }
    }
  }
  assert.ok(quick > 60, `the kernel took only ${quick}`)
})

test('EV54 objects: names that every object has, names with escapes, what is required and what is too much', () => {
  const type = defineType('act', { type: 'object', properties: { __proto__x: { type: 'integer' }, constructor: { type: 'integer' }, toString: { type: 'integer' }, 'a"b': { type: 'integer' }, 'c/d': { type: 'integer' } }, required: ['constructor'], additionalProperties: false })
  const cases: [string, boolean][] = [['{}', false], ['{"constructor":1}', true], ['{"constructor":1,"toString":2}', true], ['{"constructor":1,"a\\"b":2}', true], ['{"constructor":1,"a\\u0022b":2}', true], ['{"constructor":1,"c\\/d":2}', true], ['{"constructor":1,"hasOwnProperty":2}', false], ['{"constructor":1,"__proto__":2}', false], ['{"constructor":"1"}', false], ['{"constructor":1,"constructor":1}', false], ['{"constructor":1,"\\u0063onstructor":1}', false], ['[]', false], ['"x"', false], ['{"toString":1}', false]]
  for (const [properties, fits] of cases) {
    for (const scanner of [open([type], true), open([type], false)]) {
      const [event] = scanner.scanLines(Buffer.from(`{"id":"i","type":"act","properties":${properties}}`), AT, isUtf8)
      assert.equal(event?.death === undefined, fits, `${properties}: ${event?.death?.reason}`)
    }
  }
})

test('EV54 what is no JSON is dead, and what is JSON is not, as JSON.parse says', () => {
  const type = defineType('act', { type: 'object', properties: { v: { personal: 'none' } }, required: ['v'] })
  for (const corner of CORNERS) {
    const line = `{"id":"i","type":"act","properties":{"v":${corner}}}`
    const isJson = ((): boolean => {
      try {
        JSON.parse(line)
        return true
      } catch {
        return false
      }
    })()
    for (const scanner of [open([type], true), open([type], false)]) {
      const events = scanner.scanLines(Buffer.from(line), AT, isUtf8)
      assert.equal(events.length === 1 && events[0]?.death === undefined, isJson, `${JSON.stringify(corner)}: ${events[0]?.death?.reason}`)
    }
  }
})

const TYPES = [
  defineType('play', { type: 'object', properties: { trackId: { type: 'string', minLength: 1, maxLength: 12 }, source: { type: 'string', enum: ['radio', 'search', 'über'] }, ms: { type: 'integer', minimum: 0 }, share: { type: 'number', minimum: -1, maximum: 1 }, loud: { type: 'boolean' } }, required: ['trackId', 'ms'], additionalProperties: false }),
  defineType('open', { type: 'object', properties: { note: { type: 'string', maxLength: 5 } } }),
  defineType('list', { type: 'object', properties: { list: { type: 'array', items: { type: 'integer' }, maxItems: 3 } }, required: ['list'], additionalProperties: false }),
]
const VALUES: Record<string, string[]> = {
  trackId: ['"t1"', '"tr-0000001"', '"ü"', '"\\u0061"', '""', '"thirteen chars"'],
  source: ['"radio"', '"search"', '"über"', '"\\u00fcber"', '"elsewhere"'],
  ms: ['0', '1000', '123456789012345', '1e3', '1.0', '-1', '9007199254740993'],
  share: ['0.5', '-1', '1', '0.30000000000000004', '1e-3', '1.0000000000000002', '123456789.123456789'],
  loud: ['true', 'false', 'null'],
  note: ['"n"', '"💩💩💩💩💩"', '"123456"', '7'],
  list: ['[]', '[1,2]', '[1,2,3,4]', '["a"]', '[ 1 , 2 ]'],
}
const PIECES = ['"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\t', '\r', '0', '1', '9', '-', '.', 'e', 'E', 'null', 'true', 'false', 'NaN', '\\u0000', '\\ud800', '\\udc00', '\\"', '"id":"x",', '"trackId":"y",', '{}', '[]', ',,', '\u0000', '\u001f', '\u007f', 'é', '💩', '9007199254740993', '1e999', '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[']

function makeEvent(random: Random, n: number): string {
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)] as T
  const type = pick(TYPES)
  const names = Object.keys(type.current.schema['properties'] as object).filter(() => random.next() < 0.8)
  const value = (name: string): string => (VALUES[name] as string[])[random.next() < 0.75 ? random.int(2) : random.int((VALUES[name] as string[]).length)] as string
  const fields = [`"id":"i-${n % 1000}"`, `"type":"${type.name}"`, '"version":"1-0-0"', `"occurredAt":"2026-09-2${random.int(3)}T0${random.int(10)}:00:0${random.int(10)}.000Z"`, `"userId":"u${random.int(9)}"`, `"properties":{${names.map((name) => `"${name}":${value(name)}`).join(',')}}`]
  if (random.next() < 0.1) fields.push('"context":{"a":[1,{"b":null}]}')
  if (random.next() < 0.1) fields.push(`"sentAt":"2026-09-21T09:00:00.000Z"`)
  return `{${fields.filter(() => random.next() < 0.97).join(',')}}`
}

/** One to three small damages: bytes changed, taken out, doubled, moved, or pieces of JSON put in. */
function mutate(random: Random, event: string): Buffer {
  let bytes = Buffer.from(event)
  for (let i = random.int(3); i >= 0; i -= 1) {
    const at = random.int(bytes.length + 1)
    const to = Math.min(bytes.length, at + 1 + random.int(random.next() < 0.8 ? 3 : 40))
    const how = random.int(6)
    if (how === 0 && at < bytes.length) bytes[at] = random.next() < 0.7 ? 32 + random.int(95) : random.int(256)
    else if (how === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)])
    else if (how === 2) bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)])
    else if (how === 3) bytes = Buffer.concat([bytes.subarray(to), bytes.subarray(0, to)])
    else bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(PIECES[random.int(PIECES.length)] as string), bytes.subarray(at)])
  }
  return bytes.filter((byte) => byte !== 10) as Buffer<ArrayBuffer>
}

test(`EV55 quick and careful reading agree on ${MUTATED.toLocaleString('en')} mutated events, as lines and as arrays`, () => {
  const random = createRandom(Number(process.env['RONDO_FUZZ_SEED'] ?? 1))
  const quick = open(TYPES, true)
  const careful = open(TYPES, false)
  let alive = 0
  for (let made = 0; made < MUTATED; made += LINES) {
    const events = Array.from({ length: LINES }, (_, i) => {
      const event = makeEvent(random, made + i)
      return random.next() < 0.7 ? mutate(random, event) : Buffer.from(event)
    })
    const lines = Buffer.concat(events.flatMap((event) => [event, Buffer.from('\n')]))
    const [read, told] = [quick, careful].map((scanner) => scanner.scanLines(lines, AT, isUtf8).map((event) => show(lines, event)))
    assert.deepEqual(read, told, lines.toString('latin1'))
    alive += (told as unknown[][]).filter((event) => event.length > 4).length
    // Of an array one damage makes all unreadable, so it has few.
    const few = events.slice(0, 1 + random.int(4)).filter((event) => isUtf8(event))
    const list = Buffer.from(`[${few.join(',')}]`)
    const scans = [quick, careful].map((scanner) => {
      const scan = scanner.scanJson(list, AT)
      return 'events' in scan ? scan.events.map((event) => show(list, event)) : scan
    })
    assert.deepEqual(scans[0], scans[1], list.toString())
  }
  assert.ok(alive > MUTATED * 0.2 && alive < MUTATED * 0.8, `${alive} of ${MUTATED} were good`)
})
