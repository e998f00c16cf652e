// Makes the files of a round: small hours of many types share one, every other hour has its own. Then each type's buckets are known.
import { toIsoHour } from '@rondo/time'
import { HOUSE, type Room } from '../room.ts'
import { computeVersion, PACKED_FOLDER, type Bucket, type BucketFile } from '../store/bucket-store.ts'
import { PARTITION } from '../topics.ts'
import type { ClientRun } from './client-runs.ts'
import { packRecords } from './packed-events.ts'
import { PACKED_ROWS, type Draft, type FlowLanding } from './prepare-landing.ts'

/** Fewer types than this have files of their own, which are read faster. */
export const PACKED_TYPES = 16
/** Of one shared file. */
const MOST_ROWS = 200_000

/** Runs of clients in an hour. */
export type HourRuns = { startMs: number; runs: ReadonlyMap<string, ClientRun> }
export type PackedFiles = { files: ReadonlyMap<Draft, BucketFile>; runs: HourRuns[] }
export type WrittenLanding = { buckets: Bucket[]; files: number; replaced: string[]; runs: HourRuns[] }

/** Writes the shared files. A file that fails fails nobody: its types then write their own. */
export async function packSmall(room: Room, landings: FlowLanding[]): Promise<PackedFiles> {
  const packed = new Map<Draft, BucketFile>()
  const runs: HourRuns[] = []
  const small = landings.flatMap(({ flow, drafts }) => drafts.flatMap((draft) => (draft.records.length > 0 && draft.records.length <= PACKED_ROWS ? [{ flow, draft }] : [])))
  for (const [startMs, own] of Map.groupBy(small, ({ draft }) => draft.startMs)) {
    if (own.length < PACKED_TYPES) continue
    own.sort((a, b) => (a.flow.type.name < b.flow.type.name ? -1 : 1))
    for (const some of cutByRows(own)) {
      try {
        const { files, clients } = await writePack(room, startMs, some)
        runs.push({ startMs, runs: clients })
        for (const [i, { draft }] of some.entries()) packed.set(draft, files[i] as BucketFile)
      } catch (thrown) {
        room.deps.log.warn('types write files of their own', { hour: toIsoHour(startMs), types: some.length, message: thrown instanceof Error ? thrown.message : String(thrown) })
      }
    }
  }
  return { files: packed, runs }
}

type Small = { flow: FlowLanding['flow']; draft: Draft }

async function writePack(room: Room, startMs: number, small: Small[]): Promise<{ files: BucketFile[]; clients: ReadonlyMap<string, ClientRun> }> {
  const { bytes, sha256, parts, clients } = await room.buckets.pack(startMs, small.map(({ flow: { type }, draft }) => ({ type: type.name, columns: type.columns, events: packRecords(draft.records, draft.fresh) })))
  const [day, hour] = toIsoHour(startMs).split('T')
  const key = `${PACKED_FOLDER}day=${day}/hour=${hour}-${sha256.slice(0, 16)}.parquet`
  await room.deps.objects.put(key, bytes, {}, HOUSE)
  room.landing.files += 1
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const files = small.map(({ draft: { records } }, i): BucketFile => {
    const part = parts[i] as (typeof parts)[number]
    // Of the bytes its share.
    return { key, ...part, ...rangeOf(records), sha256, sizeBytes: Math.ceil((bytes.byteLength * part.rows) / rows) }
  })
  return { files, clients }
}

/** Writes what has no place in a shared file, and says what each bucket is now. */
export async function writeLanding(room: Room, { flow, drafts }: FlowLanding, packed: PackedFiles, nowMs: number): Promise<WrittenLanding> {
  const written: WrittenLanding = { buckets: [], files: 0, replaced: [], runs: [] }
  written.buckets = await Promise.all(
    drafts.map(async (draft): Promise<Bucket> => {
      const { startMs, closing, before } = draft
      const shared = packed.files.get(draft)
      const files = [...draft.kept]
      if (shared !== undefined) files.push(shared)
      else if (draft.otherwise !== undefined) files.push(draft.otherwise)
      else if (draft.records.length > 0) {
        const { file, clients } = await writeOwn(room, flow.type, draft)
        files.push(file)
        written.runs.push({ startMs, runs: clients })
        written.files += 1
      }
      if (shared !== undefined || draft.otherwise === undefined) written.replaced.push(...draft.replaced)
      return {
        type: flow.type.name,
        hour: toIsoHour(startMs),
        startMs,
        state: closing ? 'closed' : 'open',
        rows: draft.rows,
        late: files.reduce((sum, file) => sum + file.late, 0),
        version: files.length === 0 && before !== undefined ? before.version : computeVersion(files),
        files,
        lagMs: draft.lagMs,
        closedAtMs: closing ? nowMs : null,
      }
    }),
  )
  return written
}

async function writeOwn(room: Room, type: FlowLanding['flow']['type'], { startMs, records, fresh }: Draft): Promise<{ file: BucketFile; clients: ReadonlyMap<string, ClientRun> }> {
  const { bytes, clients, ...facts } = await room.buckets.write(type.columns, startMs, packRecords(records, fresh))
  const { from, to } = rangeOf(records)
  // A folder a day: a folder an hour would cost three disk syncs a type and hour.
  const [day, hour] = toIsoHour(startMs).split('T')
  const key = `events/${type.name}/day=${day}/hour=${hour}-${PARTITION}-${from}-${to}.parquet`
  await room.deps.objects.put(key, bytes, {}, HOUSE)
  return { file: { key, ...facts, from, to, sizeBytes: bytes.byteLength }, clients }
}

function rangeOf(records: Draft['records']): { from: number; to: number } {
  return { from: records[0]?.offset ?? 0, to: (records.at(-1)?.offset ?? -1) + 1 }
}

function* cutByRows(small: Small[]): Generator<Small[]> {
  let some: Small[] = []
  let rows = 0
  for (const one of small) {
    if (rows + one.draft.records.length > MOST_ROWS) {
      yield some
      some = []
      rows = 0
    }
    some.push(one)
    rows += one.draft.records.length
  }
  if (some.length > 0) yield some
}
