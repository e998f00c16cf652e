// DescribeConfigs: tools ask for it before they show a topic. There is nothing to set here, so every list is empty.
//
//   request  := [type i8 | name | [setting]] | with synonyms bool | from 3: with documentation bool
//   response := throttle i32 | [error i16 | message | type i8 | name | [setting]]
import { CODE, type Code } from '../error-code.ts'
import { createTopicFinder, mayDescribe, type Api } from '../call.ts'

const TOPIC = 2

export const describeConfigs: Api = {
  key: 32,
  name: 'DescribeConfigs',
  min: 1,
  max: 4,
  flexibleFrom: 4,
  async handle(call) {
    const { request, answer } = call
    const asked = request.array(() => {
      const resource = { type: request.int8(), name: request.string() }
      request.nullableArray(() => request.string())
      request.tags()
      return resource
    })
    const find = createTopicFinder(call)
    const isAllowed = await mayDescribe(call)
    const examine = async (type: number, name: string): Promise<Code> => {
      if (!isAllowed) return type === TOPIC ? CODE.topicForbidden : CODE.clusterForbidden
      return type !== TOPIC || (await find(name)) !== undefined ? CODE.none : CODE.unknownTopic
    }
    const found = await Promise.all(asked.map(async (resource) => ({ ...resource, code: await examine(resource.type, resource.name) })))
    answer.int32(0)
    answer.array(found, ({ type, name, code }) => {
      answer.int16(code)
      answer.string(undefined)
      answer.int8(type)
      answer.string(name)
      answer.array([], () => undefined)
      answer.tags()
    })
    answer.tags()
  },
}
