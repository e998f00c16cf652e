// OffsetFetch: positions of groups, as they were committed.
//
//   request  := 1–7: group | [topic: name | [partition i32]] (from 2: null is all) | from 8: [group | [topic …]] | from 7: only stable bool
//   response := from 3: throttle i32 | 1–7: topics | from 2: error i16 | from 8: [group | topics | error i16]
//   topics   := [topic: name | [partition i32 | offset i64 | from 5: leader epoch i32 | note | error i16]]
import { CODE, toCode, type Code } from '../error-code.ts'
import { createTopicFinder, may, type Api, type Call } from '../call.ts'
import { toLogGroup } from '../group-name.ts'
import type { FaceTopic } from '../port.ts'

type Asked = { group: string; topics: { name: string; partitions: number[] }[] | undefined }
type Position = { partition: number; offset: number; code: Code }
type Answered = { group: string; code: Code; topics: { name: string; positions: Position[] }[] }

export const offsetFetch: Api = {
  key: 9,
  name: 'OffsetFetch',
  min: 1,
  max: 8,
  flexibleFrom: 6,
  async handle(call) {
    const { request, answer, version } = call
    const readGroup = (): Asked => {
      const group = request.string()
      const topics = request.nullableArray(() => {
        const name = request.string()
        const partitions = request.array(() => request.int32())
        request.tags()
        return { name, partitions }
      })
      if (version >= 8) request.tags()
      return { group, topics }
    }
    const groups = version >= 8 ? [...new Map(request.array(readGroup).map((asked) => [asked.group, asked])).values()] : [readGroup()]
    const mayRead = await may(call, 'read')
    const find = createTopicFinder(call)
    const answered: Answered[] = []
    for (const asked of groups) answered.push(await findPositions(call, asked, mayRead, find))
    if (version >= 3) answer.int32(0)
    if (version >= 8) {
      answer.array(answered, (one) => {
        answer.string(one.group)
        writeTopics(call, one)
        answer.int16(one.code)
        answer.tags()
      })
    } else {
      for (const one of answered) {
        writeTopics(call, one)
        if (version >= 2) answer.int16(one.code)
      }
    }
    answer.tags()
  },
}

async function findPositions({ face, ctx }: Call, { group, topics }: Asked, mayRead: boolean, find: (name: string) => Promise<FaceTopic | undefined>): Promise<Answered> {
  const refuse = (code: Code): Answered => ({ group, code, topics: (topics ?? []).map(({ name, partitions }) => ({ name, positions: partitions.map((partition) => ({ partition, offset: -1, code })) })) })
  if (!mayRead) return refuse(CODE.groupForbidden)
  const logGroup = toLogGroup(face.groupPrefix, group)
  if (logGroup === undefined) return refuse(CODE.invalidGroup)
  try {
    const wanted = topics ?? (await listTopics({ face, ctx }, logGroup))
    const found = await Promise.all(wanted.map(async ({ name, partitions }) => {
      const topic = await find(name)
      const committed = topic === undefined ? [] : await face.log.committed(logGroup, topic.logTopic, ctx)
      const positions: Position[] = (partitions ?? committed.map(({ partition }) => partition)).map((partition) => ({
        partition,
        offset: committed.find((one) => one.partition === partition)?.offset ?? -1,
        code: topic === undefined ? CODE.unknownTopic : CODE.none,
      }))
      return { name, positions }
    }))
    return { group, code: CODE.none, topics: found }
  } catch (thrown) {
    const { code } = toCode(thrown)
    return refuse(code === CODE.storageFailed ? CODE.coordinatorNotAvailable : code)
  }
}

/** Where the group has committed anything, of what is shown. */
async function listTopics({ face, ctx }: Pick<Call, 'face' | 'ctx'>, logGroup: string): Promise<{ name: string; partitions: undefined }[]> {
  const topics = new Set((await face.log.listCommitted((group) => group === logGroup, ctx)).map(({ topic }) => topic))
  return (topics.size === 0 ? [] : await face.topics.list(ctx)).flatMap(({ name, logTopic }) => (topics.has(logTopic) ? [{ name, partitions: undefined }] : []))
}

function writeTopics({ answer, version }: Call, { topics }: Answered): void {
  answer.array(topics, ({ name, positions }) => {
    answer.string(name)
    answer.array(positions, ({ partition, offset, code }) => {
      answer.int32(partition)
      answer.int64(offset)
      if (version >= 5) answer.int32(-1)
      answer.string('')
      answer.int16(code)
      answer.tags()
    })
    answer.tags()
  })
}
