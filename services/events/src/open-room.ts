// Opens the room: everything that memory holds is found again in the log and the tables.
import { createSerial } from '@rondo/async'
import { HOUR_MS, startOfHour } from '@rondo/time'
import { createKeyQuotas, type Quota } from './collector/key-quotas.ts'
import { createEventType } from './domain/event-type.ts'
import { EventScanner } from './domain/event-scanner.ts'
import { NO_KERNEL } from './domain/plain-runs.ts'
import { createDeadFlow, createFlow } from './flows.ts'
import { createKeyRing } from './erasure/key-ring.ts'
import { createClientLedger } from './landing/client-ledger.ts'
import type { BucketWriter } from './landing/bucket-writer.ts'
import { createIdSlices } from './id-slices.ts'
import { readRecords } from './landing/read-records.ts'
import { createLiveHub } from './live-hub.ts'
import { openRecentIds, type IdFolder } from './open-recent-ids.ts'
import { openReaders } from './readers.ts'
import { recallIds } from './recall-ids.ts'
import { HOUSE, receiveTime, type DeadFlow, type EventsDeps, type Flow, type InFlight, type Room, type Tally } from './room.ts'
import { commitLanding, findLastClosed, findProgress, listOpenBuckets, listPositions, sumRows, sumTallies } from './store/bucket-store.ts'
import { countReplayed } from './store/dead-store.ts'
import { listAllVersions, listRetired } from './store/type-store.ts'
import { PARTITIONS, RECEIPTS_TOPIC, eventsTopic, toRetentionMs } from './topics.ts'
import { addFlow } from './use-cases/put-type.ts'
import { addTallies } from './use-cases/store-events.ts'
import { createHourRows } from './hour-rows.ts'
import { createUnknownFieldCounts } from './unknown-field-counts.ts'
import { UNKNOWN_TYPE } from './domain/read-wire-event.ts'

export const DEDUP_WINDOW_MS = 24 * HOUR_MS
const RECEIPTS_RETENTION_MS = 7 * 24 * HOUR_MS

export async function openRoom(deps: EventsDeps, { landBytes, quotas, buckets, ids: place }: { landBytes: number; quotas: Readonly<Record<string, Quota>>; buckets: BucketWriter; ids: IdFolder | undefined }): Promise<Room> {
  const { eventLog, relational } = deps
  const flows = new Map<string, Flow>()
  const inFlight = new Set<InFlight>()
  const whenStored = (): Promise<unknown> => Promise.allSettled([...inFlight].map(({ done }) => done))
  const ids = await openRecentIds({ place, windowMs: DEDUP_WINDOW_MS, log: deps.log, now: () => deps.clock.now(), whenStored })
  const room: Room = {
    deps,
    flows,
    namesByCase: new Map(),
    unknown: createDeadFlow(UNKNOWN_TYPE),
    recent: ids.recent,
    ids,
    slices: createIdSlices(deps.objects, deps.log, HOUSE),
    scanner: new EventScanner({ find: (name) => flows.get(name)?.type, list: () => [...flows.values()].map((flow) => flow.type), runs: NO_KERNEL, wallNow: deps.wallClock?.now.bind(deps.wallClock) }),
    inFlight,
    tail: new Map(),
    receipts: { end: 0, folded: 0, firstMs: 0 },
    floorMs: 0,
    lastLagMs: undefined,
    append: { calls: 0, events: 0, bytes: 0, totalMs: 0, failures: 0, full: undefined },
    landing: { rows: 0, files: 0, failures: 0, totalMs: 0 },
    live: createLiveHub(),
    quotas: createKeyQuotas(quotas, deps.clock),
    unknownFields: createUnknownFieldCounts(),
    keys: createKeyRing({ ...deps, ctx: HOUSE }),
    readers: await openReaders({ ...deps, ctx: HOUSE }),
    buckets,
    clients: createClientLedger(deps.clock.now()),
    landBytes,
    reportedMs: 0,
    closings: 0,
    habits: undefined,
    hourRows: createHourRows(relational),
    landingNow: undefined,
    serial: createSerial(),
  }
  await eventLog.createTopic(RECEIPTS_TOPIC, { partitions: PARTITIONS, retentionMs: RECEIPTS_RETENTION_MS }, HOUSE)
  const topics = new Set((await eventLog.listTopics(HOUSE)).map(({ topic }) => topic))
  const [history, retired, positions, rows, replayed, open, lastClosed] = await Promise.all([
    listAllVersions(relational),
    listRetired(relational),
    listPositions(relational),
    sumRows(relational),
    countReplayed(relational),
    listOpenBuckets(relational),
    findLastClosed(relational),
  ])
  room.floorMs = lastClosed === undefined ? 0 : lastClosed + HOUR_MS
  for (const versions of history) {
    const type = createEventType(versions)
    const flow = createFlow(type)
    addFlow(room, flow)
    // A crash may have come between the topic and the table.
    if (!topics.has(eventsTopic(type.name))) await eventLog.createTopic(eventsTopic(type.name), { partitions: PARTITIONS, retentionMs: toRetentionMs(type.definition) }, HOUSE)
    flow.retiredAtMs = retired.get(type.name)
    flow.landed = positions.get(type.name) ?? 0
    flow.landedRows = rows.get(type.name) ?? 0
    await findStanding(room, flow)
    await findDead(room, flow.dead, topics, replayed.get(type.name) ?? 0)
  }
  await findDead(room, room.unknown, topics, replayed.get(UNKNOWN_TYPE) ?? 0)
  for (const bucket of open) flows.get(bucket.type)?.open.set(bucket.startMs, bucket.files.length)
  await findReceipts(room)
  const tallied = await sumTallies(relational)
  for (const [type, flow] of flows) await tallyStrays(room, type, flow.dead, tallied.get(type)?.dead ?? 0)
  await tallyStrays(room, UNKNOWN_TYPE, room.unknown, tallied.get(UNKNOWN_TYPE)?.dead ?? 0)
  // What an erasure left undone when the process ended.
  await room.keys.expire(receiveTime(room))
  await recallIds(room, receiveTime(room) - DEDUP_WINDOW_MS)
  return room
}

async function findStanding(room: Room, flow: Flow): Promise<void> {
  const topic = eventsTopic(flow.type.name)
  const [offsets] = await room.deps.eventLog.offsets(topic, HOUSE)
  flow.end = offsets?.end ?? 0
  if (flow.end === 0) return
  const [last] = await readRecords(room, topic, flow.end - 1, flow.end)
  flow.lastEventMs = last?.timestampMs ?? 0
  room.floorMs = Math.max(room.floorMs, flow.lastEventMs)
  if (flow.end <= flow.landed) return
  flow.foundEnd = flow.end
  const [first] = await readRecords(room, topic, flow.landed, flow.landed + 1)
  flow.firstUnlandedMs = first?.timestampMs ?? flow.lastEventMs
}

async function findDead(room: Room, dead: DeadFlow, topics: Set<string>, replayed: number): Promise<void> {
  dead.exists = topics.has(dead.topic)
  dead.replayed = replayed
  if (!dead.exists) return
  const [offsets] = await room.deps.eventLog.offsets(dead.topic, HOUSE)
  dead.end = offsets?.end ?? 0
}

async function findReceipts(room: Room): Promise<void> {
  room.receipts.folded = await findProgress(room.deps.relational, 'receipts')
  room.reportedMs = await findProgress(room.deps.relational, 'reported')
  const [offsets] = await room.deps.eventLog.offsets(RECEIPTS_TOPIC, HOUSE)
  room.receipts.end = offsets?.end ?? 0
  const records = await readRecords(room, RECEIPTS_TOPIC, room.receipts.folded, room.receipts.end)
  room.receipts.firstMs = records[0]?.timestampMs ?? 0
  for (const record of records) {
    const { d } = JSON.parse(Buffer.from(record.value).toString('utf8')) as { d: Record<string, [number, number]> }
    addTallies(room, d, record.timestampMs, 1)
  }
}

/** A crash between a dead letter and its receipt: they are the last ones, and are tallied now in the hours they came. */
async function tallyStrays(room: Room, name: string, dead: DeadFlow, folded: number): Promise<void> {
  if (!dead.exists) return
  let tallied = folded
  for (const [key, tally] of room.tail) if (key.slice(0, key.lastIndexOf('|')) === name) tallied += tally.dead
  const strays = dead.end - tallied
  if (strays <= 0) return
  const tallies = new Map<string, Tally>()
  for (const record of await readRecords(room, dead.topic, dead.end - strays, dead.end)) {
    const key = `${name}|${startOfHour(record.timestampMs)}`
    tallies.set(key, { duplicates: 0, dead: (tallies.get(key)?.dead ?? 0) + 1 })
  }
  await commitLanding(room.deps.relational, { positions: [], buckets: [], tallies, receiptsFolded: room.receipts.folded, garbage: [], closed: [], ended: undefined }, HOUSE)
}
