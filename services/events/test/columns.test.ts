// Events as Arrow IPC streams: the same answers and records as the same events as NDJSON, and no stream that harms the room.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { Bool, Dictionary, Field, Float64, Int32, Int64, RecordBatch, Schema, Struct, Table, TimestampMicrosecond, TimestampMillisecond, Uint8, Utf8, Vector, makeData, tableToIPC, vectorFromArray, type DataType } from 'apache-arrow'
import { START_MS, ctx, openHouse, searchMade, trackPlayed, type House } from './events-house.ts'
import type { StoredColumns } from '../src/use-cases/store-columns.ts'

const rated = { ...trackPlayed, name: 'track-rated', schema: { type: 'object', properties: { stars: { type: 'number', minimum: 0, maximum: 5, personal: 'none' }, loud: { type: 'boolean', personal: 'none' }, note: { type: 'string', minLength: 2, maxLength: 6, personal: 'none' } }, required: ['stars'], additionalProperties: false } } as const

async function openHouses(folder: { join(...names: string[]): string }, names: string[]): Promise<House[]> {
  return Promise.all(
    names.map(async (name) => {
      const house = await openHouse(folder.join(name), createManualClock(START_MS), { scanKernel: name === 'careful' ? 'never' : 'first' })
      for (const body of [trackPlayed, searchMade, rated]) await house.api.putType({ type: body.name, body }, ctx)
      return house
    }),
  )
}

async function sendColumns(house: House, bytes: Uint8Array, query = ''): Promise<StoredColumns> {
  const response = await house.post(`/v1/events${query}`, Buffer.from(bytes), { 'content-type': 'application/vnd.apache.arrow.stream' })
  assert.equal(response.status, 202)
  return JSON.parse(String(response.body)) as StoredColumns
}

function toStream(columns: Record<string, Vector>): Uint8Array {
  return tableToIPC(new Table(columns), 'stream')
}

async function readRecords(house: House, type: string): Promise<string[]> {
  const records = await house.eventLog.read({ topic: `events.${type}`, partition: 0, offset: 0 }, ctx)
  return records.map(({ key, value }) => `${key} ${Buffer.from(value).toString()}`).sort()
}

type Row = { id: string | null; type: string; occurredAt: string | null; userId: string | null; properties: Record<string, unknown> }

test('EV50 events that come as columns are answered, stored and counted as the same events that come as NDJSON', async () => {
  await using folder = await createTempFolder()
  const [columns, careful, lines] = (await openHouses(folder, ['columns', 'careful', 'lines'])) as [House, House, House]
  const random = createRandom(3)
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)] as T
  let made = 0
  for (let round = 0; round < 25; round += 1) {
    const rows = Array.from({ length: 1 + random.int(300) }, (): Row => {
      const odd = random.next() < 0.1
      const properties: Record<string, unknown> = {
        trackId: odd ? pick(['', 'x'.repeat(65), 'a"b', 'zeile\n', null, 'ü'.repeat(40)]) : `t${random.int(50)}`,
        artistId: `ä${random.int(9)}`,
        trackMs: odd ? pick([-1, 7, null]) : random.int(300_000),
        playedMs: random.int(1000),
        source: odd ? pick(['radio', 'elsewhere', null]) : pick(['radio', 'search', 'discover-weekly']),
        position: pick([null, 1, 2, odd ? 0 : 3]),
      }
      const id = random.next() < 0.1 ? `i${random.int(made + 1)}` : pick(['', 'ü']) + `i${(made += 1)}`
      return { id: random.next() < 0.01 ? null : id, type: 'track-played', occurredAt: pick([null, new Date(START_MS - random.int(1e9)).toISOString(), odd ? new Date(START_MS + 2e8).toISOString() : null]), userId: pick([null, 'u1', 'ü2', odd ? '' : 'u3']), properties }
    })
    const column = <T extends DataType>(type: T, read: (row: Row) => unknown): Vector => vectorFromArray(rows.map((row) => read(row) ?? null), type)
    const property = (name: string) => (row: Row) => row.properties[name]
    const stream = toStream({
      id: column(new Utf8(), (row) => row.id),
      ...(round % 2 === 0 ? { type: column(new Dictionary(new Utf8(), new Int32()), (row) => row.type) } : {}),
      occurredAt: round % 3 === 0 ? column(new Utf8(), (row) => row.occurredAt) : column(new TimestampMillisecond(), (row) => (row.occurredAt === null ? null : Date.parse(row.occurredAt))),
      userId: round % 3 === 1 ? column(new Dictionary(new Utf8(), new Uint8()), (row) => row.userId) : column(new Utf8(), (row) => row.userId),
      trackId: column(new Utf8(), property('trackId')),
      artistId: column(new Dictionary(new Utf8(), new Int32()), property('artistId')),
      trackMs: column(new Int32(), property('trackMs')),
      playedMs: column(new Int64(), (row) => BigInt(Number(row.properties['playedMs']))),
      source: column(new Dictionary(new Utf8(), new Uint8()), property('source')),
      position: column(new Float64(), property('position')),
    })
    const text = rows.map((row) => JSON.stringify({ ...row, properties: Object.fromEntries(Object.entries(row.properties).filter(([, value]) => value !== null)) }, (_key, value: unknown) => (value === null ? undefined : value))).join('\n')
    const query = round % 2 === 0 ? '' : '?type=track-played'
    const [fast, slow] = [await sendColumns(columns, stream, query), await sendColumns(careful, stream, query)]
    assert.deepEqual(fast, slow)
    const results = await lines.send(text)
    const count = (status: string): number => results.filter((result) => result.status === status).length
    assert.deepEqual([fast.accepted, fast.duplicate, fast.dead], [count('accepted'), count('duplicate'), count('dead')])
    assert.deepEqual(fast.results.map(({ row, reason }) => [row, reason?.replace(/at byte \d+/, '')]), results.flatMap(({ status, reason }, row) => (status === 'dead' ? [[row, reason?.replace(/at byte \d+/, '')]] : [])))
  }
  const stored = await Promise.all([columns, careful, lines].map((house) => readRecords(house, 'track-played')))
  assert.ok((stored[0]?.length ?? 0) > 1500)
  assert.deepEqual(stored[0], stored[1])
  assert.deepEqual(stored[0], stored[2])
  const counts = await Promise.all([columns, careful, lines].map((house) => house.api.counts({}, ctx)))
  assert.deepEqual(counts[0], counts[1])
  assert.deepEqual(counts[0], counts[2])
  for (const house of [columns, careful, lines]) await house.close()
})

test('EV50 numbers, truths and texts are held against the schema by column; several types share a stream; what is finer than a millisecond is cut off', async () => {
  await using folder = await createTempFolder()
  const houses = await openHouses(folder, ['columns', 'careful'])
  for (const house of houses) {
    const stream = toStream({
      id: vectorFromArray(['a', 'b', 'c', 'd', 'e', 'f', 'g'], new Utf8()),
      type: vectorFromArray(['track-rated', 'track-rated', 'track-rated', 'track-rated', 'search-made', 'nobody', 'track-rated'], new Dictionary(new Utf8(), new Uint8())),
      occurredAt: new Vector([makeData({ type: new TimestampMicrosecond(), length: 7, nullCount: 1, nullBitmap: Uint8Array.of(0b1111011), data: BigInt64Array.of(1_700_000_000_123_456n, 1n, 0n, 1n, 1n, 1n, 1n) })]),
      stars: vectorFromArray([4.5, NaN, 5, 0.1, null, 1, 6], new Float64()),
      loud: vectorFromArray([true, null, false, true, null, null, null], new Bool()),
      note: vectorFromArray(['ok', null, 'é', 'ééé', null, null, null], new Utf8()),
      query: vectorFromArray([null, null, null, null, 'abba', null, null], new Utf8()),
    })
    const answer = await sendColumns(house, stream)
    assert.deepEqual([answer.accepted, answer.dead], [3, 4])
    assert.deepEqual(answer.results.map(({ row }) => row), [1, 2, 5, 6])
    assert.match(answer.results[0]?.reason ?? '', /NaN is not JSON/)
    assert.deepEqual((await readRecords(house, 'track-rated')).map((record) => record.slice(2)), [
      '{"id":"a","type":"track-rated","occurredAt":"2023-11-14T22:13:20.123Z","properties":{"stars":4.5,"loud":true,"note":"ok"}}',
      '{"id":"d","type":"track-rated","occurredAt":"1970-01-01T00:00:00.000Z","properties":{"stars":0.1,"loud":true,"note":"ééé"}}',
    ])
    const again = await sendColumns(house, stream)
    assert.deepEqual([again.accepted, again.duplicate, again.dead], [0, 3, 4])
    await house.close()
  }
})

test('EV51 texts of a column that are no UTF-8, each or where they meet, are dead with the reason, and their neighbours are not', async () => {
  await using folder = await createTempFolder()
  for (const house of await openHouses(folder, ['columns', 'careful'])) {
    // "é" cut in two, so that all bytes together are text; then a byte that is never any.
    const values = Buffer.from('abé\xff', 'latin1')
    const bytes = Buffer.concat([Buffer.from('ab'), Buffer.from('é'), values.subarray(3)])
    const make = (type: DataType, children: object): Vector => makeData({ type, ...children } as never) as never
    const notes = (offsets: number[], data: Uint8Array): Uint8Array => {
      const length = offsets.length - 1
      const fields = { id: new Utf8(), stars: new Float64(), note: new Utf8() }
      const schema = new Schema(Object.entries(fields).map(([name, type]) => new Field(name, type, true)))
      const children = [
        vectorFromArray(Array.from({ length }, (_, i) => `${offsets.join('-')}.${i}`), new Utf8()).data[0],
        vectorFromArray(Array.from({ length }, () => 1), new Float64()).data[0],
        make(new Utf8(), { length, valueOffsets: Int32Array.from(offsets), data }),
      ]
      const batch = new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, children: children as never }))
      return tableToIPC(new Table(schema, [batch]), 'stream')
    }
    const cut = await sendColumns(house, notes([0, 2, 3, 4], bytes.subarray(0, 4)), '?type=track-rated')
    assert.deepEqual([cut.accepted, cut.results.map(({ row, reason }) => [row, reason])], [1, [[1, 'The line is not UTF-8 text.'], [2, 'The line is not UTF-8 text.']]])
    const never = await sendColumns(house, notes([0, 2, 4, 5], bytes), '?type=track-rated')
    assert.deepEqual([never.accepted, never.dead, never.results[0]?.row], [1, 2, 1])
    await house.close()
  }
})

test('EV52 streams that are cut, damaged, too large or no streams are refused as a whole, or read as what they say: never a crash, never a part', async () => {
  await using folder = await createTempFolder()
  const [house] = (await openHouses(folder, ['columns'])) as [House]
  const good = Buffer.from(
    toStream({
      id: vectorFromArray(['a', 'b', 'c'], new Utf8()),
      userId: vectorFromArray(['u', null, 'v'], new Dictionary(new Utf8(), new Uint8())),
      occurredAt: vectorFromArray([START_MS, null, START_MS], new TimestampMillisecond()),
      trackId: vectorFromArray(['t', 't', 't'], new Utf8()),
      artistId: vectorFromArray(['a', 'b', 'c'], new Dictionary(new Utf8(), new Int32())),
      trackMs: vectorFromArray([1, 2, 3], new Int32()),
      playedMs: vectorFromArray([1n, 2n, 3n], new Int64()),
      source: vectorFromArray(['radio', 'radio', 'radio'], new Utf8()),
    }),
  )
  const send = async (bytes: Uint8Array, query = '?type=track-played'): Promise<StoredColumns | string> =>
    sendColumns(house, bytes, query).catch((error: Error & { code?: string }) => {
      assert.equal(error.code, 'COLUMNS_UNREADABLE', error.stack)
      return error.message
    })
  const noType = await send(good, '')
  assert.match(String(noType), /tells the type/)
  assert.match(String(await send(Buffer.from('{"id":"a"}'))), /no message begins at byte 0/)
  assert.match(String(await send(Buffer.alloc(0))), /no schema/)
  assert.match(String(await send(toStream({ trackId: vectorFromArray(['a'], new Utf8()) }))), /no column "id"/)
  for (let size = 1; size < good.length - 8; size += 7) {
    const cut = await send(good.subarray(0, size))
    if (typeof cut !== 'string') assert.deepEqual([cut.accepted, cut.duplicate, cut.dead], [0, 0, 0])
  }
  const random = createRandom(9)
  const refused = new Set<string>()
  for (let round = 0; round < 4_000; round += 1) {
    const bad = Buffer.from(good)
    for (let i = random.int(3); i >= 0; i -= 1) {
      const at = random.int(bad.length - 8)
      const how = random.int(4)
      if (how === 0) bad[at] = random.int(256)
      else if (how === 1) bad.writeInt32LE(random.next() < 0.5 ? -1 : 0x7fffffff, at)
      else if (how === 2) bad.writeUInt32LE(random.int(1 << 20), at)
      else bad.writeBigInt64LE(random.next() < 0.5 ? -1n : 1n << 40n, at)
    }
    const answer = await send(bad)
    if (typeof answer === 'string') refused.add(answer.replace(/\d+/g, '#'))
    else assert.ok(answer.accepted + answer.duplicate + answer.dead <= 1_000_000)
  }
  assert.ok(refused.size > 15, [...refused].join('\n'))
  for (const { value } of await house.eventLog.read({ topic: 'events.track-played', partition: 0, offset: 0 }, ctx)) JSON.parse(Buffer.from(value).toString())
  const { rows } = await house.api.counts({}, ctx)
  for (const row of rows) assert.equal(row.accepted, row.delivered + row.duplicate + row.dead + row.inFlight)
  await house.close()
})

test('EV53 a large stream is stored in blocks, every row once, in its order, and lands', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const count = 20_000
  const ids = Array.from({ length: count }, (_, i) => `id-${String(i).padStart(30, '0')}`)
  const fill = (type: DataType, read: (i: number) => unknown): Vector => vectorFromArray(ids.map((_, i) => read(i)), type)
  const stream = toStream({ id: fill(new Utf8(), (i) => ids[i]), userId: fill(new Utf8(), (i) => `u${i % 100}`), trackId: fill(new Utf8(), (i) => `t${i}`), artistId: fill(new Utf8(), () => 'a'), trackMs: fill(new Int32(), (i) => i), playedMs: fill(new Int32(), () => 5), source: fill(new Dictionary(new Utf8(), new Uint8()), () => 'radio') })
  const answer = await sendColumns(house, stream, '?type=track-played')
  assert.deepEqual(answer, { accepted: count, duplicate: 0, dead: 0, results: [] })
  let offset = 0
  while (offset < count) {
    const records = await house.eventLog.read({ topic: 'events.track-played', partition: 0, offset }, ctx)
    for (const record of records) assert.equal((JSON.parse(Buffer.from(record.value).toString()) as { id: string }).id, ids[record.offset])
    offset += records.length
  }
  clock.advance(2 * 3_600_000)
  await house.settle()
  const { rows } = await house.api.listBuckets({ type: 'track-played' }, ctx)
  assert.equal(rows.reduce((sum, bucket) => sum + bucket.rows, 0), count)
  await house.close()
})
