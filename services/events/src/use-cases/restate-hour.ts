// Makes the files of a closed hour anew from the log, under names of their own: with the columns of today, and as few files as may be.
import { DAY_MS, toIsoHour } from '@rondo/time'
import { errors } from '../errors.ts'
import { packRecords } from '../landing/packed-events.ts'
import { readRecords } from '../landing/read-records.ts'
import { HOUSE, receiveTime, type Room } from '../room.ts'
import { commitLanding, computeVersion, listBuckets, type Bucket, type BucketFile } from '../store/bucket-store.ts'
import { eventsTopic } from '../topics.ts'
import { getFlow } from './get-flow.ts'
import { afterLanding, toAccount } from './land-events.ts'

/** Who reads by the version before has so long to end. */
const KEEP_BEFORE_MS = 7 * DAY_MS
const FILE_ROWS = 200_000

export type Restated = { type: string; hour: string; before: string; version: string }

/** The same events give the same version, and then nothing changes. Throws EVENT_TYPE_NOT_FOUND, HOUR_NOT_CLOSED, HOUR_NOT_IN_LOG. */
export function restateHour(room: Room, type: string, startMs: number): Promise<Restated> {
  return afterLanding(room, async () => {
    const flow = getFlow(room, type)
    const hour = toIsoHour(startMs)
    const [before] = await listBuckets(room.deps.relational, type, startMs, startMs + 1)
    if (before?.state !== 'closed' || before.files.length === 0) throw errors.hourNotClosed({ type, hour })
    const files = await writeFiles(room, before)
    const bucket: Bucket = { ...before, files, version: computeVersion(files), late: files.reduce((sum, file) => sum + file.late, 0), closedAtMs: receiveTime(room) }
    const answer = { type, hour, before: before.version, version: bucket.version }
    const kept = new Set(files.map(({ key }) => key))
    const replaced = before.files.filter(({ key }) => !kept.has(key))
    if (replaced.length === 0) return { ...answer, version: before.version }
    await commitLanding(room.deps.relational, {
      positions: [],
      buckets: [bucket],
      tallies: new Map(),
      receiptsFolded: room.receipts.folded,
      garbage: replaced.map(({ key }) => ({ key, deleteAfterMs: receiveTime(room) + KEEP_BEFORE_MS })),
      closed: [await toAccount(room, flow, bucket)],
      ended: undefined,
    }, HOUSE)
    room.deps.log.info('hour restated', answer)
    return answer
  })
}

async function writeFiles(room: Room, { type, hour, startMs, files }: Bucket): Promise<BucketFile[]> {
  const { columns } = getFlow(room, type).type
  const first = files[0]?.from ?? 0
  const end = files.at(-1)?.to ?? 0
  const made: BucketFile[] = []
  for (let from = first; from < end; ) {
    const records = await readRecords(room, eventsTopic(type), from, Math.min(end, from + FILE_ROWS), room.landBytes)
    const to = (records.at(-1)?.offset ?? -1) + 1
    if (records.length === 0 || to - from !== records.length) throw errors.hourNotInLog({ type, hour })
    const { bytes, clients: _clients, ...facts } = await room.buckets.write(columns, startMs, packRecords(records))
    const [day, clock] = hour.split('T')
    const key = `events/${type}/day=${day}/hour=${clock}-${from}-${to}-${facts.sha256.slice(0, 12)}.parquet`
    await room.deps.objects.put(key, bytes, {}, HOUSE)
    made.push({ key, ...facts, from, to, sizeBytes: bytes.byteLength })
    from = to
  }
  return made
}
