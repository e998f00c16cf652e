// Packed blocks on disk: without their expander, behind segments of older programs, damaged.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { crc32 } from 'node:zlib'
import { createCtx } from '@rondo/context'
import type { AppError } from '@rondo/errors'
import { createFaultFileSystem, type FaultFileSystem } from '@rondo/testing'
import { openEventLog } from '../open.ts'
import { TEST_EXPANDERS, toPacked } from '../packed-conformance.ts'
import type { EventLog, Expanders } from '../port.ts'

const ctx = createCtx()
const identity = { token: 'p1', isAlive: () => false }
const SEGMENT = '/log/segments/t@0@0000000000000000.seg'
const at = { topic: 't', partition: 0 }

const open = (fileSystem: FaultFileSystem, expand: Expanders = TEST_EXPANDERS): Promise<EventLog> => openEventLog('file:/log', { fileSystem, identity, expand })

const records = (...values: string[]) => values.map((value) => ({ key: 'k', value: Buffer.from(value) }))

async function listValues(log: EventLog, offset = 0): Promise<string[]> {
  return (await log.read({ ...at, offset }, ctx)).map(({ value }) => Buffer.from(value).toString())
}

async function change(disk: FaultFileSystem, work: (bytes: Buffer) => void): Promise<void> {
  const file = await disk.open(SEGMENT, 'r+')
  const bytes = Buffer.alloc(await file.size())
  await file.read(bytes, 0)
  work(bytes)
  await file.writev([bytes], 0)
  await file.dataSync()
  await file.close()
}

it('EL63 records whose expander is not there are named when they are read; the log opens, gives what lies before them, takes more, and loses nothing', async () => {
  const disk = createFaultFileSystem()
  const log = await open(disk)
  await log.createTopic('t', { partitions: 1 }, ctx)
  await log.append([{ topic: 't', records: records('a', 'b') }], 1, ctx)
  await log.append([{ topic: 't', records: toPacked(records('c', 'd', 'e')) }], 2, ctx)
  await log.close()
  for (const without of [{}, { 'other-1': TEST_EXPANDERS['lines-1'] }] as Expanders[]) {
    const poor = await open(disk, without)
    assert.deepEqual(poor.capabilities.packed, Object.keys(without))
    assert.deepEqual(await listValues(poor), ['a', 'b'])
    await assert.rejects(poor.read({ ...at, offset: 2 }, ctx), (error: AppError) => error.code === 'RECORD_ENCODING_UNKNOWN' && /Records 2 to 4 in ".*t@0@0+\.seg" are packed as "lines-1"/.test(error.message))
    const [next] = await poor.append([{ topic: 't', records: records('more') }], 3, ctx)
    assert.deepEqual(await listValues(poor, next?.firstOffset), ['more'])
    await poor.close()
  }
  const again = await open(disk)
  assert.deepEqual(await listValues(again), ['a', 'b', 'c', 'd', 'e', 'more', 'more'])
})

it('EL64 a segment of an older program is read, and packed blocks go to a new one, which older programs refuse instead of cutting it off', async () => {
  const disk = createFaultFileSystem()
  const log = await open(disk)
  await log.createTopic('t', { partitions: 1 }, ctx)
  await log.append([{ topic: 't', records: records('old') }], 1, ctx)
  await log.close()
  await change(disk, (bytes) => {
    bytes.writeUInt32LE(1, 8)
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 24)), 24)
  })
  const again = await open(disk)
  await again.append([{ topic: 't', records: records('plain') }], 2, ctx)
  assert.equal((await disk.readFolder('/log/segments')).length, 1)
  await Promise.all([again.append([{ topic: 't', records: records('beside') }], 3, ctx), again.append([{ topic: 't', records: toPacked(records('packed', 'too')) }], 3, ctx)])
  assert.deepEqual((await disk.readFolder('/log/segments')).length, 2)
  assert.deepEqual(await listValues(again), ['old', 'plain'])
  assert.deepEqual(await listValues(again, 2), ['beside', 'packed', 'too'])
  await again.close()
  const last = await open(disk)
  assert.deepEqual([...(await listValues(last)), ...(await listValues(last, 2))], ['old', 'plain', 'beside', 'packed', 'too'])
})

it('EL65 a packed block that is damaged, or that its expander cannot read, is LOG_CORRUPT with the place; its tail is cut off as a whole', async () => {
  const disk = createFaultFileSystem()
  const log = await open(disk)
  await log.createTopic('t', { partitions: 1 }, ctx)
  for (const value of ['a', 'b']) await log.append([{ topic: 't', records: toPacked(records(value, 'x')) }], 1, ctx)
  await log.close()
  const unreadable = await open(disk, { 'lines-1': () => { throw new Error('lines are missing') } })
  await assert.rejects(unreadable.read({ ...at, offset: 0 }, ctx), (error: AppError) => error.code === 'LOG_CORRUPT' && /byte 32: its records, packed as "lines-1", cannot be read \(lines are missing\)/.test(error.message))
  await unreadable.close()
  await change(disk, (bytes) => void (bytes[bytes.indexOf('k=a') + 2] = 66))
  const damaged = await open(disk)
  await assert.rejects(damaged.read({ ...at, offset: 0 }, ctx), (error: AppError) => error.code === 'LOG_CORRUPT' && /checksum/.test(error.message))
  assert.deepEqual(await listValues(damaged, 2), ['b', 'x'])
  await damaged.close()
  await change(disk, (bytes) => {
    bytes[bytes.indexOf('B')] = 97
    bytes[bytes.length - 2] = 0
  })
  await disk.unlink('/log/checkpoint')
  const torn = await open(disk)
  assert.deepEqual(await torn.offsets('t', ctx), [{ ...at, start: 0, end: 2 }])
  assert.deepEqual(await listValues(torn), ['a', 'x'])
})
