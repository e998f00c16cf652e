// Files that are read with the kernel are the files that are read with care, byte for byte.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredRecord } from '@rondo/event-log'
import { createRandom, type Random } from '@rondo/random'
import { createEventType } from '../domain/event-type.ts'
import { openBucketKernel } from './bucket-kernel.ts'
import { packRecords } from './packed-events.ts'
import { readPlainBucket } from './read-plain-bucket.ts'
import { writeBucketFile } from './write-bucket-file.ts'

const START_MS = Date.parse('2026-01-05T09:00:00Z')
const none = { personal: 'none' } as const
const properties = {
  text: { type: 'string', ...none },
  whole: { type: 'integer', ...none },
  real: { type: 'number', ...none },
  yes: { type: 'boolean', ...none },
  list: { type: 'array', items: { type: 'string' }, ...none },
  'näme x': { type: 'string', ...none },
  constructor: { type: 'string', ...none },
}
const base = { name: 'odd', version: '1-0-0', owner: 'squad-world', slo: 'silver', retention: '30d' } as const
const types = [
  createEventType([{ ...base, schema: { type: 'object', properties } }]),
  createEventType([{ ...base, schema: { type: 'object', properties, additionalProperties: false } }]),
  createEventType([{ ...base, schema: { type: 'object', additionalProperties: false } }]),
]

const TEXTS = ['', 'a', 'plain text of more than sixteen bytes', 'quote " and \\ and / and \n\t', 'ünïcode', '日本', '😀', '\u0001', '\ue000', '\uffff', 'x'.repeat(300)]
const NUMBERS = ['0', '-0', '1', '-17', '1.0', '1e3', '2.5E-3', '0.1', '123456789012345', '1234567890123456', '9007199254740991', '-9007199254740991', '0.12345678901234567', '1e300', '5e-324', '12.50']

/** A text as one of the ways in which JSON can write it. */
function writeText(text: string, random: Random): string {
  const usual = JSON.stringify(text)
  if (random.int(3) > 0) return usual
  return `"${Array.from(text, (c) => (random.int(2) === 0 ? JSON.stringify(c).slice(1, -1) : Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''))).join('')}"`
}

function writeValue(random: Random, depth = 0): string {
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)] as T
  const kind = random.int(depth > 2 ? 5 : 7)
  if (kind < 2) return writeText(pick(TEXTS), random)
  if (kind === 2) return pick(NUMBERS)
  if (kind === 3) return pick(['true', 'false'])
  if (kind === 4) return 'null'
  const inner = Array.from({ length: random.int(3) }, (_, i) => (kind === 5 ? writeValue(random, depth + 1) : `"k${i}":${writeValue(random, depth + 1)}`))
  return kind === 5 ? `[${inner.join(' , ')}]` : `{ ${inner.join(',')}}`
}

/** What JSON.parse reads as events of the log, in every order and with everything left out that may be. */
function makeRecord(offset: number, random: Random): StoredRecord {
  const space = (): string => [' ', '', '', '\n\t'][random.int(4)] as string
  const maybe = (share: number, write: () => string): string[] => (random.int(100) < share ? [write()] : [])
  const own = [...Object.keys(properties), 'other', 'another'].flatMap((name) => maybe(60, () => `${JSON.stringify(name)}:${space()}${writeValue(random)}`))
  const users = ['u1', 'u2', 'ü', '😀', '\ue000', 'quote " of', ...Array.from({ length: 80 }, (_, i) => `listener-${i}`)]
  const user = (): string => (random.int(10) === 0 ? 'null' : writeText(users[random.int(users.length)] as string, random))
  const fields = [
    `"id":${space()}"e-${random.int(1_000_000)}-${offset}"`,
    ...maybe(50, () => '"type":"odd"'),
    ...maybe(80, () => `"userId":${user()}`),
    ...maybe(50, () => `"anonymousId":${user()}`),
    ...maybe(80, () => `"occurredAt":"${['2026-01-05T09:00:01.250Z', '2026-01-05T08:59:59Z', '2026-01-05T10:00:00+01:00', '2026-01-05t09:00:02.1234z'][random.int(4)]}"`),
    ...maybe(90, () => `"properties":${space()}{${space()}${own.sort(() => random.int(3) - 1).join(`,${space()}`)}}`),
    ...maybe(40, () => `"context":${['null', '{}', `{"client":{"id":"c${random.int(3)}","sequence":${random.int(50)}}}`, `{"a": ${writeValue(random)}}`][random.int(4)]}`),
    ...maybe(20, () => `"sealed":{"key":"k${random.int(3)}","data":"${Buffer.from(`secret ${random.int(9)}`).toString('base64')}"}`),
  ].sort(() => random.int(3) - 1)
  return {
    key: 'k',
    value: Buffer.from(`${space()}{${space()}${fields.join(`${space()},${space()}`)}}${space()}`),
    ...(random.int(10) === 0 ? { headers: { o: String(START_MS - 5_000.5) } } : {}),
    offset,
    timestampMs: START_MS + Math.floor(offset / 7),
  }
}

test('EV160 a bucket file has the same bytes whether its events were read by the kernel or with care', { timeout: 120_000 }, async () => {
  const kernel = await openBucketKernel()
  const random = createRandom(7)
  for (let round = 0; round < 150; round += 1) {
    const { columns } = types[round % types.length] as (typeof types)[number]
    const records = Array.from({ length: [1, 3, 50, 399, 400, 2_500][round % 6] as number }, (_, offset) => makeRecord(offset, random))
    const fresh = random.int(records.length)
    const quick = readPlainBucket(kernel, columns, START_MS, packRecords(records, fresh))
    assert.ok(quick, `round ${round} is read by the kernel`)
    assert.deepEqual(writeBucketFile(columns, START_MS, packRecords(records, fresh), kernel), writeBucketFile(columns, START_MS, packRecords(records, fresh)), `round ${round}`)
  }
})

test('EV160 what the kernel leaves to the careful reading becomes the same file', { timeout: 120_000 }, async () => {
  const kernel = await openBucketKernel()
  const { columns } = types[0] as (typeof types)[number]
  const records = ['{"\\u0069d":"b"}', '{"id":"a","properties":{"\\"":1}}', '{"id":"c\\n"}', '{"id":"d","properties":{"te\\u0078t":"t"}}', '{"id":"\ue000"}', '{"id" : "f"}'].map(
    (value, offset): StoredRecord => ({ key: '', value: Buffer.from(value), offset, timestampMs: START_MS }),
  )
  for (const record of records) {
    const own = [makeRecord(0, createRandom(1)), record]
    assert.equal(readPlainBucket(kernel, columns, START_MS, packRecords(own)), undefined, Buffer.from(record.value).toString())
    assert.deepEqual(writeBucketFile(columns, START_MS, packRecords(own), kernel), writeBucketFile(columns, START_MS, packRecords(own)))
  }
  assert.throws(() => writeBucketFile(columns, START_MS, packRecords([{ key: '', value: Buffer.from('{'), offset: 0, timestampMs: START_MS }]), kernel), SyntaxError)
})
