// DeleteGroups: what a group has committed is forgotten, in all topics that are shown. Nobody may be in it.
//
//   request  := [group]
//   response := throttle i32 | [group | error i16]
import { CODE, toCode, type Code } from '../error-code.ts'
import { may, type Api, type Call } from '../call.ts'
import { toLogGroup } from '../group-name.ts'

export const deleteGroups: Api = {
  key: 42,
  name: 'DeleteGroups',
  min: 0,
  max: 2,
  flexibleFrom: 2,
  async handle(call) {
    const { request, answer } = call
    const names = new Set(request.array(() => request.string()))
    const mayRead = await may(call, 'read')
    const deleted: { group: string; code: Code }[] = []
    for (const group of names) deleted.push({ group, code: mayRead ? await deleteGroup(call, group) : CODE.groupForbidden })
    answer.int32(0)
    answer.array(deleted, ({ group, code }) => {
      answer.string(group)
      answer.int16(code)
      answer.tags()
    })
    answer.tags()
  },
}

async function deleteGroup({ face, ctx }: Call, group: string): Promise<Code> {
  const logGroup = toLogGroup(face.groupPrefix, group)
  if (logGroup === undefined) return CODE.invalidGroup
  if ((face.coordinator.view(group)?.members.length ?? 0) > 0) return CODE.nonEmptyGroup
  try {
    const topics = new Set((await face.log.listCommitted((one) => one === logGroup, ctx)).map(({ topic }) => topic))
    if (topics.size === 0) return CODE.groupNotFound
    await face.log.forget(logGroup, [...topics], ctx)
    return CODE.none
  } catch (thrown) {
    const { code } = toCode(thrown)
    return code === CODE.storageFailed ? CODE.coordinatorNotAvailable : code
  }
}
