// Ids that memory does not hold, against a map that never forgets: restarts, kills, clocks that jump, appends that fail, disks that are full, slow or wrong.
import assert from 'node:assert/strict'
import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import type { Log } from '@rondo/contract'
import { createRandom, type Random } from '@rondo/random'
import { createFaultFileSystem, createTempFolder, type FaultFileSystem } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { buildIdBlock } from '../src/domain/id-block.ts'
import { listGaps } from '../src/domain/offset-ranges.ts'
import type { BlockBuilder } from '../src/id-segments/block-builder.ts'
import { openRecentIds, type IdMemory } from '../src/open-recent-ids.ts'
import { START_MS, ctx, openHouse, play, trackPlayed, type House } from './events-house.ts'

const WINDOW_MS = 10_000
const FOLDER = '/data/ids'
const ROOM = { ample: 120, scarce: 60, scarceBytes: 2000 }

const builder: BlockBuilder = {
  async build(parts, prefixBits, bucketBits) {
    const block = buildIdBlock(parts, prefixBits, bucketBits)
    return { ...block, crc: crc32(new Uint8Array(block.words.buffer, block.words.byteOffset, block.words.byteLength)) }
  },
  close: async () => undefined,
}

type Print = [low: number, high: number]
type Pending = { prints: Print[]; atMs: number; done: Promise<void>; end(): void }

/** One process after the other on one disk and one log. */
class World {
  readonly log: { print: Print; atMs: number }[] = []
  readonly pending: Pending[] = []
  readonly said: string[] = []
  /** When each was taken, by its first word; without what was taken back. */
  readonly takenMs = new Map<number, number[]>()
  disk: FaultFileSystem = createFaultFileSystem()
  nowMs = 1_000_000
  recalled = 0
  ids: IdMemory | undefined

  async open(): Promise<IdMemory> {
    const say = (text: string): void => void this.said.push(text)
    const log: Log = { debug: () => undefined, info: () => undefined, warn: say, error: say }
    const ids = await openRecentIds({ place: { folder: FOLDER, fileSystem: this.disk, room: ROOM }, windowMs: WINDOW_MS, builder, log, now: () => this.nowMs, whenStored: () => Promise.all(this.pending.map(({ done }) => done)) })
    const covered = ids.segments?.listCovered(() => this.log.length).get('t') ?? []
    const start = this.log.findIndex(({ atMs }) => atMs >= this.nowMs - WINDOW_MS)
    this.recalled = 0
    for (const { from, to } of start < 0 ? [] : listGaps(start, this.log.length, covered)) {
      for (let at = from; at < to; at += 50) {
        const stop = Math.min(to, at + 50)
        ids.recent.advance(this.nowMs)
        for (const { print } of this.log.slice(at, stop)) ids.recent.add(...print)
        ids.recent.claim('t', { from: at, to: stop })
        this.recalled += stop - at
        if (ids.recent.isFull) await ids.settle()
      }
    }
    this.ids = ids
    return ids
  }

  /** A request: each id is checked against what must be known, and what need not be. */
  send(prints: Print[], random: Random): void {
    const ids = this.ids as IdMemory
    ids.recent.advance(this.nowMs)
    const words = new Int32Array(prints.flat())
    const marks = new Uint8Array(prints.length)
    if (random.int(2) === 0) ids.recent.addAll(words, 0, 2, prints.length, marks, 0)
    else for (const [i, print] of prints.entries()) marks[i] = ids.recent.add(...print) ? 0 : 1
    const taken: Print[] = []
    for (const [i, print] of prints.entries()) {
      const lastMs = this.takenMs.get(print[0])?.at(-1)
      const ageMs = lastMs === undefined ? Infinity : this.nowMs - lastMs
      if (ageMs < WINDOW_MS) assert.equal(marks[i], 1, `an id of ${ageMs} ms is known`)
      if (ageMs > 3 * WINDOW_MS) assert.equal(marks[i], 0, `an id of ${ageMs} ms is new`)
      if (marks[i] === 1) continue
      taken.push(print)
      this.takenMs.set(print[0], [...(this.takenMs.get(print[0]) ?? []), this.nowMs])
    }
    if (taken.length === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.pending.push({ prints: taken, atMs: this.nowMs, done: promise, end: resolve })
  }

  /** The log has answered the one that waits longest. */
  answer(isGood: boolean): void {
    const one = this.pending.shift()
    if (one === undefined) return
    if (isGood) {
      this.ids?.recent.note('t', this.append(one), one.prints.flat())
    } else {
      for (const print of one.prints) {
        this.ids?.recent.remove(...print)
        this.takenMs.delete(print[0])
      }
    }
    one.end()
  }

  /** What waited for the log at that moment may be in it, or not. */
  async die(random: Random, disk: FaultFileSystem): Promise<void> {
    for (const one of this.pending.splice(0)) {
      if (random.int(2) === 0) this.append(one)
      else for (const [low] of one.prints) this.takenMs.set(low, (this.takenMs.get(low) ?? []).filter((atMs) => atMs !== one.atMs))
      one.end()
    }
    this.disk.crash()
    await this.ids?.settle().catch(() => undefined)
    this.disk = disk
    await this.open()
  }

  private append({ prints, atMs }: Pending): number {
    for (const print of prints) this.log.push({ print, atMs })
    return this.log.length - prints.length
  }
}

/** Distinct first words, so that the map can go by them; also those that mean something else in a table. */
function printOf(n: number): Print {
  return n < 3 ? [0, n] : [Math.imul(n, 0x9e3779b1) >>> 0, Math.imul(n, 0x85ebca6b)]
}

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`EV120 history ${seed}: what was acknowledged within the window is known, what failed or is long gone is new`, async () => {
    const random = createRandom(`ids ${seed}`)
    const world = new World()
    await world.disk.makeFolder('/data')
    await world.disk.syncFolder('/')
    await world.open()
    let last = 3
    let looks = 0
    let most = 0
    for (let step = 0; step < 1500; step += 1) {
      const what = random.int(100)
      if (what < 60) {
        const prints = Array.from({ length: 1 + random.int(30) }, () => printOf(random.int(4) > 0 ? (last += 1) : 3 + random.int(last - 2)))
        world.send([...new Map(prints.map((print) => [print[0], print])).values()], random)
      } else if (what < 80) world.answer(random.int(10) > 0)
      else if (what < 90) world.nowMs += random.int(WINDOW_MS / 20)
      else if (what < 93) void world.ids?.tend()
      else if (what === 93) world.disk.failNext('writev', 'ENOSPC', random.int(40))
      else if (what === 94) world.disk.failNext(random.int(2) === 0 ? 'dataSync' : 'rename', 'EIO')
      else if (what === 95 && random.int(4) === 0) {
        // Nothing is under way for days.
        while (world.pending.length > 0) world.answer(random.int(3) > 0)
        world.nowMs += random.int(3) * WINDOW_MS
      }
      else if (what === 96 && random.int(3) === 0) await world.die(random, random.int(2) === 0 ? world.disk.afterProcessKill() : world.disk.afterReorderedLoss(random))
      else if (what === 97 && random.int(3) === 0) {
        world.disk.crash(random.int(12))
        void world.ids?.tend()
        await world.die(random, random.int(2) === 0 ? world.disk.afterProcessKill() : world.disk.afterReorderedLoss(random))
      }
      if (what > 93 || step % 20 === 0) for (let turn = 0; turn < random.int(60); turn += 1) await new Promise(setImmediate)
      looks = Math.max(looks, world.ids?.segments?.looks ?? 0)
      most = Math.max(most, world.ids?.segments?.count ?? 0)
    }
    while (world.pending.length > 0) world.answer(true)
    await world.ids?.settle()
    await world.die(random, world.disk.afterProcessKill())
    for (const [low, [lastMs]] of [...world.takenMs].map(([low, times]) => [low, times.slice(-1)] as const)) {
      const { print } = world.log.findLast((one) => one.print[0] === low) ?? { print: undefined }
      if (print !== undefined && lastMs !== undefined && world.nowMs - lastMs < WINDOW_MS) assert.equal(world.ids?.recent.has(...print), true)
    }
    assert.ok(most > 0 && looks > 0, `${most} segments, ${looks} looks`)
    await world.ids?.close()
  })
}

test('EV121 files of ids: a start reads neither slices nor log for what they hold; one that is damaged, or knows more than the log, is not believed; metrics say what is where', async () => {
  await using folder = await createTempFolder()
  const place = { folder: folder.join('ids'), room: { ample: 1500, scarce: 1000, scarceBytes: 4000 } }
  let read = 0
  const open = async (): Promise<House> => {
    const house = await openHouse(folder.path, createManualClock(START_MS), {
      ids: place,
      wrapLog: (eventLog) => ({
        ...eventLog,
        async read(from, caller) {
          const records = await eventLog.read(from, caller)
          if (from.topic.startsWith('events.')) read += records.length
          return records
        },
      }),
    })
    await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
    return house
  }
  const statuses = async (house: House, ...ids: string[]): Promise<string> => (await house.send(ids.map((id) => play(id)))).map(({ status }) => status[0]).join('')
  const metric = (house: House, name: string): number => house.service.metrics?.().find((one) => one.name === name)?.samples.reduce((sum, { value }) => sum + value, 0) ?? NaN
  const first = await open()
  for (let from = 0; from < 12_000; from += 500) {
    await first.send(Array.from({ length: 500 }, (_, i) => play(`i${from + i}`)))
    await first.settle()
  }
  assert.equal(metric(first, 'rondo_events_remembered_ids'), 12_000)
  assert.ok(metric(first, 'rondo_events_remembered_segments') > 0)
  assert.equal(await statuses(first, 'i0', 'i5000', 'i11999', 'i12000'), 'ddda')
  assert.ok(metric(first, 'rondo_events_dedup_disk_looks_total') > 0)
  await first.close()

  // Without slices: as after a kill.
  await rm(folder.join('objects', 'events', 'ids'), { recursive: true, force: true })
  read = 0
  const second = await open()
  assert.ok(read < 3000, `${read} records were read`)
  assert.equal(await statuses(second, 'i0', 'i5000', 'i11999', 'i12000', 'i12001'), 'dddda')
  await second.close()

  for (const name of await readdir(place.folder)) {
    const bytes = await readFile(join(place.folder, name))
    bytes[bytes.length >> 2] = (bytes[bytes.length >> 2] as number) ^ 1
    await writeFile(join(place.folder, name), bytes)
  }
  const third = await open()
  assert.ok(metric(third, 'rondo_events_dedup_disk_failures_total') > 0)
  assert.equal(await statuses(third, 'i0', 'i5000', 'i11999', 'i12001', 'i12002'), 'dddda')
  await third.close()

  await rm(folder.join('log'), { recursive: true })
  await rm(folder.join('objects', 'events', 'ids'), { recursive: true, force: true })
  const fourth = await open()
  assert.equal(await statuses(fourth, 'i0', 'i12002'), 'aa')
  await fourth.close()
})

test('EV120 ids of requests that are under way do not move before their appends have ended; those that failed never do', async () => {
  const world = new World()
  await world.disk.makeFolder('/data')
  const ids = await world.open()
  const random = createRandom(1)
  world.send(Array.from({ length: 200 }, (_, i) => printOf(10 + i)), random)
  world.send([printOf(900)], random)
  for (let turn = 0; turn < 500; turn += 1) await new Promise(setImmediate)
  assert.equal(ids.segments?.count, 0)
  world.answer(false)
  world.answer(true)
  await ids.settle()
  assert.equal(ids.recent.has(...printOf(10)), false)
  assert.equal(ids.recent.has(...printOf(900)), true)
  assert.equal(ids.recent.standing.length, 0)
  await ids.close()
})
