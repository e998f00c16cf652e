// Whole histories of crashes, by seed: a log lives, is killed or loses its power, finds a disk that kept any pieces of what was not synced, and lives on.
//
// `node stores/event-log/test/crash-histories.ts 10000 [FIRST-SEED]` lives through ten thousand of them. Outside the test runner, which follows every promise.
import assert from 'node:assert/strict'
import { createCtx } from '@rondo/context'
import { createRandom, type Random } from '@rondo/random'
import { createFaultFileSystem, type DiskOperation, type FaultFileSystem } from '@rondo/testing'
import { openEventLog } from '../src/open.ts'
import { TEST_EXPANDERS, toPacked } from '../src/packed-conformance.ts'
import type { EventLog } from '../src/port.ts'

const ctx = createCtx()
const LIVES = 6
const RETENTION_MS = 50
const TOPICS = { kept: { partitions: 1 }, aged: { partitions: 2, retentionMs: RETENTION_MS } } as const
const FAILING: DiskOperation[] = ['writev', 'dataSync', 'truncate', 'open', 'read', 'syncFolder', 'rename', 'unlink']

type Topic = keyof typeof TOPICS

/** What the world outside was told by the log, or read from it: it must be so for ever. */
type World = {
  nowMs: number
  topics: Set<Topic>
  /** By `<topic>@<partition>`. */
  partitions: Map<string, { byOffset: Map<number, string>; leastStart: number; committed: number; inDoubt: Set<number> }>
  /** Every value that was ever given to `append`: those of its call, and its time. */
  appends: Map<string, { values: string[]; timestampMs: number }>
  /** Nothing as young as this was ever allowed to go. */
  agedBeforeMs: number
}

function partitionOf(world: World, topic: string, partition: number) {
  const id = `${topic}@${partition}`
  const found = world.partitions.get(id) ?? { byOffset: new Map<number, string>(), leastStart: 0, committed: -1, inDoubt: new Set<number>() }
  world.partitions.set(id, found)
  return found
}

function know(world: World, topic: string, partition: number, offset: number, value: string, moment: string): void {
  const { byOffset } = partitionOf(world, topic, partition)
  assert.equal(byOffset.get(offset) ?? value, value, `${moment}: ${topic}@${partition} ${offset} is another record than before`)
  byOffset.set(offset, value)
}

async function readFrom(log: EventLog, world: World, topic: Topic, partition: number, from: number, moment: string): Promise<void> {
  for (const { offset, value } of await log.read({ topic, partition, offset: from, maxRecords: 7 }, ctx)) know(world, topic, partition, offset, Buffer.from(value).toString(), moment)
}

async function append(log: EventLog, world: World, random: Random, moment: string): Promise<void> {
  const topic: Topic = random.int(3) === 0 ? 'aged' : 'kept'
  const longest = [1, 30, 300, 1_500][random.int(4)] ?? 1
  const values = Array.from({ length: 1 + random.int(4) }, (_, index) => `${moment}/${world.appends.size}.${index}:${'x'.repeat(random.int(longest))}`)
  const timestampMs = world.nowMs - random.int(5)
  for (const value of values) world.appends.set(value, { values, timestampMs })
  const key = `k${random.int(6)}`
  const records = values.map((value) => ({ key, value: Buffer.from(value) }))
  const [answer] = await log.append([{ topic, records: random.int(3) === 0 ? toPacked(records) : records }], timestampMs, ctx)
  assert.ok(answer && answer.count === values.length)
  for (const [index, value] of values.entries()) know(world, topic, answer.partition, answer.firstOffset + index, value, moment)
}

async function commit(log: EventLog, world: World, random: Random): Promise<void> {
  const [topic, partition] = random.int(2) === 0 ? (['kept', 0] as const) : (['aged', random.int(2)] as const)
  const known = partitionOf(world, topic, partition)
  const offset = random.int(known.byOffset.size + 1)
  known.inDoubt.add(offset)
  await log.commit('g', [{ topic, partition, offset }], ctx)
  known.committed = offset
  known.inDoubt.clear()
}

async function retain(log: EventLog, world: World): Promise<void> {
  world.agedBeforeMs = Math.max(world.agedBeforeMs, world.nowMs - RETENTION_MS)
  await log.enforceRetention(world.nowMs, ctx)
  if (!world.topics.has('aged')) return
  // Nothing is done for what is empty.
  for (const { partition, start, end } of await log.offsets('aged', ctx)) if (start < end) partitionOf(world, 'aged', partition).leastStart = start
}

/** Works until the disk ends, or for a while; what fails on the way is what a caller has to bear. */
async function live(disk: FaultFileSystem, world: World, random: Random, moment: string): Promise<EventLog | undefined> {
  const identity = { token: moment, isAlive: () => false }
  const log = await bear(openEventLog('file:/log', { fileSystem: disk, identity, expand: TEST_EXPANDERS, segmentBytes: [300, 2_000, 20_000][random.int(3)] ?? 300, maxOpenFiles: 1 + random.int(4), checkpointBytes: random.int(3) * 500 }))
  if (log === undefined) return undefined
  await bear(checkAll(log, world, moment))
  for (const topic of ['kept', 'aged'] as const) if ((await bear(log.createTopic(topic, TOPICS[topic], ctx).then(() => true))) === true) world.topics.add(topic)
  for (let step = random.int(40); step > 0; step -= 1) {
    world.nowMs += random.int(10)
    const chance = random.int(20)
    if (chance === 0) disk.failNext(FAILING[random.int(FAILING.length)] ?? 'writev', ['EIO', 'ENOSPC'][random.int(2)] ?? 'EIO', random.int(200))
    else if (chance === 1) disk.setCapacityBytes(disk.usedBytes + random.int(400))
    else if (chance === 2) disk.setCapacityBytes(Infinity)
    else if (chance === 3) await bear(retain(log, world))
    else if (chance < 6) await bear(commit(log, world, random))
    else if (chance < 9) await bear(readFrom(log, world, 'kept', 0, random.int(partitionOf(world, 'kept', 0).byOffset.size + 1), moment))
    else await Promise.all(Array.from({ length: 1 + random.int(3) }, () => bear(append(log, world, random, moment))))
  }
  return log
}

/** A disk that fails is borne; a log that finds itself damaged, or an assertion, is not. */
async function bear<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'STORAGE_FULL' || code === 'LOG_IO_FAILED' || code === 'TOPIC_NOT_FOUND') return undefined
    throw thrown
  }
}

/** All that was told or seen is there, nothing that nobody appended, every append whole, and positions where they were put. */
async function checkAll(log: EventLog, world: World, moment: string): Promise<void> {
  const names = (await log.listTopics(ctx)).map(({ topic }) => topic as Topic)
  for (const topic of world.topics) assert.ok(names.includes(topic), `${moment}: topic ${topic} is gone`)
  for (const topic of names) {
    const positions = await log.committed('g', topic, ctx)
    for (const { partition, start, end } of await log.offsets(topic, ctx)) {
      const known = partitionOf(world, topic, partition)
      const at = `${moment}: ${topic}@${partition}`
      assert.ok(start >= known.leastStart, `${at} begins at ${start}, and began at ${known.leastStart}`)
      assert.ok(end >= Math.max(-1, ...known.byOffset.keys()) + 1, `${at} ends at ${end}, and knew ${Math.max(-1, ...known.byOffset.keys())}`)
      for (const [offset, value] of known.byOffset) {
        if (offset < start) assert.ok((world.appends.get(value)?.timestampMs ?? Infinity) < world.agedBeforeMs, `${at} lost ${offset}, which was not old`)
      }
      const found: string[] = []
      for (let next = start; next < end; ) {
        const records = await log.read({ topic, partition, offset: next }, ctx)
        for (const record of records) {
          assert.equal(record.offset, next, at)
          next += 1
          found.push(Buffer.from(record.value).toString())
        }
      }
      for (const [index, value] of found.entries()) {
        const append = world.appends.get(value)
        assert.ok(append, `${at} has "${value}", which nobody appended`)
        know(world, topic, partition, start + index, value, moment)
        const place = append.values.indexOf(value)
        const first = index - place
        for (const [other, wanted] of append.values.entries()) if (first + other >= 0) assert.equal(found[first + other], wanted, `${at} has a part of an append only`)
      }
      assert.equal(new Set(found).size, found.length, `${at} has a record twice`)
      const offset = positions.find((position) => position.partition === partition)?.offset ?? -1
      assert.ok(offset === known.committed || known.inDoubt.has(offset), `${at} is committed at ${offset}, and was at ${known.committed}`)
      known.committed = offset
      known.inDoubt.clear()
    }
  }
}

async function history(seed: number): Promise<void> {
  const random = createRandom(`crashes ${seed}`)
  const world: World = { nowMs: 1_000, topics: new Set(), partitions: new Map(), appends: new Map(), agedBeforeMs: -Infinity }
  let disk = createFaultFileSystem()
  for (let life = 0; life < LIVES; life += 1) {
    const moment = `seed ${seed}, life ${life}`
    if (random.int(3) > 0) disk.crash(random.int(150))
    const log = await live(disk, world, random, moment)
    if (random.int(4) === 0) await bear(log?.close() ?? Promise.resolve())
    disk.crash()
    const end = random.int(4)
    disk = end === 0 ? disk.afterProcessKill() : end === 1 ? disk.afterPowerLoss(random.int(400)) : disk.afterReorderedLoss(random)
  }
  const log = await openEventLog('file:/log', { fileSystem: disk, identity: { token: 'last', isAlive: () => false }, expand: TEST_EXPANDERS })
  await checkAll(log, world, `seed ${seed}, at the end`)
  await log.close()
}

const [seeds = 1_000, first = 0] = process.argv.slice(2).map(Number)
for (let seed = first; seed < first + seeds; seed += 1) {
  await history(seed).catch((cause: unknown) => {
    throw new Error(`The history of seed ${seed} does not hold.`, { cause })
  })
}
process.stdout.write(`${seeds} histories of ${LIVES} lives hold.\n`)
