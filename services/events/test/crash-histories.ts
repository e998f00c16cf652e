// Whole histories of crashes of the room, by seed: it takes, lands and mends under load, is killed or loses its power at any operation of its disk or its database, and lives on. The clients send again
// what was never answered.
//
// `node services/events/test/crash-histories.ts 100 [FIRST-SEED]` lives through a hundred of them. Outside the test runner, which follows every promise.
import assert from 'node:assert/strict'
import { parquetReadObjects, type AsyncBuffer } from 'hyparquet'
import { zstdDecompressSync } from 'node:zlib'
import { createRandom, type Random } from '@rondo/random'
import type { Relational } from '@rondo/relational'
import { openTestDatabase } from '@rondo/relational/testing'
import { createFaultFileSystem, createTempFolder, type FaultFileSystem } from '@rondo/testing'
import { createManualClock, HOUR_MS, MINUTE_MS, type ManualClock } from '@rondo/time'
import type { EventsDb } from '../src/index.ts'
import { createBucketWriter } from '../src/landing/bucket-writer.ts'
import { START_MS, ctx, openHouse, plainSearch, play, trackPlayed, type House } from './events-house.ts'

const LIVES = 20
const CALLERS = 3

/** Threads are slow to begin: one makes the files of all lives. */
const buckets = createBucketWriter()

type Batch = { events: object[]; good: string[] }
/** `answered`: ids that were accepted or known, by type. */
type World = { clock: ManualClock; waiting: Batch[]; made: number; answered: Map<string, Set<string>> }

/** Plays, searches whose words are personal, one play twice, and in every third batch one that is dead. */
function makeBatch(world: World, random: Random): Batch {
  const number = world.made
  world.made += 1
  const at = new Date(world.clock.now()).toISOString()
  const plays = Array.from({ length: 1 + random.int(4) }, (_, index) => play(`p${number}.${index}`, `u${random.int(5)}`, at))
  const search = { id: `s${number}`, type: 'search-made', userId: `u${random.int(5)}`, properties: { query: `words of ${number}` } }
  const events = [...plays, plays[0] as object, search, ...(number % 3 === 0 ? [play(`d${number}`, 'u', at, { playedMs: -1 })] : [])]
  return { events, good: [...plays.map((event) => `track-played ${(event as { id: string }).id}`), `search-made s${number}`] }
}

/** As a client does: a batch is sent until it is answered, in this life or a later one. */
async function send(house: House, world: World, random: Random): Promise<void> {
  const batch = world.waiting.shift() ?? makeBatch(world, random)
  try {
    const results = await house.send(batch.events)
    assert.ok(results.every(({ status }) => status !== undefined))
    for (const text of batch.good) {
      const [type = '', id = ''] = text.split(' ')
      const ids = world.answered.get(type) ?? new Set()
      world.answered.set(type, ids.add(id))
    }
  } catch {
    world.waiting.push(batch)
  }
}

/** A transaction counts as an operation of the disk, and after the end of the disk none is committed. */
function onDisk(relational: Relational<EventsDb>, disk: FaultFileSystem): Relational<EventsDb> {
  return {
    ...relational,
    transaction: (work, caller) =>
      relational.transaction(async (tx) => {
        await disk.find('/')
        const result = await work(tx)
        await disk.find('/')
        return result
      }, caller),
  }
}

function open(folder: string, world: World, disk: FaultFileSystem, relational: Relational<EventsDb>, token: string): Promise<House> {
  const identity = { token, isAlive: () => false }
  return openHouse(folder, world.clock, { logOptions: { fileSystem: disk, identity, segmentBytes: 4_000 }, objectsOptions: { fileSystem: disk, identity }, relational: onDisk(relational, disk), buckets, scanKernel: 'never' })
}

async function live(folder: string, world: World, disk: FaultFileSystem, relational: Relational<EventsDb>, random: Random, moment: string): Promise<void> {
  const house = await open(folder, world, disk, relational, moment)
  try {
    for (const [type, body] of [['track-played', trackPlayed], ['search-made', plainSearch]] as const) await house.api.putType({ type, body }, ctx)
    for (let round = 3 + random.int(12); round > 0; round -= 1) {
      world.clock.advance(random.int(20) * MINUTE_MS)
      const chores = random.int(3) === 0 ? [house.settle()] : random.int(8) === 0 ? [house.api.replayDead({ type: 'track-played', body: { repair: [{ do: 'set', field: 'properties/playedMs', value: 0 }] } }, ctx)] : []
      const outcomes = await Promise.allSettled([...chores, ...Array.from({ length: CALLERS }, () => send(house, world, random))])
      if (outcomes.some(({ status }) => status === 'rejected')) break
    }
  } finally {
    disk.crash()
    await house.service.close().catch(() => undefined)
  }
}

async function history(seed: number): Promise<void> {
  await using folder = await createTempFolder()
  const random = createRandom(`room ${seed}`)
  const world: World = { clock: createManualClock(START_MS), waiting: [], made: 0, answered: new Map() }
  const relational = await openTestDatabase<EventsDb>(folder.path, 'events')
  let disk = createFaultFileSystem()
  try {
    for (let life = 0; life < LIVES; life += 1) {
      disk.crash(20 + random.int(400))
      await live(folder.path, world, disk, relational, random, `${seed}.${life}`).catch(() => undefined)
      disk.crash()
      disk = random.int(2) === 0 ? disk.afterProcessKill() : disk.afterReorderedLoss(random)
    }
    const house = await open(folder.path, world, disk, relational, `${seed}.last`)
    while (world.waiting.length > 0) await send(house, world, random)
    world.clock.advance(3 * HOUR_MS)
    await house.settle()
    await check(house, world, `seed ${seed}`)
    await house.service.close()
    await house.eventLog.close()
    await house.objects.close()
  } finally {
    await relational.close()
  }
}

/** Everything answered is delivered once, in the log and in the buckets, and every account agrees. */
async function check(house: House, world: World, moment: string): Promise<void> {
  const counts = (await house.api.counts({}, ctx)).rows
  for (const [type, answered] of world.answered) {
    const ids = await readIds(house, type)
    assert.equal(new Set(ids).size, ids.length, `${moment}: ${type} has an event twice`)
    for (const id of answered) assert.ok(ids.includes(id), `${moment}: ${type} ${id} was answered and is lost`)
    assert.deepEqual((await readBuckets(house, type)).sort(), [...ids].sort(), `${moment}: the buckets of ${type} are not its events`)
    const count = counts.find((row) => row.type === type)
    assert.ok(count !== undefined && count.inFlight === 0 && count.delivered === ids.length, `${moment}: ${JSON.stringify(count)}`)
    assert.equal(count.accepted, count.delivered + count.duplicate + count.dead, moment)
    const hours = (await house.api.history({ type, hours: 2_000 }, ctx)).rows
    // Hours tell what died in them, also what was mended since.
    assert.equal(hours.reduce((sum, hour) => sum + hour.accepted - hour.dead, 0), count.accepted - count.dead, `${moment}: hours of ${type}`)
    for (const report of (await house.api.reports({ type }, ctx)).rows) assert.equal(report.difference, 0, `${moment}: ${JSON.stringify(report)}`)
  }
}

async function readIds(house: House, type: string): Promise<string[]> {
  const ids: string[] = []
  for (let after: string | undefined; ; ) {
    const { rows, next } = await house.api.readEvents({ type, order: 'asc', ...(after === undefined ? {} : { after }) }, ctx)
    if (rows.length === 0) return ids
    ids.push(...rows.map(({ id }) => id))
    after = next
  }
}

/** Ids of the rows in the files. */
async function readBuckets(house: House, type: string): Promise<string[]> {
  const ids: string[] = []
  const files = new Set((await house.api.listBuckets({ type }, ctx)).rows.flatMap((row) => row.files))
  for (const key of files) {
    const bytes = Uint8Array.from(await house.objects.get(key, {}, ctx))
    const file: AsyncBuffer = { byteLength: bytes.byteLength, slice: (start, end) => bytes.slice(start, end).buffer }
    const rows = await parquetReadObjects({ file, compressors: { ZSTD: (input) => zstdDecompressSync(input) } })
    for (const row of rows) if (row['type'] === undefined || row['type'] === type) ids.push(String(row['id']))
  }
  return ids
}

const [seeds = 50, first = 0] = process.argv.slice(2).map(Number)
for (let seed = first; seed < first + seeds; seed += 1) {
  await history(seed).catch((cause: unknown) => {
    throw new Error(`The history of seed ${seed} does not hold.`, { cause })
  })
}
await buckets.close()
process.stdout.write(`${seeds} histories of ${LIVES} lives hold.\n`)
