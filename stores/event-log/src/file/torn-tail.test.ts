// The last frame cut or changed at every single byte; frames before it damaged at every byte.
import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { createCtx } from '@rondo/context'
import type { AppError } from '@rondo/errors'
import { createFaultFileSystem, type FaultFileSystem } from '@rondo/testing'
import { openEventLog } from '../open.ts'
import type { EventLog } from '../port.ts'
import { SEGMENT_HEADER_BYTES } from './segment-header.ts'

const ctx = createCtx()
const identity = { token: 'p1', isAlive: () => false }
const SEGMENT = '/log/segments/t@0@0000000000000000.seg'
const at = { topic: 't', partition: 0 }

const open = (fileSystem: FaultFileSystem): Promise<EventLog> => openEventLog('file:/log', { fileSystem, identity })

let disk: FaultFileSystem
/** Where each of the three frames ends. */
const ends: number[] = []

before(async () => {
  disk = createFaultFileSystem()
  const log = await open(disk)
  await log.createTopic('t', { partitions: 1 }, ctx)
  for (let round = 0; round < 3; round += 1) {
    const records = [0, 1].map((index) => ({ key: `user-${index}`, value: Buffer.from(`{"round":${round}}`), headers: { round: String(round) } }))
    await log.append([{ topic: 't', records }], round, ctx)
    ends.push((await disk.find(SEGMENT))?.sizeBytes ?? 0)
  }
})

/** A machine that found its disk like this. */
async function withSegment(change: (bytes: Buffer) => Buffer): Promise<FaultFileSystem> {
  const copy = disk.afterPowerLoss()
  const file = await copy.open(SEGMENT, 'r+')
  const bytes = Buffer.alloc(await file.size())
  await file.read(bytes, 0)
  const changed = change(bytes)
  await file.truncate(changed.byteLength)
  await file.writev([changed], 0)
  await file.dataSync()
  await file.close()
  return copy
}

async function checkTwoFramesLeft(copy: FaultFileSystem, moment: string): Promise<void> {
  const log = await open(copy)
  assert.deepEqual(await log.offsets('t', ctx), [{ ...at, start: 0, end: 4 }], moment)
  const values = (await log.read({ ...at, offset: 0 }, ctx)).map(({ value }) => Buffer.from(value).toString())
  assert.deepEqual(values, ['{"round":0}', '{"round":0}', '{"round":1}', '{"round":1}'], moment)
  const [next] = await log.append([{ topic: 't', records: [{ key: 'k', value: Buffer.from('new') }] }], 9, ctx)
  assert.equal(next?.firstOffset, 4, moment)
  await log.close()
  const again = await open(copy)
  assert.equal((await again.read({ ...at, offset: 4 }, ctx)).length, 1, moment)
}

it('EL17 a last frame that ends too early, at any byte, is cut off', async () => {
  const [, second = 0, third = 0] = ends
  for (let size = second; size < third; size += 1) await checkTwoFramesLeft(await withSegment((bytes) => bytes.subarray(0, size)), `cut to ${size} of ${third}`)
})

it('EL17 a last frame with any byte changed is cut off', async () => {
  const [, second = 0, third = 0] = ends
  for (let position = second; position < third; position += 1) {
    const copy = await withSegment((bytes) => {
      bytes[position] = (bytes[position] ?? 0) ^ 0x41
      return bytes
    })
    await checkTwoFramesLeft(copy, `byte ${position}`)
  }
})

it('EL17 what was written together with a torn frame stays cut off, also when a retry fills exactly its place', async () => {
  const source = createFaultFileSystem()
  const log = await open(source)
  await log.createTopic('t', { partitions: 1 }, ctx)
  const append = (running: EventLog, value: string): ReturnType<EventLog['append']> => running.append([{ topic: 't', records: [{ key: 'k', value: Buffer.from(value) }] }], 0, ctx)
  await append(log, 'one')
  const position = (await source.find(SEGMENT))?.sizeBytes ?? 0
  await Promise.all([append(log, 'two'), append(log, 'six')])
  const torn = await source.open(SEGMENT, 'r+')
  await torn.writev([Buffer.from('~')], position + 8)
  const again = await open(source.afterProcessKill())
  assert.equal((await append(again, 'two'))[0]?.firstOffset, 1)
  await again.close()
  assert.deepEqual(await (await open(source.afterProcessKill())).offsets('t', ctx), [{ ...at, start: 0, end: 2 }])
})

it('EL17 zeros or noise behind the last frame, as a loss of power leaves them, are cut off', async () => {
  for (const tail of [Buffer.alloc(1), Buffer.alloc(5000), Buffer.from('RLF1'), Buffer.alloc(300, 'RLF1')]) {
    const log = await open(await withSegment((bytes) => Buffer.concat([bytes, tail])))
    assert.equal((await log.offsets('t', ctx))[0]?.end, 6)
  }
})

it('EL18 damage of what was acknowledged is an error that names the place, never a silent loss', async () => {
  const [first = 0, second = 0] = ends
  for (let position = first; position < second; position += 1) {
    const copy = await withSegment((bytes) => {
      bytes[position] = (bytes[position] ?? 0) ^ 0x41
      return bytes
    })
    const log = await open(copy)
    await assert.rejects(log.read({ ...at, offset: 0 }, ctx), (error: AppError) => error.code === 'LOG_CORRUPT' && error.details['position'] === first, `byte ${position}`)
    const kept = await copy.find(SEGMENT)
    assert.equal(kept?.sizeBytes, ends[2], 'nothing was cut off')
  }
})

it('EL18 a broken segment header is damage when records follow it, and nothing when none do', async () => {
  const changed = await open(
    await withSegment((bytes) => {
      bytes[9] = 1
      return bytes
    }),
  )
  await assert.rejects(changed.offsets('t', ctx), { code: 'LOG_CORRUPT' })
  for (let size = 0; size < SEGMENT_HEADER_BYTES; size += 1) {
    const log = await open(await withSegment((bytes) => bytes.subarray(0, size)))
    assert.deepEqual(await log.offsets('t', ctx), [{ ...at, start: 0, end: 0 }])
    assert.equal((await log.append([{ topic: 't', records: [{ key: 'k', value: Buffer.from('new') }] }], 9, ctx))[0]?.firstOffset, 0)
  }
})

it('EL18 a bit that changed under a running log is found by its reader', async () => {
  const copy = disk.afterPowerLoss()
  const log = await open(copy)
  assert.equal((await log.read({ ...at, offset: 0 }, ctx)).length, 6)
  const file = await copy.open(SEGMENT, 'r+')
  await file.writev([Buffer.from('X')], (ends[1] ?? 0) - 3)
  await assert.rejects(log.read({ ...at, offset: 0 }, ctx), { code: 'LOG_CORRUPT' })
  await assert.rejects(log.read({ ...at, offset: 3 }, ctx), { code: 'LOG_CORRUPT' })
  assert.equal((await log.read({ ...at, offset: 4 }, ctx)).length, 2, 'what is whole can be read')
})

it('EL17 lines written together with a torn one are cut off with it', async () => {
  const source = createFaultFileSystem()
  const log = await open(source)
  await log.createTopic('a', { partitions: 1 }, ctx)
  const position = (await source.find('/log/journal'))?.sizeBytes ?? 0
  await Promise.all(['b', 'c'].map((topic) => log.createTopic(topic, { partitions: 1 }, ctx)))
  const torn = await source.open('/log/journal', 'r+')
  await torn.writev([Buffer.from('~')], position)
  const again = await open(source.afterProcessKill())
  await again.createTopic('b', { partitions: 1 }, ctx)
  await again.close()
  assert.deepEqual((await (await open(source.afterProcessKill())).listTopics(ctx)).map(({ topic }) => topic), ['a', 'b'])
})

it('EL17 a torn last line of the journal is cut off at any byte; damage before it is an error', async () => {
  const journal = '/log/journal'
  const source = createFaultFileSystem()
  const log = await open(source)
  await log.createTopic('a', { partitions: 1 }, ctx)
  const goodBytes = (await source.find(journal))?.sizeBytes ?? 0
  await log.createTopic('b', { partitions: 1 }, ctx)
  const allBytes = (await source.find(journal))?.sizeBytes ?? 0
  for (let size = goodBytes; size < allBytes; size += 1) {
    const copy = source.afterPowerLoss()
    const file = await copy.open(journal, 'r+')
    await file.truncate(size)
    const again = await open(copy)
    assert.deepEqual((await again.listTopics(ctx)).map(({ topic }) => topic), ['a'], `cut to ${size}`)
    await again.createTopic('c', { partitions: 1 }, ctx)
    await again.close()
    assert.equal((await (await open(copy)).listTopics(ctx)).length, 2)
  }
  for (let position = 0; position < goodBytes - 1; position += 1) {
    const copy = source.afterPowerLoss()
    const file = await copy.open(journal, 'r+')
    await file.writev([Buffer.from('~')], position)
    await assert.rejects(open(copy), { code: 'LOG_CORRUPT' }, `byte ${position}`)
  }
})
