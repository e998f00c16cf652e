// Records of many places for one answer: read from the log, presented by the topics, encoded as batches, within the bytes asked for.
import { BATCH_HEADER_BYTES, boundRecordBytes, encodePlainBatch, MOST_TIMESTAMP_DELTA_MS, sealBatch, type Piece } from '../kafka/encode-batch.ts'
import { fromRecords } from '../kafka/record-source.ts'
import type { LogRecord, StoredRecord } from '../port.ts'
import { crc32c } from './crc32c.ts'
import { createTopicFinder, type Call } from './call.ts'
import { CODE, toCode, type Code } from './error-code.ts'
import type { FaceTopic } from './port.ts'

export type FetchPlace = { name: string; partition: number; offset: number; maxBytes: number }
export type FetchOptions = { waitMs: number; minBytes: number; maxBytes: number; mayRead: boolean }
export type Fetched = { place: FetchPlace; code: Code; start: number; end: number; batches: Buffer[]; count: number; sizeBytes: number }

/** Also a client that is served last gets so many. */
const LEAST_BYTES = 64 * 1024
const MAX_RECORDS = 10_000
/** Between looking again whether enough has come. */
const PAUSE_MS = 10
const NOBODY = { producerId: -1n, producerEpoch: -1 }

/** One result a place, in their order. Waits while there is less than `minBytes`, at most `waitMs`; an error ends the wait. */
export async function fetchAll(call: Call, places: FetchPlace[], options: FetchOptions): Promise<Fetched[]> {
  const { face, caller } = call
  const find = createTopicFinder(call)
  const untilMs = face.timers.nowMs() + options.waitMs
  for (;;) {
    const limitBytes = Math.max(1, Math.min(options.maxBytes, face.limits.maxFetchBytes, Math.max(LEAST_BYTES, face.limits.maxBufferedBytes - face.buffered)))
    const fetched = await readWithin(call, places, find, options.mayRead, limitBytes)
    const leftMs = untilMs - face.timers.nowMs()
    const sizeBytes = fetched.reduce((sum, one) => sum + one.sizeBytes, 0)
    const isEnough = sizeBytes >= Math.min(options.minBytes, limitBytes) || fetched.some(({ code }) => code !== CODE.none)
    if (isEnough || leftMs <= 0 || caller.left.aborted) return fetched
    await waitForMore(call, fetched, find, leftMs)
    if (sizeBytes > 0) await pause(face, Math.min(leftMs, PAUSE_MS), caller.left)
  }
}

/** What may be read is counted as if it were there already: others that begin meanwhile get what is left. */
async function readWithin(call: Call, places: FetchPlace[], find: (name: string) => Promise<FaceTopic | undefined>, mayRead: boolean, limitBytes: number): Promise<Fetched[]> {
  call.face.buffered += limitBytes
  try {
    return await readOnce(call, places, find, mayRead, limitBytes)
  } finally {
    call.face.buffered -= limitBytes
  }
}

async function readOnce(call: Call, places: FetchPlace[], find: (name: string) => Promise<FaceTopic | undefined>, mayRead: boolean, limitBytes: number): Promise<Fetched[]> {
  const fetched: Fetched[] = []
  let left = limitBytes
  for (const place of places) {
    const one = await readPlace(call, place, await find(place.name), mayRead, Math.min(left, place.maxBytes), left === limitBytes)
    left -= one.sizeBytes
    fetched.push(one)
  }
  return fetched
}

/** `isFirst`: nothing is in the answer yet, so that one record of any size may be. */
async function readPlace({ face, ctx }: Call, place: FetchPlace, topic: FaceTopic | undefined, mayRead: boolean, maxBytes: number, isFirst: boolean): Promise<Fetched> {
  const none = { place, start: -1, end: -1, batches: [], count: 0, sizeBytes: 0 }
  if (!mayRead) return { ...none, code: CODE.topicForbidden }
  if (topic === undefined || place.partition < 0 || place.partition >= topic.partitions) return { ...none, code: CODE.unknownTopic }
  try {
    const { start, end } = await findEnds(face.log, topic, place.partition, ctx)
    if (place.offset < start || place.offset > end) return { ...none, start, end, code: CODE.offsetOutOfRange }
    const known = { ...none, start, end, code: CODE.none }
    if (place.offset === end || (maxBytes <= 0 && !isFirst)) return known
    const stored = await face.log.read({ topic: topic.logTopic, partition: place.partition, offset: place.offset, maxRecords: MAX_RECORDS, maxBytes: Math.max(1, maxBytes) }, ctx)
    const { batches, count } = encode(stored, await face.topics.present(topic, stored), maxBytes, isFirst)
    return { ...known, batches, count, sizeBytes: batches.reduce((sum, batch) => sum + batch.byteLength, 0) }
  } catch (thrown) {
    return { ...none, code: toCode(thrown).code }
  }
}

async function findEnds(log: Call['face']['log'], topic: FaceTopic, partition: number, ctx: Call['ctx']): Promise<{ start: number; end: number }> {
  const { start = 0, end = 0 } = (await log.offsets(topic.logTopic, ctx))[partition] ?? {}
  return { start, end }
}

/** Batches hold records without gaps whose instants are near each other. At least one record when `isFirst`. */
function encode(stored: StoredRecord[], presented: LogRecord[], maxBytes: number, isFirst: boolean): { batches: Buffer[]; count: number } {
  const source = fromRecords(presented)
  const batches: Buffer[] = []
  let leftBytes = maxBytes
  let from = 0
  while (from < stored.length) {
    const first = stored[from] as StoredRecord
    const pieces: Piece[] = []
    let bytes = 0
    let to = from
    for (; to < stored.length; to += 1) {
      const { offset, timestampMs } = stored[to] as StoredRecord
      const size = boundRecordBytes(source, to)
      if (offset !== first.offset + to - from || Math.abs(timestampMs - first.timestampMs) > MOST_TIMESTAMP_DELTA_MS) break
      if (BATCH_HEADER_BYTES + bytes + size > leftBytes && !(isFirst && to === 0)) break
      const last = pieces.at(-1)
      if (last !== undefined && last.timestampMs === timestampMs) last.to = to + 1
      else pieces.push({ source, from: to, to: to + 1, timestampMs })
      bytes += size
    }
    if (to === from) break
    const batch = encodePlainBatch(pieces, bytes)
    batch.writeBigInt64BE(BigInt(first.offset), 0)
    sealBatch(batch, NOBODY, -1, { crc32c })
    batches.push(batch)
    leftBytes -= batch.byteLength
    from = to
  }
  return { batches, count: from }
}

/** Until records lie behind what was read of any place, or the time is over. */
async function waitForMore({ face, caller, ctx }: Call, fetched: Fetched[], find: (name: string) => Promise<FaceTopic | undefined>, timeoutMs: number): Promise<void> {
  const over = new AbortController()
  const waiting = { ...ctx, signal: AbortSignal.any([ctx.signal, caller.left, over.signal]) }
  const waitAt = async ({ place, end }: Fetched): Promise<void> => {
    const topic = await find(place.name)
    if (topic !== undefined) await face.log.waitFor({ topic: topic.logTopic, partition: place.partition, offset: end }, timeoutMs, waiting).catch(() => false)
  }
  await Promise.race([pause(face, timeoutMs, waiting.signal), ...fetched.map(waitAt)])
  over.abort()
}

function pause({ timers }: Call['face'], afterMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      callOff()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const callOff = timers.after(afterMs, end)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end)
  })
}
