// What an opening need not read again, and what it must not believe.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createCtx } from '@rondo/context'
import { createFaultFileSystem, type FaultFileSystem } from '@rondo/testing'
import { openEventLog } from '../open.ts'
import type { EventLog } from '../port.ts'

const ctx = createCtx()
const at = { topic: 't', partition: 0 }
const SEGMENT = '/log/segments/t@0@0000000000000000.seg'

const open = (fileSystem: FaultFileSystem): Promise<EventLog> => openEventLog('file:/log', { fileSystem, identity: { token: 'p1', isAlive: () => false }, checkpointBytes: 0 })

async function append(log: EventLog, from: number, to: number): Promise<void> {
  for (let round = from; round < to; round += 1) await log.append([{ topic: 't', records: Array.from({ length: 10 }, () => ({ key: 'k', value: Buffer.alloc(2_000, round) })) }], round, ctx)
}

/** 400 records in 40 frames, noted after the first 30. */
async function makeLog(): Promise<FaultFileSystem> {
  const disk = createFaultFileSystem()
  const log = await open(disk)
  await log.createTopic('t', { partitions: 1 }, ctx)
  await append(log, 0, 30)
  await log.enforceRetention(0, ctx)
  await append(log, 30, 40)
  return disk.afterPowerLoss()
}

async function damage(disk: FaultFileSystem, path: string, position: number): Promise<void> {
  const file = await disk.open(path, 'r+')
  await file.writev([Buffer.from('~')], position)
  await file.close()
}

it('EL14 an opening reads what came after the last note, and finds everything before it', async () => {
  const disk = await makeLog()
  await damage(disk, SEGMENT, 5_000)
  const log = await open(disk)
  assert.deepEqual(await log.offsets('t', ctx), [{ ...at, start: 0, end: 400 }], 'a damaged record before the note is not read, so not seen')
  await assert.rejects(log.read({ ...at, offset: 0 }, ctx), { code: 'LOG_CORRUPT' })
  for (const offset of [399, 300, 299, 100, 55, 399]) assert.equal((await log.read({ ...at, offset, maxRecords: 1 }, ctx))[0]?.value[0], Math.floor(offset / 10))
  for (const timestampMs of [39, 31, 30, 29, 12, 3, 40]) assert.equal(await log.findOffset({ ...at, timestampMs }, ctx), timestampMs * 10)
  await append(log, 40, 45)
  for (const offset of [449, 2 * 10]) assert.equal((await log.read({ ...at, offset, maxRecords: 1 }, ctx))[0]?.value[0], Math.floor(offset / 10))
})

it('EL14 instants before the note are found by the first who asks', async () => {
  for (const timestampMs of [3, 29, 30, 39]) assert.equal(await (await openAndKeep()).findOffset({ ...at, timestampMs }, ctx), timestampMs * 10)
})

it('EL14 a note that is damaged, of another file, or absent only costs time', async () => {
  for (const position of [0, 20, 40]) {
    const disk = await makeLog()
    await damage(disk, '/log/checkpoint', position)
    assert.deepEqual(await (await open(disk)).offsets('t', ctx), [{ ...at, start: 0, end: 400 }])
  }
  const disk = await makeLog()
  await disk.unlink('/log/checkpoint')
  assert.deepEqual(await (await open(disk)).offsets('t', ctx), [{ ...at, start: 0, end: 400 }])
})

it('EL18 a segment that is shorter than it was noted to be has lost what was acknowledged', async () => {
  const disk = await makeLog()
  const file = await disk.open(SEGMENT, 'r+')
  await file.truncate(100_000)
  await assert.rejects((await open(disk)).offsets('t', ctx), { code: 'LOG_CORRUPT' })
})

async function openAndKeep(): Promise<EventLog> {
  return open(await makeLog())
}
