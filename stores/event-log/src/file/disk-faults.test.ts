// A disk that is full, broken or slow while the log runs.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createCtx } from '@rondo/context'
import type { AppError } from '@rondo/errors'
import { createFaultFileSystem, type FaultFileSystem } from '@rondo/testing'
import { openEventLog, type OpenEventLogOptions } from '../open.ts'
import type { EventLog } from '../port.ts'

const ctx = createCtx()
const identity = { token: 'p1', isAlive: () => false }

async function openWithTopics(disk: FaultFileSystem, topics: string[], options: OpenEventLogOptions = {}): Promise<EventLog> {
  const log = await openEventLog('file:/log', { fileSystem: disk, identity, ...options })
  for (const topic of topics) await log.createTopic(topic, { partitions: 1 }, ctx)
  return log
}

const appendTo = (log: EventLog, topic: string, ...values: string[]): ReturnType<EventLog['append']> => log.append([{ topic, records: values.map((value) => ({ key: 'k', value: Buffer.from(value) })) }], 0, ctx)

async function valuesOf(log: EventLog, topic: string): Promise<string[]> {
  return (await log.read({ topic, partition: 0, offset: 0 }, ctx)).map(({ value }) => Buffer.from(value).toString())
}

const isFull = (error: AppError): boolean => error.code === 'STORAGE_FULL' && error.kind === 'storage-full'

it('EL19 a full disk refuses an append, loses nothing acknowledged, and takes records again when there is space', async () => {
  const disk = createFaultFileSystem()
  const log = await openWithTopics(disk, ['t'])
  await appendTo(log, 't', 'one', 'two')
  const { usedBytes } = disk
  for (let freeBytes = 0; freeBytes < 150; freeBytes += 1) {
    disk.setCapacityBytes(usedBytes + freeBytes)
    await assert.rejects(appendTo(log, 't', 'never '.repeat(80)), isFull)
    assert.deepEqual(await valuesOf(log, 't'), ['one', 'two'], 'reading goes on')
    assert.deepEqual((await log.offsets('t', ctx))[0]?.end, 2)
  }
  disk.setCapacityBytes(Infinity)
  assert.equal((await appendTo(log, 't', 'three'))[0]?.firstOffset, 2)
  assert.deepEqual(await valuesOf(log, 't'), ['one', 'two', 'three'])
  assert.deepEqual(await valuesOf(await openWithTopics(disk.afterPowerLoss(), []), 't'), ['one', 'two', 'three'])
})

it('EL19 a full disk refuses new segments, topics and commits just as well', async () => {
  const disk = createFaultFileSystem()
  const log = await openWithTopics(disk, ['t', 'u'], { segmentBytes: 150 })
  await appendTo(log, 't', 'x'.repeat(100))
  for (const freeBytes of [0, 10, 32, 40]) {
    disk.setCapacityBytes(disk.usedBytes + freeBytes)
    await assert.rejects(appendTo(log, 't', 'y'.repeat(100)), isFull)
    await assert.rejects(appendTo(log, 'u', 'z'), isFull)
    await assert.rejects(log.createTopic('another-topic', { partitions: 1 }, ctx), isFull)
    await assert.rejects(log.commit('g', [{ topic: 't', partition: 0, offset: 1 }], ctx), isFull)
    assert.deepEqual(await log.committed('g', 't', ctx), [])
    assert.deepEqual((await log.listTopics(ctx)).length, 2)
  }
  disk.setCapacityBytes(Infinity)
  await appendTo(log, 't', 'y')
  await appendTo(log, 'u', 'z')
  await log.createTopic('another-topic', { partitions: 1 }, ctx)
  await log.commit('g', [{ topic: 't', partition: 0, offset: 1 }], ctx)
  const again = await openWithTopics(disk.afterPowerLoss(), [])
  assert.deepEqual([await valuesOf(again, 'u'), (await again.offsets('t', ctx))[0]?.end, (await again.listTopics(ctx)).length], [['z'], 2, 3])
  assert.equal((await again.committed('g', 't', ctx))[0]?.offset, 1)
})

it('EL20 records of a failed sync never appear later, whatever is written after them', async () => {
  for (const operation of ['writev', 'dataSync'] as const) {
    for (const afterBytes of [0, 10, 60, 1000]) {
      const disk = createFaultFileSystem()
      const log = await openWithTopics(disk, ['t'])
      await appendTo(log, 't', 'first')
      disk.failNext(operation, 'EIO', afterBytes)
      const failing = ['one', 'two', 'six'].map((value) => appendTo(log, 't', value))
      for (const { status } of await Promise.allSettled(failing)) assert.equal(status, 'rejected')
      await appendTo(log, 't', 'one')
      assert.deepEqual(await valuesOf(log, 't'), ['first', 'one'])
      disk.crash()
      for (const machine of [disk.afterPowerLoss(), disk.afterProcessKill()]) {
        assert.deepEqual(await valuesOf(await openWithTopics(machine, []), 't'), ['first', 'one'], `${operation} after ${afterBytes} bytes`)
      }
    }
  }
})

it('EL20 a tail that cannot be cut off keeps the log from writing over it, not from reading', async () => {
  const disk = createFaultFileSystem()
  const log = await openWithTopics(disk, ['t'])
  await appendTo(log, 't', 'first')
  disk.failNext('dataSync', 'EIO')
  disk.failNext('truncate', 'EIO')
  await assert.rejects(appendTo(log, 't', 'one'), { code: 'LOG_IO_FAILED', kind: 'unavailable' })
  await assert.rejects(appendTo(log, 't', 'two'), { code: 'LOG_IO_FAILED' })
  assert.deepEqual(await valuesOf(log, 't'), ['first'])
  assert.equal((await appendTo(log, 't', 'three'))[0]?.firstOffset, 1)
})

it('EL21 appends that arrive while the disk is slow share one sync; nothing is visible before it is durable', async () => {
  const disk = createFaultFileSystem()
  const log = await openWithTopics(disk, ['t'])
  await appendTo(log, 't', 'first')
  const slow = disk.hold('dataSync')
  const syncsBefore = disk.calls.get('dataSync') ?? 0
  const early = appendTo(log, 't', 'early')
  await slow.reached
  const late = Array.from({ length: 50 }, (_, index) => appendTo(log, 't', `late-${index}`))
  assert.deepEqual(await valuesOf(log, 't'), ['first'])
  assert.equal(await log.waitFor({ topic: 't', partition: 0, offset: 1 }, 0, ctx), false)
  slow.release()
  await Promise.all([early, ...late])
  assert.equal((disk.calls.get('dataSync') ?? 0) - syncsBefore, 2)
  assert.equal((await valuesOf(log, 't')).length, 52)
})

it('EL21 a topic whose disk is slow delays no other topic', async () => {
  const disk = createFaultFileSystem()
  const log = await openWithTopics(disk, ['slow', 'fast'])
  await appendTo(log, 'slow', 'x')
  await appendTo(log, 'fast', 'x')
  const held = disk.hold('dataSync')
  const waiting = appendTo(log, 'slow', 'y')
  await held.reached
  held.letOthersPass()
  await appendTo(log, 'fast', 'y')
  assert.equal((await log.offsets('slow', ctx))[0]?.end, 1)
  held.release()
  await waiting
})

it('EL22 thousands of topics share a bounded number of open files', async () => {
  const disk = createFaultFileSystem()
  const topics = Array.from({ length: 400 }, (_, index) => `topic-${index}`)
  const log = await openEventLog('file:/log', { fileSystem: disk, identity, maxOpenFiles: 20 })
  await Promise.all(topics.map((topic) => log.createTopic(topic, { partitions: 1 }, ctx)))
  for (let round = 0; round < 2; round += 1) await log.append(topics.map((topic) => ({ topic, records: [{ key: 'k', value: Buffer.from(topic) }] })), 0, ctx)
  await Promise.all(topics.map(async (topic) => assert.deepEqual(await valuesOf(log, topic), [topic, topic])))
  assert.ok(disk.peakOpenFiles <= 45, `${disk.peakOpenFiles} files were open at once`)
})

it('EL14 the journal is rewritten when it is mostly old, and says the same afterwards', async () => {
  const disk = createFaultFileSystem()
  const log = await openWithTopics(disk, ['t', 'u'])
  const group = 'g'.repeat(150)
  for (let round = 0; round < 80; round += 1) await Promise.all(Array.from({ length: 100 }, (_, index) => log.commit(group, [{ topic: index % 2 ? 't' : 'u', partition: 0, offset: round }], ctx)))
  assert.ok(((await disk.find('/log/journal'))?.sizeBytes ?? 0) < 1_100_000)
  const again = await openWithTopics(disk.afterPowerLoss(), [])
  assert.deepEqual(await again.committed(group, 't', ctx), [{ topic: 't', partition: 0, offset: 79 }])
  assert.deepEqual((await again.listTopics(ctx)).map(({ topic }) => topic), ['t', 'u'])
})
