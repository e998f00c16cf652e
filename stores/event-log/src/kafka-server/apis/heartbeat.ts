// Heartbeat and LeaveGroup: a member is still there, or goes.
//
//   heartbeat request := group | generation i32 | member | from 3: instance          response := from 1: throttle i32 | error i16
//   leave request     := group | 0–2: member | from 3: [member | instance]           response := from 1: throttle i32 | error i16 | from 3: [member | instance | error i16]
import { CODE } from '../error-code.ts'
import { may, type Api } from '../call.ts'

export const heartbeat: Api = {
  key: 12,
  name: 'Heartbeat',
  min: 0,
  max: 4,
  flexibleFrom: 4,
  async handle(call) {
    const { request, answer, version, face } = call
    const group = request.string()
    const generation = request.int32()
    const memberId = request.string()
    const instanceId = version >= 3 ? request.nullableString() : undefined
    if (version >= 1) answer.int32(0)
    answer.int16((await may(call, 'read')) ? face.coordinator.heartbeat(group, memberId, instanceId, generation) : CODE.groupForbidden)
    answer.tags()
  },
}

export const leaveGroup: Api = {
  key: 13,
  name: 'LeaveGroup',
  min: 0,
  max: 5,
  flexibleFrom: 4,
  async handle(call) {
    const { request, answer, version, face } = call
    const group = request.string()
    const readMember = (): { memberId: string; instanceId: string | undefined } => {
      const member = { memberId: request.string(), instanceId: request.nullableString() }
      if (version >= 5) request.nullableString()
      request.tags()
      return member
    }
    const members = version >= 3 ? request.array(readMember) : [{ memberId: request.string(), instanceId: undefined }]
    const mayRead = await may(call, 'read')
    const left = members.map((member) => ({ ...member, code: mayRead ? face.coordinator.leave(group, member.memberId, member.instanceId) : CODE.groupForbidden }))
    if (version >= 1) answer.int32(0)
    answer.int16(version >= 3 ? (mayRead ? CODE.none : CODE.groupForbidden) : (left[0]?.code ?? CODE.none))
    if (version >= 3) {
      answer.array(left, ({ memberId, instanceId, code }) => {
        answer.string(memberId)
        answer.string(instanceId)
        answer.int16(code)
        answer.tags()
      })
    }
    answer.tags()
  },
}
