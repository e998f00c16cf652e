// The quick path and the careful path must agree: what the scanner takes, JSON.parse and the compiled schema take too, and the reverse.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, type Random } from '@rondo/random'
import { openScanKernel } from '../collector/scan-kernel.ts'
import { EventScanner } from './event-scanner.ts'
import { computeSeed } from './id-fingerprint.ts'
import { createEventType, type TypeDefinition } from './event-type.ts'

const AT = Date.parse('2026-09-21T09:00:00.000Z')
const isText = (): boolean => true

const definition: TypeDefinition = {
  name: 'act',
  version: '1-0-0',
  owner: 'o',
  slo: 'bronze',
  retention: '1d',
  schema: {
    type: 'object',
    properties: {
      s: { type: 'string', minLength: 1, maxLength: 3, personal: 'none' },
      e: { type: 'string', enum: ['a', 'b b'], personal: 'none' },
      i: { type: 'integer', minimum: -5, maximum: 1000, personal: 'none' },
      n: { type: 'number', minimum: -1.5, personal: 'none' },
      b: { type: 'boolean', personal: 'none' },
    },
    required: ['s', 'i'],
    additionalProperties: false,
  },
}
const type = createEventType([definition])
const deep = createEventType([{ ...definition, schema: { ...definition.schema, properties: { ...(definition.schema['properties'] as object), list: { type: 'array', items: { type: 'integer' }, personal: 'none' } } } }])

const STRINGS = ['""', '"a"', '"abc"', '"abcd"', '"é"', '"éééé"', '"\\u0061"', '"\\ud83d\\ude00"', '"\\n"', '"b b"', '"😀"', '" "', '"\\"x"']
const NUMBERS = ['0', '-0', '1', '-5', '-6', '1000', '1001', '1e2', '1.0', '1.5', '-1.5', '-1.6', '1E+3', '0.1', '9007199254740991', '12345678901234567']
const OTHERS = ['null', 'true', 'false', '{}', '[]', '[1,2]', '["x"]']
const pick = <T>(random: Random, list: readonly T[]): T => list[random.int(list.length)] as T

function makeLine(random: Random): string {
  const fields = ['s', 'e', 'i', 'n', 'b', 'list', 'zz'].filter((name) => random.next() < (name === 's' || name === 'i' ? 0.95 : name === 'zz' ? 0.03 : 0.4))
  if (random.next() < 0.2) fields.reverse()
  const likely: Record<string, string[]> = { s: ['"a"', '"abc"', '"é"'], e: ['"a"', '"b b"'], i: ['0', '1', '-5'], n: ['1.5', '0'], b: ['true', 'false'], list: ['[1,2]'], zz: ['1'] }
  const value = (name: string): string => (random.next() < 0.85 ? pick(random, likely[name] as string[]) : pick(random, [...STRINGS, ...NUMBERS, ...OTHERS]))
  const gap = (): string => (random.next() < 0.05 ? pick(random, [' ', '\t', '  ']) : '')
  const properties = `{${fields.map((name) => `${gap()}"${name}"${gap()}:${gap()}${value(name)}${gap()}`).join(',')}}`
  const envelope: [string, string][] = [['id', '"i1"'], ['type', random.next() < 0.5 ? '"act"' : '"deep"'], ['occurredAt', pick(random, ['"2026-09-21T08:00:00.000Z"', '"2026-09-21T08:00:00Z"', '"2026-09-21T10:00:00+02:00"', '"2026-02-30T00:00:00Z"', 'null'])], ['userId', pick(random, ['"u"', '"ü"', 'null', '""'])], ['properties', properties]]
  if (random.next() < 0.1) envelope.reverse()
  return `{${envelope.filter(() => random.next() < 0.98).map(([name, text]) => `"${name}":${gap()}${text}`).join(',')}}`
}

test('EV9 quick and careful reading agree on 20,000 random events', async () => {
  const random = createRandom(11)
  let taken = 0
  let plain = 0
  const byName = new Map([['act', type], ['deep', { ...deep, name: 'deep', nameBytes: Buffer.from('deep'), seed: computeSeed('deep') }]])
  const scanner = new EventScanner({ find: (name) => byName.get(name), list: () => [...byName.values()], runs: await openScanKernel() })
  for (let i = 0; i < 20_000; i += 1) {
    const line = makeLine(random)
    const [event] = scanner.scanLines(Buffer.from(line), AT, isText)
    assert.ok(event)
    const value = JSON.parse(line) as { type?: string; id?: string; userId?: unknown; occurredAt?: string; properties?: Record<string, unknown> }
    const model = byName.get(value.type ?? '')?.current
    const overflows = /12345678901234567/.test(line)
    const fits = model !== undefined && value.id !== undefined && value.userId !== '' && !/02-30/.test(value.occurredAt ?? '') && !overflows && model.findViolation(value.properties ?? {}) === undefined
    assert.equal(event.death === undefined, fits, `${line}\n${event.death?.reason}`)
    if (!fits) continue
    taken += 1
    if (event.id === undefined) plain += 1
    assert.equal(Number.isNaN(event.occurredAtMs), value.occurredAt === undefined || value.occurredAt === null, line)
    if (typeof value.occurredAt === 'string') assert.equal(event.occurredAtMs, Date.parse(value.occurredAt), line)
    const id = event.id ?? Buffer.from(line).toString('utf8', event.idStart, event.idStop)
    assert.equal(id, value.id)
  }
  assert.ok(taken > 4000, `only ${taken} were good`)
  // The careful path decodes the id.
  assert.ok(plain > taken * 0.25, `the kernel took only ${plain} of ${taken}`)
})

test('EV9 one id has one fingerprint, whichever way it was read', async () => {
  const scanner = new EventScanner({ find: () => type, list: () => [type], runs: await openScanKernel() })
  const [plain] = scanner.scanLines(Buffer.from('{"id":"abc-1","type":"act","properties":{"s":"a","i":1}}'), AT, isText)
  const [escaped] = scanner.scanLines(Buffer.from('{"id":"\\u0061bc-1","type":"act","properties":{"s":"a","i":1}}'), AT, isText)
  const [other] = scanner.scanLines(Buffer.from('{"id":"abc-2","type":"act","properties":{"s":"a","i":1}}'), AT, isText)
  assert.deepEqual([escaped?.low, escaped?.high], [plain?.low, plain?.high])
  assert.notDeepEqual([other?.low, other?.high], [plain?.low, plain?.high])
})
