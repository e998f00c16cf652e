// The quick reading of Segment batches says nothing else than the careful one: the same answers, events and counts, whatever becomes of a body.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, type Random } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { SegmentRewriter } from '../src/collector/rewrite-segment.ts'
import { START_MS, ctx, openHouse, play, trackPlayed } from './events-house.ts'

const { properties } = play('x') as { properties: Record<string, unknown> }

/** As @segment/analytics-node, analytics-python and analytics.js write a message. */
function makeMessage(random: Random, id: number): Record<string, unknown> {
  const pick = <T>(...of: T[]): T => of[random.int(of.length)] as T
  const all: [string, unknown][] = [
    ['timestamp', pick('2026-09-21T08:59:50.000Z', '2026-09-21T10:59:50.123456+02:00', '2026-09-21T08:00:00Z', 'yesterday')],
    ['integrations', pick({}, { All: true })],
    ['userId', pick<unknown>('u1', 'ü-2', 'u"3', '', null, 7)],
    ['anonymousId', pick('a1', null)],
    ['event', pick('Track Played', 'trackPlayed', 'track-played', 'Unknown Thing', 'Träck')],
    ['messageId', `m${id % 40}`],
    ['type', pick('track', 'track', 'track', 'track', 'page')],
    ['properties', pick<unknown>(properties, properties, properties, { ...properties, trackId: 'a\\"}{' }, { ...properties, playedMs: -1 }, [])],
    ['context', pick({ library: { name: 'x', version: '1' } }, { a: '}"\\' }, null)],
    ['_metadata', { nodeVersion: '24', jsRuntime: 'node' }],
    ['sentAt', pick('2026-09-21T09:00:10.000Z', '2026-09-21T09:00:00.000Z')],
  ]
  const usual = random.next() < 0.7
  const kept = all.filter(([name]) => (usual ? !['sentAt'].includes(name) : random.next() < 0.9))
  if (random.next() < 0.3) kept.reverse()
  const message = Object.fromEntries(kept)
  return usual ? { ...message, type: 'track', event: 'Track Played', userId: pick<string>('u1', 'ü-2'), properties: { ...properties, trackId: pick<string>('t1', 'é', 'a\\"}{') }, timestamp: '2026-09-21T08:59:50.000Z', ...(random.next() < 0.5 ? {} : { context: undefined }) } : message
}

test('EV9 the quick reading of a Segment batch takes what the careful one takes, and gives the same', async () => {
  await using folders = await createTempFolder()
  const houses = await Promise.all(['quick', 'careful'].map((name) => openHouse(`${folders.path}/${name}`, createManualClock(START_MS))))
  for (const house of houses) await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const [quick, careful] = houses as [(typeof houses)[0], (typeof houses)[0]]
  const rewriter = new SegmentRewriter({ maxEventBytes: 32_768, typeOf: () => 'track-played' })
  const random = createRandom(9)
  const bits = ['"', '{', '}', ',', ':', '\\', '\\ud800', ' ', '\n', 'NaN', '"type":"track",', '"x":1,', '"messageId":"m1",', '\u0001'].map((bit) => Buffer.from(bit))
  let usual = 0
  for (let round = 0; round < 1500; round += 1) {
    const messages = Array.from({ length: 1 + random.int(3) }, () => makeMessage(random, random.int(100_000)))
    const batch: Record<string, unknown> = random.next() < 0.5 ? { batch: messages, writeKey: 'k', sentAt: '2026-09-21T09:00:10.000Z' } : { sentAt: '2026-09-21T09:00:10.000Z', batch: messages }
    let body = Buffer.from(random.next() < 0.5 ? JSON.stringify(batch) : JSON.stringify(batch, undefined, 1).replaceAll('\n', ' '))
    if (random.next() < 0.4) {
      const at = random.int(body.length)
      const [before, behind] = [body.subarray(0, at), body.subarray(at)]
      body = Buffer.concat(random.next() < 0.5 ? [before, bits[random.int(bits.length)] as Buffer, behind] : [before, behind.subarray(1 + random.int(12))])
    }
    if (rewriter.rewrite(body, START_MS) !== undefined) usual += 1
    // A context of the batch is not the usual; null says nothing.
    const slow = body[0] === 123 ? Buffer.concat([Buffer.from('{"context":null,'), body.subarray(1)]) : body
    const [one, other] = await Promise.all([quick.post('/v1/batch', body), careful.post('/v1/batch', slow)])
    const said = [one, other].map((response) => [response.status, String(response.body).replace(/byte \d+/g, 'byte').replace(/\(".{1,4}"\)/g, '')])
    assert.deepEqual(said[0], said[1], body.toString())
  }
  assert.ok(usual > 400, `${usual}`)
  const [read, carefully] = await Promise.all(houses.map(async (house) => (await house.api.readEvents({ type: 'track-played', order: 'asc', limit: 10_000 }, ctx)).rows.map(({ cursor: _cursor, ...row }) => row)))
  assert.deepEqual(read, carefully)
  assert.deepEqual((await quick.api.counts({}, ctx)).rows, (await careful.api.counts({}, ctx)).rows)
  for (const house of houses) await house.close()
})
