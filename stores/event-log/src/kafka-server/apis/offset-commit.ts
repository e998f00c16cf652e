// OffsetCommit: positions of a group, kept with those of the log.
//
//   request  := group | generation i32 | member | from 7: instance | 2–4: retention i64
//               | [topic: name | [partition i32 | offset i64 | from 6: leader epoch i32 | note]]
//   response := from 3: throttle i32 | [topic: name | [partition i32 | error i16]]
import { CODE, toCode, type Code } from '../error-code.ts'
import { createTopicFinder, may, type Api, type Call } from '../call.ts'
import { toLogGroup } from '../group-name.ts'

const LATEST = -1
const EARLIEST = -2

type Position = { name: string; partition: number; offset: number }

export const offsetCommit: Api = {
  key: 8,
  name: 'OffsetCommit',
  min: 2,
  max: 8,
  flexibleFrom: 8,
  async handle(call) {
    const { request, answer, version, face } = call
    const group = request.string()
    const generation = request.int32()
    const member = request.string()
    const instance = version >= 7 ? request.nullableString() : undefined
    if (version <= 4) request.int64()
    const positions: Position[] = []
    request.array(() => {
      const name = request.string()
      request.array(() => {
        const partition = request.int32()
        const offset = request.int64()
        if (version >= 6) request.int32()
        request.nullableString()
        request.tags()
        positions.push({ name, partition, offset })
      })
      request.tags()
    })
    const refusal: Code = (await may(call, 'read')) ? face.coordinator.checkCommit(group, member, instance, generation) : CODE.groupForbidden
    const codes = refusal === CODE.none ? await commit(call, group, positions) : positions.map(() => refusal)
    if (version >= 3) answer.int32(0)
    answer.array([...Map.groupBy(positions.map((position, index) => ({ ...position, code: codes[index] ?? CODE.unknown })), ({ name }) => name)], ([name, own]) => {
      answer.string(name)
      answer.array(own, ({ partition, code }) => {
        answer.int32(partition)
        answer.int16(code)
        answer.tags()
      })
      answer.tags()
    })
    answer.tags()
  },
}

/** All that can be committed at once; a code for each. */
async function commit(call: Call, group: string, positions: Position[]): Promise<Code[]> {
  const { face, ctx } = call
  const logGroup = toLogGroup(face.groupPrefix, group)
  if (logGroup === undefined) return positions.map(() => CODE.invalidGroup)
  const find = createTopicFinder(call)
  try {
    const places = await Promise.all(positions.map(async ({ name, partition, offset }) => {
      const topic = await find(name)
      if (topic === undefined || partition < 0 || partition >= topic.partitions) return CODE.unknownTopic
      if (offset >= 0) return { topic: topic.logTopic, partition, offset }
      // Clients whose position is gone commit that they begin anew: kafkajs.
      const { start = 0, end = 0 } = (await face.log.offsets(topic.logTopic, ctx))[partition] ?? {}
      return offset === LATEST || offset === EARLIEST ? { topic: topic.logTopic, partition, offset: offset === LATEST ? end : start } : CODE.invalidRequest
    }))
    const good = places.filter((place) => typeof place === 'object')
    if (good.length > 0) await face.log.commit(logGroup, good, ctx)
    return places.map((place) => (typeof place === 'object' ? CODE.none : place))
  } catch (thrown) {
    const { code } = toCode(thrown)
    return positions.map(() => (code === CODE.storageFailed ? CODE.coordinatorNotAvailable : code))
  }
}
