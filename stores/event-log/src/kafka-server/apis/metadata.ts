// Metadata: one broker, which is us, and the topics that are shown.
//
//   request  := [topic] (0: empty is all; from 1: null is all) | from 4: may create bool | from 8: with operations bool ×2
//   response := from 3: throttle i32 | [broker: id i32 | host | port i32 | from 1: rack] | from 2: cluster id | from 1: controller i32
//               | [error i16 | name | from 1: internal bool | [error i16 | partition i32 | leader i32 | from 7: epoch i32 | [replica] | [in sync] | from 5: [offline]] | from 8: operations i32]
//               | from 8: operations i32
import { CODE } from '../error-code.ts'
import type { Api, Call } from '../call.ts'
import type { FaceTopic } from '../port.ts'

/** Of the only broker. */
export const NODE_ID = 1
const NOT_ASKED = -0x80000000

export const metadata: Api = {
  key: 3,
  name: 'Metadata',
  min: 0,
  max: 9,
  flexibleFrom: 9,
  async handle(call) {
    const { request, answer, version, face, ctx } = call
    const names = request.nullableArray(() => {
      const name = request.string()
      request.tags()
      return name
    })
    const isAll = names === undefined || (version === 0 && names.length === 0)
    const topics: { name: string; topic: FaceTopic | undefined }[] = isAll
      ? (await face.topics.list(ctx)).map((topic) => ({ name: topic.name, topic }))
      : await Promise.all([...new Set(names)].map(async (name) => ({ name, topic: await face.topics.find(name, ctx) })))
    if (version >= 3) answer.int32(0)
    writeBroker(call)
    if (version >= 2) answer.string('rondo')
    if (version >= 1) answer.int32(NODE_ID)
    answer.array(topics, ({ name, topic }) => writeTopic(call, name, topic))
    if (version >= 8) answer.int32(NOT_ASKED)
    answer.tags()
  },
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

function writeTopic({ answer, version }: Call, name: string, topic: FaceTopic | undefined): void {
  answer.int16(topic === undefined ? CODE.unknownTopic : CODE.none)
  answer.string(name)
  if (version >= 1) answer.boolean(false)
  answer.array(Array.from({ length: topic?.partitions ?? 0 }, (_, partition) => partition), (partition) => {
    answer.int16(CODE.none)
    answer.int32(partition)
    answer.int32(NODE_ID)
    if (version >= 7) answer.int32(-1)
    answer.array([NODE_ID], (id) => answer.int32(id))
    answer.array([NODE_ID], (id) => answer.int32(id))
    if (version >= 5) answer.array([], () => undefined)
    answer.tags()
  })
  if (version >= 8) answer.int32(NOT_ASKED)
  answer.tags()
}
