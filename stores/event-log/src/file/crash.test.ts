// Crashes at every moment of a day's work: the machine loses power, or the process is killed, at each single disk operation.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createCtx } from '@rondo/context'
import { createFaultFileSystem, type FaultFileSystem } from '@rondo/testing'
import { openEventLog } from '../open.ts'
import type { EventLog } from '../port.ts'

const ctx = createCtx()
/** Each opening is another process, and the one before is dead. */
const identity = { token: 'p1', isAlive: () => false }

/** What callers were told, by topic; `committed` is the last position that was acknowledged. */
type Told = { topics: Set<string>; records: Map<string, string[]>; tried: Set<string>; committed: number; droppedBelow: number }

const open = (fileSystem: FaultFileSystem): Promise<EventLog> => openEventLog('file:/log', { fileSystem, identity, segmentBytes: 600, maxOpenFiles: 2, checkpointBytes: 0 })

/** Topics, appends of several callers, commits, rolls and retention; ends silently where the disk ends. */
async function work(fileSystem: FaultFileSystem, told: Told): Promise<void> {
  try {
    const log = await open(fileSystem)
    for (const topic of ['a', 'b']) {
      await log.createTopic(topic, { partitions: 1, ...(topic === 'b' ? { retentionMs: 1000 } : {}) }, ctx)
      told.topics.add(topic)
    }
    for (let round = 0; round < 5; round += 1) {
      const calls = ['a', 'b', 'a'].map(async (topic, caller) => {
        const values = [0, 1].map((index) => `${topic}-${round}-${caller}-${index}-${'x'.repeat(60)}`)
        for (const value of values) told.tried.add(value)
        await log.append([{ topic, records: values.map((value) => ({ key: 'k', value: Buffer.from(value) })) }], round * 1000, ctx)
        told.records.set(topic, [...(told.records.get(topic) ?? []), ...values])
      })
      const outcomes = await Promise.allSettled(calls)
      if (outcomes.some(({ status }) => status === 'rejected')) return
      await log.commit('g', [{ topic: 'a', partition: 0, offset: round }], ctx)
      told.committed = round
      if (round === 1) await log.enforceRetention(0, ctx)
      if (round === 3) told.droppedBelow = Infinity
      if (round === 3) await log.enforceRetention(4000, ctx)
    }
    await log.close()
  } catch {
    return
  }
}

/** Everything told is there, in order, once; nothing is there that nobody tried; and the log works. */
async function checkAfterwards(fileSystem: FaultFileSystem, told: Told, moment: string): Promise<void> {
  const log = await open(fileSystem)
  const names = (await log.listTopics(ctx)).map(({ topic }) => topic)
  for (const topic of told.topics) assert.ok(names.includes(topic), `${moment}: topic ${topic}`)
  for (const topic of names) {
    const found = await readAll(log, topic)
    const [{ start, end } = { start: -1, end: -1 }] = await log.offsets(topic, ctx)
    assert.deepEqual(found.map(({ offset }) => offset), Array.from({ length: end - start }, (_, index) => start + index), `${moment}: offsets of ${topic}`)
    const values = found.map(({ value }) => Buffer.from(value).toString())
    assert.equal(new Set(values).size, values.length, `${moment}: none twice`)
    for (const value of values) assert.ok(told.tried.has(value), `${moment}: "${value}" was never appended`)
    const acknowledged = told.records.get(topic) ?? []
    const lost = acknowledged.filter((value) => !values.includes(value))
    if (topic === 'a' || told.droppedBelow === 0) assert.deepEqual(lost, [], `${moment}: lost of ${topic}`)
    else assert.ok(lost.length <= start, `${moment}: lost of ${topic} beyond what retention dropped`)
    const [next] = await log.append([{ topic, records: [{ key: 'k', value: Buffer.from('after') }] }], 99, ctx)
    assert.equal(next?.firstOffset, end, `${moment}: next offset of ${topic}`)
    assert.equal((await log.read({ topic, partition: 0, offset: end }, ctx)).length, 1)
  }
  const [position] = names.includes('a') ? await log.committed('g', 'a', ctx) : []
  const offset = position?.offset ?? -1
  assert.ok(offset === told.committed || offset === told.committed + 1, `${moment}: committed ${offset}, told ${told.committed}`)
  await log.close()
}

async function readAll(log: EventLog, topic: string): ReturnType<EventLog['read']> {
  const [{ start, end } = { start: 0, end: 0 }] = await log.offsets(topic, ctx)
  const all: Awaited<ReturnType<EventLog['read']>> = []
  for (let offset = start; offset < end; offset = (all.at(-1)?.offset ?? 0) + 1) all.push(...(await log.read({ topic, partition: 0, offset }, ctx)))
  return all
}

it('EL14 whatever was told survives a crash at any disk operation', async () => {
  let moments = 0
  for (let operation = 0; ; operation += 1) {
    const disk = createFaultFileSystem()
    const told: Told = { topics: new Set(), records: new Map(), tried: new Set(), committed: -1, droppedBelow: 0 }
    disk.crash(operation)
    await work(disk, told)
    const isComplete = told.committed === 4
    disk.crash()
    for (const keptBytes of [0, 1, 37, 150, 1000]) await checkAfterwards(disk.afterPowerLoss(keptBytes), told, `power lost at operation ${operation}, ${keptBytes} bytes kept`)
    await checkAfterwards(disk.afterProcessKill(), told, `killed at operation ${operation}`)
    moments += 1
    if (isComplete) break
  }
  assert.ok(moments > 80, `${moments} moments were tried`)
})
