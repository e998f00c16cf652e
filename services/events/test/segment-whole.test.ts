// A Segment batch that the kernel takes as a whole is the same, byte for byte, as its lines of our own wire that are made and read in two steps.
// RONDO_FUZZ=20 npm test -- segment-whole makes 600,000 batches.
import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { test } from 'node:test'
import { createRandom, type Random } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { SegmentRewriter } from '../src/collector/rewrite-segment.ts'
import { openScanKernel } from '../src/collector/scan-kernel.ts'
import { toKebabCase } from '../src/collector/segment-route.ts'
import { EventScanner } from '../src/domain/event-scanner.ts'
import { createEventType } from '../src/domain/event-type.ts'
import { SAME_CONTEXT, type PlainBatch, type PlainGroup } from '../src/domain/plain-batch.ts'
import { createRecentIds } from '../src/domain/recent-ids.ts'
import { START_MS, WRITE_KEY, ctx, openHouse, play, trackPlayed } from './events-house.ts'

const BATCHES = 30_000 * Number(process.env['RONDO_FUZZ'] ?? 1)
const MAX_BYTES = 32_768
const liked = { ...trackPlayed, name: 'a.b-3-liked', schema: { type: 'object', properties: { trackId: { type: 'string', personal: 'none' } }, additionalProperties: false } } as const
const noted = { ...trackPlayed, name: 'noted', schema: { type: 'object', properties: { list: { type: 'array', items: { type: 'integer' }, personal: 'none' } }, additionalProperties: false } } as const
const { properties } = play('x') as { properties: Record<string, unknown> }

const kernel = await openScanKernel()
const types = [trackPlayed, liked, noted].map((definition) => createEventType([definition]))
const byName = new Map(types.map((type) => [type.name, type]))
const open = (): EventScanner => new EventScanner({ find: (name) => byName.get(name), list: () => types, runs: kernel })

/** All that is stored of a batch, and the duplicates in it. */
function settle(batch: PlainBatch): unknown {
  const { groups, duplicates } = batch.settle(createRecentIds({ windowMs: 1000, maxIds: 1000 }))
  return [
    groups.map(({ type, records, prints, contexts, release }) => {
      const { sizes = [], texts = '' } = contexts ?? {}
      blankSeals(records, sizes)
      const shown = [type.name, [...prints], [...sizes], String(texts), ...Object.values(records).map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString())]
      release()
      return shown
    }),
    duplicates,
  ]
}

/** Room for seals holds anything until they are written. */
function blankSeals({ values, valueBytes }: PlainGroup['records'], sizes: ArrayLike<number>): void {
  let end = 0
  let size = 0
  for (let i = 0; i < sizes.length; i += 1) {
    end += valueBytes[i] as number
    if (sizes[i] === 0) continue
    if (sizes[i] !== SAME_CONTEXT) size = sizes[i] as number
    values.fill('#', end - 63 - Math.ceil((size + 34) / 3) * 4, end)
  }
}

/** Members of a message as published clients write them, with what may be odd about each. */
function makeMessage(random: Random): string {
  const pick = <T>(...of: T[]): T => of[random.int(of.length)] as T
  const odd = random.next() < 0.15
  const usually = (usual: string, ...others: string[]): string => (odd && random.next() < 0.3 ? pick(...others) : usual)
  const [names, fitting] = pick<[string[], string]>([['"Track Played"', '"trackPlayed"', '"track-played"', '"  Track__Played! "'], JSON.stringify(properties)], [['"A.b3 Liked"', '"a.b-3-liked"'], pick('{"trackId":"t"}', '{}', '{ "trackId" : "é" }')])
  const at = pick('2026-09-21T08:59:50.000Z', '2026-09-21T08:59:50.123Z', '2026-09-21T10:59:50.123456+02:00', '2026-09-21T08:59:50Z', '2026-09-21 08:59:60,5-0130')
  const all: string[] = [
    `"messageId":${usually(`"m${random.int(40)}"`, '""', '7', 'null', `"${'x'.repeat(65)}"`, '"ü"', '"a\\"b"')}`,
    `"type":${usually('"track"', '"page"', '"trac"', '"tracks"', 'null')}`,
    `"event":${usually(pick(...names), '"Noted"', '"Unknown"', '""', '"--"', '"Träck Played"', '"TRACKPlayed"', '"a.B 3Liked"', `"${'n'.repeat(121)}"`, '"Track\\u0020Played"')}`,
    `"timestamp":${usually(`"${at}"`, '"yesterday"', '"2026-02-30T00:00:00Z"', '"1960-01-01T00:00:00Z"', '"2026-09-23T08:00:00.000Z"', '"0000-01-01T00:00:00.000Z"', '"2026-09-21T08:59:50.1234567891Z"', '"2026-09-21T08:59+02:00"', '"2026-09-21T08:59:50+2:00"', 'null', '0')}`,
    `"properties":${usually(fitting, '{"trackId":"t"}', '[]', 'null', '{"trackId":"a","trackId":"b"}', '{"list":[1,2]}', JSON.stringify({ ...properties, playedMs: -1 }), '{"trackId":"a\\\\\\"}{"}')}`,
  ]
  const some: string[] = [
    `"userId":${usually('"u1"', 'null', '""', '"ü-2"', '7', `"${'u'.repeat(257)}"`, '"a\\nb"')}`,
    `"anonymousId":${usually('"a1"', 'null', '""', '[]')}`,
    `"sentAt":${usually('"2026-09-21T09:00:10.000Z"', '"2026-09-21T09:00:00.000Z"', 'null')}`,
    '"integrations":{"All":true}',
    '"_metadata":{"nodeVersion":"24","list":[1,{"a":null}],"bundled":[]}',
    '"channel":"server"',
    `"originalTimestamp":${pick('"2026-09-21T08:59:50.000Z"', '7')}`,
    '"traits":{"plan":"free"}',
    `"extra":${usually('"x"', 'NaN', '{"a":1,"a":2}', '1e400', '{', '"\\ud800"')}`,
    `"context":${usually(pick('{"library":{"name":"x","version":"1"}}', '{"library":{"name":"x","version":"2"},"client":{"id":"c","sequence":7}}', '{ "client" : 5 }', '{"client":[1], "ip":"é"}', '{}'), 'null', '[]', '7', '{"a":1,"a":1}', '{"clien":{"client":1}}', '{"a":"\\n"}')}`,
    `"other":${pick('1.5', '[[]]', 'false')}`,
    ...(odd ? ['"extra":2', '"event" :"Noted"', '"user\\u0049d":"u9"', '"":0'] : []),
  ]
  const members = [...all.filter(() => !odd || random.next() < 0.97), ...some.filter(() => random.next() < 0.4)]
  if (random.next() < 0.5) members.sort(() => random.next() - 0.5)
  return `{${members.join(pick(',', ',', ' , ', ',\n '))}}`
}

function makeBatch(random: Random): Buffer {
  const pick = <T>(...of: T[]): T => of[random.int(of.length)] as T
  const members = [`"batch":${pick('', ' ')}[${Array.from({ length: 1 + random.int(4) }, () => makeMessage(random)).join(pick(',', ' ,\t'))}]`, `"sentAt":${pick('', ' ')}"${random.next() < 0.9 ? '2026-09-21T09:00:10.000Z' : pick('2026-09-21T09:00:10.5+00:00', 'now')}"`]
  if (random.next() < 0.5) members.push(`"writeKey":"${pick('k', 'ü', '')}"`)
  if (random.next() < 0.05) members.push(pick('"context":{}', '"sentAt":"2026-09-21T09:00:10.000Z"', '"x":1', '"batch":[]'))
  if (random.next() < 0.5) members.reverse()
  return Buffer.from(`${pick('', ' ')}{${pick('', '\n')}${members.join(pick(',', ', '))}}${pick('', '\n', ' x')}`.replace(/ x$/, () => (random.next() < 0.1 ? ' x' : '')))
}

const BITS = ['"', '{', '}', '[', ']', ',', ':', '\\', '\\ud800', ' ', '\n', 'NaN', 'null', '"type":"track",', '"sentAt":"2026-09-21T09:00:10.000Z",', '"x":1,', '\u0001', 'ü', '0', 'Z', '+'].map((bit) => Buffer.from(bit))

function mutate(body: Buffer, random: Random): Buffer {
  const at = random.int(body.length)
  const [before, behind] = [body.subarray(0, at), body.subarray(at)]
  return Buffer.concat(random.next() < 0.5 ? [before, BITS[random.int(BITS.length)] as Buffer, behind] : [before, behind.subarray(1 + random.int(12))])
}

test('EV100 a Segment batch taken as a whole gives the very bytes that its lines give', () => {
  const random = createRandom(17)
  const [whole, lines] = [open(), open()]
  const rewriter = new SegmentRewriter({ maxEventBytes: MAX_BYTES, typeOf: (event) => (/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(event) && byName.has(toKebabCase(event)) ? toKebabCase(event) : undefined) })
  let taken = 0
  let left = 0
  for (let round = 0; round < BATCHES; round += 1) {
    const made = makeBatch(random)
    const body = random.next() < 0.4 ? mutate(made, random) : made
    if (!isUtf8(body)) continue
    const quick = whole.scanSegment(body, START_MS, MAX_BYTES)
    const said = quick === undefined ? undefined : [quick.count, settle(quick)]
    const rewritten = rewriter.rewrite(body, START_MS)
    const batch = rewritten === undefined ? undefined : lines.scanWhole(rewritten.lines, true, START_MS)
    const expected = batch?.count === rewritten?.count && batch !== undefined ? [batch.count, settle(batch)] : undefined
    if (said === undefined) {
      left += expected === undefined ? 0 : 1
      continue
    }
    taken += 1
    assert.deepEqual(said, expected, body.toString())
  }
  // What both could take is left to the slower one only where it matters to nobody.
  assert.ok(taken > BATCHES / 8 && left < taken / 20, `${taken} taken, ${left} left`)
})

test('EV100 the write key may stand in the body of a batch that is taken as a whole', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: trackPlayed.name, body: trackPlayed }, ctx)
  const send = async (writeKey: unknown, id: string) => house.post('/v1/batch', JSON.stringify({ batch: [{ messageId: id, type: 'track', event: 'Track Played', timestamp: '2026-09-21T09:00:00.000Z', properties }], sentAt: '2026-09-21T09:00:00.000Z', writeKey }), { authorization: '' })
  assert.deepEqual([(await send(WRITE_KEY, 'a')).body, (await send(WRITE_KEY, 'a')).body], ['{"success":true}', '{"success":true}'])
  for (const wrong of ['nobody', '', 7, undefined]) {
    const { status, body } = await send(wrong, 'b')
    assert.deepEqual([status, (JSON.parse(String(body)) as { code: string }).code], [401, 'WRITE_KEY_WRONG'])
  }
  assert.deepEqual((await house.api.counts({}, ctx)).rows.map(({ delivered, inFlight, duplicate }) => [delivered + inFlight, duplicate]), [[1, 1]])
  await house.close()
})
