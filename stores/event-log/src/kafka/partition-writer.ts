// One partition's appends in order: one batch at a time, repeated until its outcome is known, each record once.
//
//   append → queue → batch (who waits shares it) → sealed with producer and sequence → sent … again … → acknowledged
//
// The broker takes a sequence of a producer once, so that a batch whose answer was lost can be sent again. But it forgets producers by the timestamps of
// their records (after a day, at a restart at once), and those may be old; so the end of the partition is searched for the batch first. The search finds
// what was written, the sequence holds off what is still on its way. What was never sent may be given up after the time of the address; what may have been
// written is not: its records would come back to life after their append was rejected.
import type { AppError } from '@rondo/errors'
import { errors } from '../errors.ts'
import type { Cluster } from './cluster.ts'
import type { Courier } from './courier.ts'
import { addToSequence, BATCH_HEADER_BYTES, boundRecordBytes, encodeBatch, MOST_TIMESTAMP_DELTA_MS, sealBatch, type Identity, type Piece } from './encode-batch.ts'
import { CODE, codesOf, describe, isPassing, KafkaCodeError, mayPass, toLogError } from './kafka-failure.ts'
import { pause } from '../pause.ts'
import type { RecordSource } from './record-source.ts'

export type PartitionWriter = {
  /** Gives the offset of the first record. `maxBatchBytes` is the topic's; every record fits. */
  append(source: RecordSource, timestampMs: number, maxBatchBytes: number): Promise<number>
}

export type WriterDeps = {
  cluster: Pick<Cluster, 'client' | 'address' | 'distrust'>
  courier: Courier
  /** Resolves in the next turn of the event loop, for all writers at once. */
  nextTurn: () => Promise<void>
  /** One for all writers of the log; a new one when `renew`. */
  identify: (renew: boolean) => Promise<Identity>
  /** Where the partition ends now. */
  findEnd: (place: { topic: string; partition: number }) => Promise<number>
  /** Where a batch lies that may have been written, from an offset on; undefined when it is not there. Throws while that cannot be told. */
  findBatch: (place: { topic: string; partition: number }, from: number, identity: Identity, sequence: number) => Promise<number | undefined>
  /** Fires when `close` waits no longer. */
  givingUp: AbortSignal
  /** As errors name the topic. */
  topicName: string
}

type Pending = Piece & {
  /** Of `to` records: in batches so far, and acknowledged. */
  acknowledged: number
  firstOffset: number
  maxBatchBytes: number
  deadlineMs: number
  resolve: (firstOffset: number) => void
  reject: (reason: unknown) => void
}

/** `maySurvive`: it was sent, and no answer said that it was not written. */
type Batch = { bytes: Buffer; count: number; pieces: Piece[]; owners: Pending[]; identity: Identity; maySurvive: boolean }
/** `final`: trying again does not help. */
type Failure = { batch: Batch | undefined; thrown: unknown; final: boolean }

const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 1_000
/** Timed out while replicas copied it; copied by too few; the disk failed, or something broke, after its bytes were on the disk. */
const WRITTEN_PERHAPS: ReadonlySet<number> = new Set([7, 20, CODE.storageFailed, CODE.unknown])
const IDENTITY_LOST: ReadonlySet<number> = new Set([CODE.outOfOrderSequence, CODE.duplicateSequence, CODE.invalidProducerEpoch, CODE.invalidProducerIdMapping, CODE.unknownProducerId])

export function createPartitionWriter(place: { topic: string; partition: number }, deps: WriterDeps): PartitionWriter {
  const { cluster, courier, givingUp } = deps
  const queue: Pending[] = []
  let identity: Identity | undefined
  let sequence = 0
  /** Nothing of this writer lies behind it but what is under way. */
  let end: number | undefined
  let running = false

  const run = async (): Promise<void> => {
    running = true
    await deps.nextTurn()
    while (queue.length > 0) {
      try {
        await writeOne()
      } catch (thrown) {
        // Only what nobody foresaw comes here; nobody shall wait for ever.
        for (const pending of queue.splice(0)) pending.reject(thrown)
      }
      if (queue.length > 0) await deps.nextTurn()
    }
    running = false
  }

  const writeOne = async (): Promise<void> => {
    let batch: Batch | undefined
    for (let waitMs = FIRST_PAUSE_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_PAUSE_MS)) {
      const failure = await attempt(batch ?? (await prepare()))
      if (failure === undefined) return
      batch = failure.batch
      const { thrown } = failure
      if (failure.final && batch?.maySurvive !== true) return refuse(batch, thrown)
      if (failure.final || givingUp.aborted) return abandon(batch, thrown)
      cluster.distrust()
      if (batch?.maySurvive !== true) {
        putBack(batch)
        batch = undefined
      }
      expire(thrown)
      if (queue.length === 0) return
      await pause(waitMs, givingUp)
    }
  }

  const prepare = async (): Promise<Batch | Failure> => {
    try {
      identity ??= await deps.identify(false)
      end ??= await deps.findEnd(place)
      return takeBatch(queue, identity, cluster)
    } catch (thrown) {
      return { batch: undefined, thrown, final: !mayPass(thrown) }
    }
  }

  /** Undefined once the batch is acknowledged. */
  const attempt = async (batch: Batch | Failure): Promise<Failure | undefined> => {
    if ('thrown' in batch) return batch
    let sent = false
    try {
      if (batch.maySurvive && (await isFound(batch))) return undefined
      sealBatch(batch.bytes, batch.identity, sequence, cluster.client)
      const { code, baseOffset, message } = await courier.send({ ...place, batch: batch.bytes }, () => (sent = true))
      sent = false
      if (code === CODE.none) {
        acknowledge(batch, baseOffset)
        return undefined
      }
      if (WRITTEN_PERHAPS.has(code)) batch.maySurvive = true
      if (IDENTITY_LOST.has(code)) {
        if (await isFound(batch)) return undefined
        identity = await deps.identify(true)
        batch.identity = identity
        batch.maySurvive = false
        sequence = 0
      }
      return { batch, thrown: new KafkaCodeError(code, message), final: !isPassing(code) && !IDENTITY_LOST.has(code) && !WRITTEN_PERHAPS.has(code) }
    } catch (thrown) {
      if (sent) batch.maySurvive = true
      return { batch, thrown, final: !batch.maySurvive && !mayPass(thrown) }
    }
  }

  const isFound = async (batch: Batch): Promise<boolean> => {
    const found = await deps.findBatch(place, end ?? 0, batch.identity, sequence)
    if (found !== undefined) acknowledge(batch, found)
    return found !== undefined
  }
  const acknowledge = (batch: Batch, baseOffset: number): void => {
    sequence = addToSequence(sequence, batch.count)
    end = Math.max(end ?? 0, baseOffset + batch.count)
    let offset = baseOffset
    for (const [index, owner] of batch.owners.entries()) {
      const { from, to } = batch.pieces[index] as Piece
      if (from === 0) owner.firstOffset = offset
      offset += to - from
      owner.acknowledged = to
      if (to === owner.source.count) owner.resolve(owner.firstOffset)
    }
    while (queue[0] !== undefined && queue[0].acknowledged === queue[0].source.count) queue.shift()
  }
  /** Nothing of the batch was written; without a batch, nothing of all that waits. */
  const refuse = (batch: Batch | undefined, failure: unknown): void => {
    const error = toLogError(failure, cluster.address, `append to topic "${deps.topicName}"`)
    const tooLarge = codesOf(failure).some((code) => code === CODE.messageTooLarge || code === CODE.recordListTooLarge)
    for (const owner of batch?.owners ?? [...queue]) {
      reject(owner, tooLarge ? errors.recordTooLarge({ topic: deps.topicName, sizeBytes: batch?.bytes.byteLength ?? 0, maxRecordBytes: owner.maxBatchBytes }, failure) : error)
    }
  }
  const abandon = (batch: Batch | undefined, failure: unknown): void => {
    for (const owner of batch?.owners ?? []) if (batch?.maySurvive === true) reject(owner, doubt(failure))
    for (const owner of [...queue]) reject(owner, errors.closed({}, failure))
  }
  const expire = (failure: unknown): void => {
    for (const owner of [...queue]) if (owner.to === 0 && performance.now() > owner.deadlineMs) reject(owner, toLogError(failure, cluster.address, `append to topic "${deps.topicName}"`))
  }
  const doubt = (failure: unknown): AppError => errors.inDoubt({ topic: deps.topicName, partition: place.partition, reason: describe(failure) }, failure)
  const reject = (owner: Pending, error: AppError): void => {
    queue.splice(queue.indexOf(owner), 1)
    owner.reject(owner.acknowledged > 0 && error.code !== 'APPEND_IN_DOUBT' ? doubt(error) : error)
  }
  const putBack = (batch: Batch | undefined): void => {
    for (const owner of batch?.owners ?? []) owner.to = owner.acknowledged
  }

  return {
    append: (source, timestampMs, maxBatchBytes) =>
      new Promise((resolve, rejectAppend) => {
        queue.push({ source, from: 0, to: 0, timestampMs, acknowledged: 0, firstOffset: 0, maxBatchBytes, deadlineMs: performance.now() + cluster.address.timeoutMs, resolve, reject: rejectAppend })
        if (!running) void run()
      }),
  }
}

/** As many of the waiting records as one batch holds, in order. They stay in the queue until they are acknowledged. */
function takeBatch(queue: Pending[], identity: Identity, { address, client }: WriterDeps['cluster']): Batch {
  const pieces: Piece[] = []
  const owners: Pending[] = []
  let bytes = 0
  let count = 0
  const baseTimestampMs = queue[0]?.timestampMs ?? 0
  for (const owner of queue) {
    if (Math.abs(owner.timestampMs - baseTimestampMs) > MOST_TIMESTAMP_DELTA_MS) break
    const most = owner.maxBatchBytes - BATCH_HEADER_BYTES
    const from = owner.to
    let to = from
    for (; to < owner.source.count; to += 1) {
      const next = boundRecordBytes(owner.source, to)
      if (count > 0 && bytes + next > most) break
      bytes += next
      count += 1
    }
    if (to === from) break
    pieces.push({ source: owner.source, from, to, timestampMs: owner.timestampMs })
    owners.push(owner)
    owner.to = to
    if (to < owner.source.count) break
  }
  return { bytes: encodeBatch(pieces, bytes, address.compression, client), count, pieces, owners, identity, maySurvive: false }
}
