// ListOffsets: the first offset, the next one to come, or the first at or after an instant.
//
//   request  := replica i32 | from 2: isolation i8 | [topic: name | [partition i32 | from 4: leader epoch i32 | instant i64]]
//   response := from 2: throttle i32 | [topic: name | [partition i32 | error i16 | instant i64 | offset i64 | from 4: leader epoch i32]]
import { createLimit } from '@rondo/async'
import { CODE, toCode, type Code } from '../error-code.ts'
import { createTopicFinder, may, type Api, type Call } from '../call.ts'
import type { FaceTopic } from '../port.ts'

const LATEST = -1
const EARLIEST = -2
/** The record with the latest instant; instants grow with offsets here but for clocks that go back. */
const NEWEST = -3

/** An instant is looked up on the disk: so many at once, however many are asked for. */
const LOOK_UPS = 16

type Found = { code: Code; timestampMs: number; offset: number }
const NOTHING: Found = { code: CODE.none, timestampMs: -1, offset: -1 }

export const listOffsets: Api = {
  key: 2,
  name: 'ListOffsets',
  min: 1,
  max: 7,
  flexibleFrom: 6,
  async handle(call) {
    const { request, answer, version } = call
    request.int32()
    if (version >= 2) request.int8()
    const topics = request.array(() => {
      const name = request.string()
      const partitions = request.array(() => {
        const partition = request.int32()
        if (version >= 4) request.int32()
        const wanted = { partition, timestampMs: request.int64() }
        request.tags()
        return wanted
      })
      request.tags()
      return { name, partitions }
    })
    const mayRead = await may(call, 'read')
    const find = createTopicFinder(call)
    const limit = createLimit(LOOK_UPS)
    const found = await Promise.all(topics.map(async ({ name, partitions }) => ({ name, results: await Promise.all(partitions.map((wanted) => limit(async () => ({ ...wanted, ...(await findPlace(call, await find(name), wanted, mayRead)) })))) })))
    if (version >= 2) answer.int32(0)
    answer.array(found, ({ name, results }) => {
      answer.string(name)
      answer.array(results, ({ partition, code, timestampMs, offset }) => {
        answer.int32(partition)
        answer.int16(code)
        answer.int64(timestampMs)
        answer.int64(offset)
        if (version >= 4) answer.int32(-1)
        answer.tags()
      })
      answer.tags()
    })
    answer.tags()
  },
}

async function findPlace({ face: { log }, ctx }: Call, topic: FaceTopic | undefined, { partition, timestampMs }: { partition: number; timestampMs: number }, mayRead: boolean): Promise<Found> {
  if (!mayRead) return { ...NOTHING, code: CODE.topicForbidden }
  if (topic === undefined || partition < 0 || partition >= topic.partitions) return { ...NOTHING, code: CODE.unknownTopic }
  const at = { topic: topic.logTopic, partition }
  try {
    const { start = 0, end = 0 } = (await log.offsets(topic.logTopic, ctx))[partition] ?? {}
    if (timestampMs === LATEST) return { ...NOTHING, offset: end }
    if (timestampMs === EARLIEST) return { ...NOTHING, offset: start }
    if (timestampMs < 0 && timestampMs !== NEWEST) return NOTHING
    const offset = timestampMs === NEWEST ? end - 1 : await log.findOffset({ ...at, timestampMs }, ctx)
    if (offset < start || offset >= end) return NOTHING
    const [record] = await log.read({ ...at, offset, maxRecords: 1 }, ctx)
    return record === undefined ? NOTHING : { code: CODE.none, timestampMs: record.timestampMs, offset: record.offset }
  } catch (thrown) {
    return { ...NOTHING, code: toCode(thrown).code }
  }
}
