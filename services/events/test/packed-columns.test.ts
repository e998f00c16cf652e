// Events that came as columns and are kept as packed blocks: what is read is what rows would be, from anywhere and after any end.
import assert from 'node:assert/strict'
import { cp, readFile, readdir, rm } from 'node:fs/promises'
import { test } from 'node:test'
import { openEventLog, type EventLog, type StoredRecord } from '@rondo/event-log'
import { createRandom, type Random } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { Bool, Dictionary, Float64, Int16, Int32, Int64, Table, TimestampMicrosecond, TimestampMillisecond, Uint8, Utf8, tableToIPC, vectorFromArray, type DataType, type Vector } from 'apache-arrow'
import { encodePackedHead, PACKED_COLUMNS } from '../src/columns/packed-columns.ts'
import { expandColumns } from '../src/columns/expand-columns.ts'
import { START_MS, ctx, openHouse, plainSearch, type House } from './events-house.ts'
import { EVENT_EXPANDERS } from '../src/index.ts'
import type { StoredColumns } from '../src/use-cases/store-columns.ts'

const field = (schema: object) => ({ ...schema, personal: 'none' })
const measured = {
  ...plainSearch,
  name: 'measured',
  schema: {
    type: 'object',
    properties: {
      device: field({ type: 'string' }),
      label: field({ type: 'string', maxLength: 900 }),
      kind: field({ type: 'string', enum: ['a', 'b', 'other'] }),
      count: field({ type: 'integer' }),
      small: field({ type: 'integer', minimum: -300 }),
      share: field({ type: 'number' }),
      ok: field({ type: 'boolean' }),
      never: field({ type: 'string' }),
    },
    required: [],
    additionalProperties: false,
  },
} as const
const at = { topic: 'events.measured', partition: 0 }

async function send(house: House, stream: Uint8Array, type = 'measured'): Promise<StoredColumns> {
  const response = await house.post(`/v1/events?type=${type}`, Buffer.from(stream), { 'content-type': 'application/vnd.apache.arrow.stream' })
  assert.equal(response.status, 202)
  return JSON.parse(String(response.body)) as StoredColumns
}

/** Columns of every kind that can be packed; in each stream some hold one value only, small or large ones, or nulls. */
function makeStream(random: Random, rows: number, round: number): Uint8Array {
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)] as T
  const uuid = (): string => `${hex(random, 8)}-${hex(random, 4)}-${hex(random, 4)}-${hex(random, 4)}-${hex(random, 12)}`
  const column = (type: DataType, make: (row: number) => unknown, nulls = pick([0, 0, 0.3, 0.95])): Vector =>
    vectorFromArray(Array.from({ length: rows }, (_, row) => (random.next() < nulls ? null : make(row))), type)
  const texts = (make: () => string): ((row: number) => unknown) => (random.int(3) === 0 ? ((one) => () => one)(make()) : make)
  const span = pick([1, 200, 60_000, 1e9])
  const wide = pick([1n, 1000n, 9_007_199_254_740_991n])
  return tableToIPC(
    new Table({
      id: round % 3 === 0 ? column(new Utf8(), uuid, 0) : column(new Utf8(), (row) => `${pick(['', 'ü', 'a-long-beginning-of-many-ids-'])}${round}.${row}`, 0),
      occurredAt: round % 4 === 0 ? column(new TimestampMicrosecond(), () => START_MS - random.int(span)) : column(new TimestampMillisecond(), () => START_MS - random.int(span)),
      userId: column(pick([new Utf8(), new Dictionary(new Utf8(), new Int32())]), texts(() => `user-ü${random.int(400)}`)),
      anonymousId: column(new Utf8(), texts(pick([uuid, () => 'no uuid', () => pick([uuid(), uuid().toUpperCase()])]))),
      device: column(new Utf8(), texts(() => pick(['device-1', 'device-12', 'device-', 'devi', 'a "quoted" one']))),
      label: column(pick([new Utf8(), new Dictionary(new Utf8(), new Int32())]), () => 'ä'.repeat(random.int(pick([3, 200, 450])))),
      kind: column(new Dictionary(new Utf8(), new Uint8()), () => pick(['a', 'b', 'other'])),
      count: column(new Int64(), () => wide * BigInt(pick([-1, 0, 1])) + BigInt(random.int(2)) * (wide > 1000n ? 0n : 1n)),
      small: column(new Int16(), () => random.int(span > 30_000 ? 30_000 : span) - 290),
      share: column(new Float64(), () => random.next() * pick([1, 1e-9, 1e9])),
      ok: column(new Bool(), () => random.int(2) === 0),
      never: column(new Utf8(), () => '', 1),
    }),
    'stream',
  )
}

function hex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => random.int(16).toString(16)).join('')
}

async function openBoth(path: string): Promise<{ packed: House; rows: House }> {
  const [packed, rows] = (await Promise.all(
    [EVENT_EXPANDERS, {}].map(async (expand, i) => {
      const house = await openHouse(`${path}/${i}`, createManualClock(START_MS), { logOptions: { expand } })
      await house.api.putType({ type: 'measured', body: measured }, ctx)
      return house
    }),
  )) as [House, House]
  return { packed, rows }
}

/** What readers see, up to the end or to `most` records. */
async function readAll(log: EventLog, offset: number, limits: { maxRecords?: number; maxBytes?: number } = {}, most = Infinity): Promise<string[]> {
  const found: StoredRecord[] = []
  for (;;) {
    const records = await log.read({ ...at, offset: offset + found.length, ...limits }, ctx)
    if (records.length === 0 || found.length >= most) return found.slice(0, most).map((record) => `${record.offset} ${record.timestampMs} ${record.key} ${Buffer.from(record.value).toString()} ${JSON.stringify(record.headers)}`)
    found.push(...records)
  }
}

async function countPacked(folder: string): Promise<number> {
  let found = 0
  for (const name of await readdir(folder)) found += (await readFile(`${folder}/${name}`)).toString('latin1').split(PACKED_COLUMNS).length - 1
  return found
}

test('EV110 events that come as columns are kept packed, and read as the records that rows would be: whole, from the middle, within limits, after closing and as kill -9 leaves them', async () => {
  await using folder = await createTempFolder()
  const { packed, rows } = await openBoth(folder.path)
  const random = createRandom(11)
  for (let round = 0; round < 24; round += 1) {
    const stream = makeStream(random, 1 + random.int(round % 6 === 0 ? 3000 : 150), round)
    assert.deepEqual(await send(packed, stream), await send(rows, stream))
    // Again, whole: nothing of it is new.
    if (round % 5 === 0) assert.deepEqual(await send(packed, stream), await send(rows, stream))
  }
  assert.ok((await countPacked(folder.join('0/log/segments'))) >= 24)
  assert.equal(await countPacked(folder.join('1/log/segments')), 0)
  const wanted = await readAll(rows.eventLog, 0)
  assert.ok(wanted.length > 4000)
  const compare = async (log: EventLog): Promise<void> => {
    assert.deepEqual(await readAll(log, 0), wanted)
    for (const limits of [{ maxRecords: 1 }, { maxRecords: 7 }, { maxBytes: 1 }, { maxBytes: 2000 }]) {
      for (let offset = 0; offset < wanted.length; offset += 97) assert.deepEqual(await readAll(log, offset, limits, 15), wanted.slice(offset, offset + 15))
    }
  }
  await compare(packed.eventLog)
  await cp(folder.join('0/log'), folder.join('killed'), { recursive: true })
  await rm(folder.join('killed/lock'), { recursive: true, force: true })
  await packed.close()
  for (const path of ['0/log', 'killed']) {
    const log = await openEventLog(`file:${folder.join(path)}`, { expand: EVENT_EXPANDERS })
    await compare(log)
    await log.close()
  }
  await rows.close()
})

test('EV111 what is personal is sealed a row at a time and never packed; what is packed is found by id after a start, landed and read back like all else', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  for (const body of [measured, plainSearch]) await house.api.putType({ type: body.name, body }, ctx)
  const searches = tableToIPC(new Table({ id: vectorFromArray(['a', 'b'], new Utf8()), userId: vectorFromArray(['u', 'v'], new Utf8()), query: vectorFromArray(['secret-1', 'secret-2'], new Utf8()) }), 'stream')
  assert.equal((await send(house, searches, 'search-made')).accepted, 2)
  assert.equal(await countPacked(folder.join('log/segments')), 0)
  const stream = makeStream(createRandom(5), 500, 0)
  const { accepted, duplicate } = await send(house, stream)
  assert.equal(accepted + duplicate, 500)
  assert.ok((await countPacked(folder.join('log/segments'))) > 0)
  await house.close()
  // So that ids are read out of the log.
  await rm(folder.join('objects/events/ids'), { recursive: true, force: true })
  house = await openHouse(folder.path, clock)
  assert.deepEqual(await send(house, stream), { accepted: 0, duplicate: 500, dead: 0, results: [] })
  const { rows } = await house.api.readEvents({ type: 'measured', limit: 10 }, ctx)
  assert.equal(rows.length, 10)
  clock.advance(2 * 3_600_000)
  await house.settle()
  const buckets = await house.api.listBuckets({ type: 'measured' }, ctx)
  assert.equal(buckets.rows.reduce((sum, bucket) => sum + bucket.rows, 0), accepted)
  await house.close()
})

test('EV112 a body that is damaged anywhere is read as some records or refused with words, never without an end', async () => {
  const head = encodePackedHead([{ prefix: '{"id":', at: 0, role: 'id', required: true, field: undefined }, { prefix: ',"n":', at: 1, role: 'property', required: false, field: undefined }, { prefix: '}' }], ['text', 'integer'])
  const section = (form: number, width: number, shared: number, entries: number, data: Buffer): Buffer => {
    const start = Buffer.from([form, width, 0, shared, 0, 0, 0, 0, 0, 0, 0, 0])
    start.writeUInt32LE(data.byteLength, 4)
    start.writeUInt32LE(entries, 8)
    return Buffer.concat([start, data])
  }
  const body = Buffer.concat([head, section(1, 1, 2, 0, Buffer.from('ab\x01\x02\x00xyz')), section(4, 2, 0, 0, Buffer.concat([Buffer.from(BigInt64Array.of(-5n).buffer), Buffer.from([1, 0, 2, 0, 0, 1])]))])
  const all = { maxRecords: 9, maxBytes: 1000 }
  const { values, keys } = expandColumns(body, 3, 0, all)
  assert.equal(Buffer.from(values).toString(), '{"id":"abx","n":-4}{"id":"abyz","n":-3}{"id":"ab","n":251}')
  assert.equal(Buffer.from(keys).toString(), 'abxabyzab')
  assert.equal(Buffer.from(expandColumns(body, 3, 1, { maxRecords: 1, maxBytes: 1000 }).values).toString(), '{"id":"abyz","n":-3}')
  const random = createRandom(3)
  for (let i = 0; i < 20_000; i += 1) {
    const changed = Buffer.from(body)
    for (let n = random.int(3); n >= 0; n -= 1) changed[random.int(changed.byteLength)] = random.int(256)
    const given = random.int(4) === 0 ? changed.subarray(0, random.int(changed.byteLength)) : changed
    try {
      const { valueBytes, values: texts } = expandColumns(given, 1 + random.int(4), 0, all)
      assert.equal(valueBytes.reduce((sum, size) => sum + size, 0), texts.byteLength)
    } catch (error) {
      assert.ok(error instanceof Error)
    }
  }
})
