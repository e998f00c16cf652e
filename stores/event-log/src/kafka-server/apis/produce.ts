// Produce: one batch a partition, stored by the topics' own rules, answered when it is durable.
//
//   request  := transactional id | acks i16 | timeout i32 | [topic: name | [partition i32 | batch bytes]]
//   response := [topic: name | [partition i32 | error i16 | base offset i64 | append time i64 | from 5: log start i64 | from 8: [record error] | message]] | throttle i32
import { CODE, FaceError, toCode, type Code } from '../error-code.ts'
import { createTopicFinder, may, type Api, type Call } from '../call.ts'
import type { FaceTopic } from '../port.ts'
import { readBatchHeader, readProducedRecords } from '../read-produced.ts'

const LONGEST_THROTTLE_MS = 30_000

type Wanted = { partition: number; batch: Buffer }
type Taken = { partition: number; code: Code; baseOffset: number; message: string | undefined; retryAfterMs?: number }

export const produce: Api = {
  key: 0,
  name: 'Produce',
  min: 3,
  max: 9,
  flexibleFrom: 9,
  async handle(call) {
    const { request, answer, version } = call
    const transactionalId = request.nullableString()
    const acks = request.int16()
    request.int32()
    const topics = request.array(() => {
      const name = request.string()
      const partitions = request.array((): Wanted => {
        const wanted = { partition: request.int32(), batch: request.byteString() }
        request.tags()
        return wanted
      })
      request.tags()
      return { name, partitions }
    })
    const refusal = transactionalId !== undefined ? refuse(CODE.transactionForbidden, 'There are no transactions here.') : acks < -1 || acks > 1 ? refuse(CODE.badAcks, 'acks is 0, 1 or -1 ("all").') : (await may(call, 'write')) ? undefined : refuse(CODE.topicForbidden, 'This key may not write.')
    const find = createTopicFinder(call)
    const taken = await Promise.all(topics.map(async ({ name, partitions }) => ({ name, results: await Promise.all(partitions.map((wanted) => take(call, find(name), wanted, refusal))) })))
    if (acks === 0) {
      // Nobody waits for an answer: a closed connection is how the client learns of a failure.
      const failed = taken.flatMap(({ results }) => results).find(({ code }) => code !== CODE.none)
      if (failed !== undefined) throw new FaceError(failed.code, failed.message ?? 'the records were not taken')
      return false
    }
    answer.array(taken, ({ name, results }) => {
      answer.string(name)
      answer.array(results, ({ partition, code, baseOffset, message }) => {
        answer.int32(partition)
        answer.int16(code)
        answer.int64(baseOffset)
        answer.int64(-1)
        if (version >= 5) answer.int64(-1)
        if (version >= 8) {
          answer.array([], () => undefined)
          answer.string(message)
        }
        answer.tags()
      })
      answer.tags()
    })
    const retryAfterMs = Math.max(0, ...taken.flatMap(({ results }) => results.map((one) => one.retryAfterMs ?? 0)))
    answer.int32(Math.min(LONGEST_THROTTLE_MS, retryAfterMs))
    answer.tags()
    return true
  },
}

function refuse(code: Code, message: string): FaceError {
  return new FaceError(code, message)
}

async function take(call: Call, finding: Promise<FaceTopic | undefined>, { partition, batch }: Wanted, refusal: FaceError | undefined): Promise<Taken> {
  try {
    if (refusal !== undefined) throw refusal
    const topic = await finding
    if (topic === undefined || partition < 0 || partition >= topic.partitions) throw refuse(CODE.unknownTopic, 'There is no such topic or partition.')
    return { partition, code: CODE.none, baseOffset: await store(call, topic, partition, batch), message: undefined }
  } catch (thrown) {
    return { partition, baseOffset: -1, ...toCode(thrown) }
  }
}

async function store({ face, caller, ctx }: Call, topic: FaceTopic, partition: number, bytes: Buffer): Promise<number> {
  const batch = readBatchHeader(bytes)
  const { count, sequence, producerId, producerEpoch } = batch
  return face.producers.once(caller.session?.id ?? '', `${topic.name}/${partition}`, { producerId: Number(producerId), producerEpoch, sequence, count }, async () => {
    // What a few compressed bytes become must not be many times in memory at once.
    const release = await face.unpacking.acquire(ctx)
    try {
      const records = readProducedRecords(bytes, batch, face.limits)
      const { baseOffset } = await face.topics.store(topic, records, caller.session?.name ?? '', ctx)
      face.tally.produced += count
      return baseOffset
    } finally {
      release()
    }
  })
}
