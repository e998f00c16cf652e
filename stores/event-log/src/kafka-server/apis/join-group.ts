// JoinGroup and SyncGroup: how members of a group come to one generation and its assignment.
//
//   join request  := group | session i32 | from 1: rebalance i32 | member | from 5: instance | protocol type | [name | metadata bytes]
//   join response := from 2: throttle i32 | error i16 | generation i32 | from 7: protocol type | protocol | leader | member
//                    | [member | from 5: instance | metadata bytes]
//   sync request  := group | generation i32 | member | from 3: instance | from 5: protocol type | protocol | [member | assignment bytes]
//   sync response := from 1: throttle i32 | error i16 | from 5: protocol type | protocol | assignment bytes
import { CODE } from '../error-code.ts'
import { may, type Api } from '../call.ts'
import { toLogGroup } from '../group-name.ts'
import type { JoinAnswer, JoinRequest, SyncAnswer } from '../group.ts'

const LONGEST_REBALANCE_MS = 1_800_000
const NOTHING = Buffer.alloc(0)

export const joinGroup: Api = {
  key: 11,
  name: 'JoinGroup',
  min: 0,
  max: 7,
  flexibleFrom: 6,
  async handle(call) {
    const { request, answer, version, face, caller, clientId } = call
    const group = request.string()
    const sessionTimeoutMs = request.int32()
    const rebalanceTimeoutMs = version >= 1 ? Math.min(Math.max(0, request.int32()), LONGEST_REBALANCE_MS) : sessionTimeoutMs
    const memberId = request.string()
    const instanceId = version >= 5 ? request.nullableString() : undefined
    const protocolType = request.string()
    const protocols = request.array(() => {
      // A copy: members are kept longer than requests.
      const protocol = { name: request.string(), metadata: Buffer.from(request.byteString()) }
      request.tags()
      return protocol
    })
    const refuse = (code: JoinAnswer['code']): JoinAnswer => ({ code, memberId, generation: -1, protocolType: undefined, protocol: undefined, leader: '', members: [] })
    const asked: JoinRequest = { memberId, instanceId, clientId, host: `/${caller.address}`, sessionTimeoutMs, rebalanceTimeoutMs, protocolType, protocols, needsKnownId: version >= 4 }
    const joined = !(await may(call, 'read')) ? refuse(CODE.groupForbidden) : toLogGroup(face.groupPrefix, group) === undefined ? refuse(CODE.invalidGroup) : await face.coordinator.join(group, asked, caller.left)
    if (version >= 2) answer.int32(0)
    answer.int16(joined.code)
    answer.int32(joined.generation)
    if (version >= 7) answer.string(joined.protocolType)
    answer.string(version >= 7 ? joined.protocol : (joined.protocol ?? ''))
    answer.string(joined.leader)
    answer.string(joined.memberId)
    answer.array(joined.members, (member) => {
      answer.string(member.memberId)
      if (version >= 5) answer.string(member.instanceId)
      answer.byteString(member.metadata)
      answer.tags()
    })
    answer.tags()
  },
}

export const syncGroup: Api = {
  key: 14,
  name: 'SyncGroup',
  min: 0,
  max: 5,
  flexibleFrom: 4,
  async handle(call) {
    const { request, answer, version, face, caller } = call
    const group = request.string()
    const generation = request.int32()
    const memberId = request.string()
    const instanceId = version >= 3 ? request.nullableString() : undefined
    if (version >= 5) {
      request.nullableString()
      request.nullableString()
    }
    const assignments = request.array(() => {
      const given = { memberId: request.string(), assignment: request.byteString() }
      request.tags()
      return given
    })
    const refusal: SyncAnswer = { code: CODE.groupForbidden, protocolType: undefined, protocol: undefined, assignment: NOTHING }
    const synced = (await may(call, 'read')) ? await face.coordinator.sync(group, { memberId, instanceId, generation, assignments }, caller.left) : refusal
    if (version >= 1) answer.int32(0)
    answer.int16(synced.code)
    if (version >= 5) {
      answer.string(synced.protocolType)
      answer.string(synced.protocol)
    }
    answer.byteString(synced.assignment)
    answer.tags()
  },
}
