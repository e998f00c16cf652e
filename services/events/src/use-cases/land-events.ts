// One round of landing: files of all types that are due are written, then one transaction makes them count.
//
// Objects first, then the transaction: a crash between leaves objects that nothing points to, and the next round writes the same
// records again. A type that fails is left out of the round and delays no other.
import { HOUR_MS, startOfHour } from '@rondo/time'
import { isDue } from '../landing/landing-schedule.ts'
import { prepareLanding, type FlowLanding } from '../landing/prepare-landing.ts'
import { PACKED_TYPES, packSmall, writeLanding, type WrittenLanding } from '../landing/write-landing.ts'
import { writeManifests } from '../landing/write-manifests.ts'
import { readRecords } from '../landing/read-records.ts'
import { HOUSE, receiveTime, watermark, type Flow, type Room, type Tally } from '../room.ts'
import { commitLanding, listOpenBuckets, type Bucket } from '../store/bucket-store.ts'
import type { ClosedHour } from '../store/report-store.ts'
import { PARTITION, RECEIPTS_TOPIC, eventsTopic } from '../topics.ts'
import { addTallies } from './store-events.ts'

const RETRY_AFTER_MS = 30_000
const FOLD_AFTER_MS = 60_000
const FOLD_AT_RECORDS = 1_000
/** Readers who were told of a file before a merge may still open it for so long. */
const KEEP_REPLACED_MS = 3_600_000

/** Rows landed and buckets closed; 0: nothing was due. `force` lands everything accepted so far. */
export function landEvents(room: Room, force = false): Promise<number> {
  return afterLanding(room, () => landRound(room, force))
}

/** One at a time changes buckets. */
export async function afterLanding<T>(room: Room, work: () => Promise<T>): Promise<T> {
  while (room.landingNow !== undefined) await room.landingNow.catch(() => undefined)
  const done = work()
  room.landingNow = done
  try {
    return await done
  } finally {
    room.landingNow = undefined
  }
}

async function landRound(room: Room, force: boolean): Promise<number> {
  const nowMs = receiveTime(room)
  const markMs = watermark(room)
  const due: Flow[] = []
  for (const flow of room.flows.values()) if (isDue(flow, nowMs, markMs, force)) due.push(flow)
  const receiptsEnd = room.receipts.end
  const waiting = receiptsEnd - room.receipts.folded
  const folds = waiting > 0 && (force || due.length > 0 || waiting >= FOLD_AT_RECORDS || nowMs - room.receipts.firstMs >= FOLD_AFTER_MS)
  if (due.length === 0 && !folds) return 0
  const startedAt = performance.now()
  const open = due.length === 0 ? [] : await listOpenBuckets(room.deps.relational)
  const openOf = Map.groupBy(open, ({ type }) => type)
  const prepared = await Promise.all(due.map((flow) => attempt(room, flow, nowMs, () => prepareLanding(room, flow, openOf.get(flow.type.name) ?? [], nowMs, markMs, due.length >= PACKED_TYPES))))
  const ready = prepared.filter((landing) => landing !== undefined)
  const packed = await packSmall(room, ready)
  const written = await Promise.all(ready.map((landing) => attempt(room, landing.flow, nowMs, async () => ({ ...landing, ...(await writeLanding(room, landing, packed, nowMs)) }))))
  const landings = written.filter((landing) => landing !== undefined)
  const tallies = new Map<string, Tally>()
  const folded = folds ? await readReceipts(room, receiptsEnd, tallies) : []
  const closed = landings.flatMap((landing) => landing.buckets.filter((bucket) => bucket.state === 'closed'))
  const accounts = await Promise.all(landings.flatMap(({ flow, buckets }) => buckets.filter((bucket) => bucket.state === 'closed').map((bucket) => toAccount(room, flow, bucket))))
  const endedMs = (folds || waiting === 0) && receiptsEnd === room.receipts.end ? startOfHour(markMs) : room.reportedMs
  for (const { startMs, runs } of [...packed.runs, ...landings.flatMap((landing) => landing.runs)]) room.clients.add(startMs, runs)
  const losses = endedMs > room.reportedMs ? room.clients.take(endedMs) : []
  await writeManifests(room, closed, losses)
  await commitLanding(room.deps.relational, {
    positions: landings.map(({ flow, nextOffset }) => ({ type: flow.type.name, nextOffset })),
    buckets: landings.flatMap((landing) => landing.buckets),
    tallies,
    receiptsFolded: folds ? receiptsEnd : room.receipts.folded,
    garbage: landings.flatMap((landing) => landing.replaced.map((key) => ({ key, deleteAfterMs: nowMs + KEEP_REPLACED_MS }))),
    closed: accounts,
    ended: endedMs > room.reportedMs ? { fromMs: room.reportedMs, toMs: endedMs, nowMs, losses } : undefined,
  }, HOUSE)
  room.reportedMs = Math.max(room.reportedMs, endedMs)
  if (folds) {
    for (const { tally, atMs } of folded) addTallies(room, tally, atMs, -1)
    room.receipts.folded = receiptsEnd
    room.receipts.firstMs = nowMs
  }
  let done = folds ? folded.length : 0
  for (const landing of landings) done += await settle(room, landing)
  room.landing.totalMs += performance.now() - startedAt
  return done
}

/** What the log holds of the hour, counted there, beside what the files hold. */
export async function toAccount(room: Room, flow: Flow, { startMs, rows, late, version, files }: Bucket): Promise<ClosedHour> {
  const topic = eventsTopic(flow.type.name)
  const find = (timestampMs: number): Promise<number> => room.deps.eventLog.findOffset({ topic, partition: PARTITION, timestampMs }, HOUSE)
  const [from, to, [kept]] = await Promise.all([find(startMs), find(startMs + HOUR_MS), room.deps.eventLog.offsets(topic, HOUSE)])
  // Retention may have taken records of an hour that closes very late.
  const delivered = (kept?.start ?? 0) > (files[0]?.from ?? 0) ? rows : to - from
  return { type: flow.type.name, startMs, delivered, inFlight: 0, landed: files.reduce((sum, file) => sum + file.rows, 0), late, version, closedAtMs: room.floorMs }
}

/** The transaction stands: memory follows. */
async function settle(room: Room, { flow, nextOffset, rows, buckets, files }: FlowLanding & WrittenLanding): Promise<number> {
  flow.landed = nextOffset
  flow.landedRows += rows
  flow.brokenBy = undefined
  if (flow.end <= nextOffset) flow.firstUnlandedMs = Infinity
  for (const bucket of buckets) {
    if (bucket.state === 'closed') {
      flow.open.delete(bucket.startMs)
      room.closings += 1
    } else flow.open.set(bucket.startMs, bucket.files.length)
    if (bucket.lagMs > 0) room.lastLagMs = bucket.lagMs
  }
  room.landing.rows += rows
  room.landing.files += files
  if (flow.end > nextOffset) {
    const [next] = await readRecords(room, eventsTopic(flow.type.name), nextOffset, nextOffset + 1)
    if (next !== undefined && flow.landed === nextOffset) flow.firstUnlandedMs = next.timestampMs
  }
  return rows + buckets.filter((bucket) => bucket.state === 'closed').length
}

async function attempt<T>(room: Room, flow: Flow, nowMs: number, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    flow.brokenUntilMs = nowMs + RETRY_AFTER_MS
    flow.brokenBy = message
    room.landing.failures += 1
    room.deps.log.error('landing failed', { type: flow.type.name, message })
    return undefined
  }
}

type Receipt = { tally: Record<string, [number, number]>; atMs: number }

async function readReceipts(room: Room, end: number, into: Map<string, Tally>): Promise<Receipt[]> {
  const records = await readRecords(room, RECEIPTS_TOPIC, room.receipts.folded, end)
  return records.map((record): Receipt => {
    const tally = (JSON.parse(Buffer.from(record.value).toString('utf8')) as { d: Record<string, [number, number]> }).d
    for (const [type, [duplicates, dead]] of Object.entries(tally)) {
      const key = `${type}|${startOfHour(record.timestampMs)}`
      const sum = into.get(key) ?? { duplicates: 0, dead: 0 }
      into.set(key, { duplicates: sum.duplicates + duplicates, dead: sum.dead + dead })
    }
    return { tally, atMs: record.timestampMs }
  })
}
