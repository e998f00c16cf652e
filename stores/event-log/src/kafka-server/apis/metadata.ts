// Metadata: one broker, which is us, and the topics that are shown: all of them to readers, those that they name to writers.
//
//   request  := [from 10: id uuid | topic] (0: empty is all; from 1: null is all) | from 4: may create bool | 8–10: with operations bool | from 8: with operations bool
//   response := from 3: throttle i32 | [broker: id i32 | host | port i32 | from 1: rack] | from 2: cluster id | from 1: controller i32
//               | [error i16 | name | from 10: id uuid | from 1: internal bool
//               | [error i16 | partition i32 | leader i32 | from 7: epoch i32 | [replica] | [in sync] | from 5: [offline]] | from 8: operations i32] | 8–10: operations i32
import { hash } from 'node:crypto'
import { CODE, type Code } from '../error-code.ts'
import { may, mayDescribe, type Api, type Call } from '../call.ts'
import type { FaceTopic } from '../port.ts'

/** Of the only broker. */
export const NODE_ID = 1
const NOT_ASKED = -0x80000000
const NO_ID = Buffer.alloc(16)

type Asked = { id: Buffer; name: string | undefined }
type Answered = { id: Buffer; name: string | undefined; topic: FaceTopic | undefined; code: Code }

export const metadata: Api = {
  key: 3,
  name: 'Metadata',
  min: 0,
  max: 12,
  flexibleFrom: 9,
  async handle(call) {
    const { request, answer, version } = call
    const asked = request.nullableArray((): Asked => {
      const one = version >= 10 ? { id: request.uuid(), name: request.nullableString() } : { id: NO_ID, name: request.string() }
      request.tags()
      return one
    })
    const isAll = asked === undefined || (version === 0 && asked.length === 0)
    const topics = isAll ? await listTopics(call) : (await mayDescribe(call)) ? await findTopics(call, asked) : refuseTopics(asked)
    if (version >= 3) answer.int32(0)
    writeBroker(call)
    if (version >= 2) answer.string('rondo')
    if (version >= 1) answer.int32(NODE_ID)
    answer.array(topics, (one) => writeTopic(call, one))
    if (version >= 8 && version <= 10) answer.int32(NOT_ASKED)
    answer.tags()
  },
}

/** The same for a name on every machine: there is nowhere to keep one that was drawn. */
function toId({ logTopic }: FaceTopic): Buffer {
  return hash('sha256', logTopic, 'buffer').subarray(0, 16)
}

async function listTopics(call: Call): Promise<Answered[]> {
  if (!(await may(call, 'read'))) return []
  return (await call.face.topics.list(call.ctx)).map((topic) => ({ id: toId(topic), name: topic.name, topic, code: CODE.none }))
}

function refuseTopics(asked: Asked[]): Answered[] {
  return asked.map(({ name, id }) => ({ id, name, topic: undefined, code: CODE.topicForbidden }))
}

/** Each once, however often it is named. */
async function findTopics({ face, ctx }: Call, asked: Asked[]): Promise<Answered[]> {
  const named = new Set(asked.flatMap(({ name }) => name ?? []))
  const found = [...named].map(async (name): Promise<Answered> => {
    const topic = await face.topics.find(name, ctx)
    return { id: topic === undefined ? NO_ID : toId(topic), name, topic, code: topic === undefined ? CODE.unknownTopic : CODE.none }
  })
  const ids = new Map<string, Buffer>(asked.flatMap(({ id, name }) => (name === undefined ? [[id.toString('hex'), id]] : [])))
  const all = new Map((ids.size === 0 ? [] : await face.topics.list(ctx)).map((topic) => [toId(topic).toString('hex'), topic]))
  const byId = [...ids].map(([text, id]): Answered => {
    const topic = all.get(text)
    return { id, name: topic?.name, topic, code: topic === undefined ? CODE.unknownTopicId : CODE.none }
  })
  return [...(await Promise.all(found)), ...byId]
}

function writeBroker({ answer, version, face, caller }: Call): void {
  answer.array([face.advertised ?? caller.reached], ({ host, port }) => {
    answer.int32(NODE_ID)
    answer.string(host)
    answer.int32(port)
    if (version >= 1) answer.string(undefined)
    answer.tags()
  })
}

function writeTopic({ answer, version }: Call, { id, name, topic, code }: Answered): void {
  answer.int16(code)
  answer.string(version >= 12 ? name : (name ?? ''))
  if (version >= 10) answer.uuid(id)
  if (version >= 1) answer.boolean(false)
  answer.array(Array.from({ length: topic?.partitions ?? 0 }, (_, partition) => partition), (partition) => {
    answer.int16(CODE.none)
    answer.int32(partition)
    answer.int32(NODE_ID)
    if (version >= 7) answer.int32(-1)
    answer.array([NODE_ID], (node) => answer.int32(node))
    answer.array([NODE_ID], (node) => answer.int32(node))
    if (version >= 5) answer.array([], () => undefined)
    answer.tags()
  })
  if (version >= 8) answer.int32(NOT_ASKED)
  answer.tags()
}
