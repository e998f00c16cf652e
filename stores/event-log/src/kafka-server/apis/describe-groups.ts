// DescribeGroups and ListGroups: what is asked by people and their tools.
//
//   describe request  := [group] | from 3: with operations bool
//   describe response := from 1: throttle i32 | [error i16 | group | state | protocol type | protocol
//                        | [member | from 4: instance | client | host | metadata bytes | assignment bytes] | from 3: operations i32]
//   list request      := from 4: [state]
//   list response     := from 1: throttle i32 | error i16 | [group | protocol type | from 4: state]
import { CODE, type Code } from '../error-code.ts'
import { may, type Api, type Call } from '../call.ts'
import type { GroupView } from '../group.ts'

const NOT_ASKED = -0x80000000
type Described = { group: string; code: Code; state: string; view: GroupView | undefined }

export const describeGroups: Api = {
  key: 15,
  name: 'DescribeGroups',
  min: 0,
  max: 5,
  flexibleFrom: 5,
  async handle(call) {
    const { request, answer, version, face } = call
    const names = [...new Set(request.array(() => request.string()))]
    const mayRead = await may(call, 'read')
    const wanted = new Set(names)
    const committed = mayRead ? await listCommittedGroups(call, (group) => wanted.has(group)) : new Set<string>()
    const described = names.map((group): Described => {
      if (!mayRead) return { group, code: CODE.groupForbidden, state: '', view: undefined }
      const view = face.coordinator.view(group)
      return { group, code: CODE.none, state: view?.state ?? (committed.has(group) ? 'Empty' : 'Dead'), view }
    })
    if (version >= 1) answer.int32(0)
    answer.array(described, (one) => {
      writeGroup(call, one)
      if (version >= 3) answer.int32(NOT_ASKED)
      answer.tags()
    })
    answer.tags()
  },
}

export const listGroups: Api = {
  key: 16,
  name: 'ListGroups',
  min: 0,
  max: 4,
  flexibleFrom: 3,
  async handle(call) {
    const { request, answer, version } = call
    const states = version >= 4 ? request.array(() => request.string()) : []
    const mayRead = await may(call, 'read')
    const groups = mayRead ? (await listAll(call)).filter(({ state }) => states.length === 0 || states.includes(state)) : []
    if (version >= 1) answer.int32(0)
    answer.int16(mayRead ? CODE.none : CODE.groupForbidden)
    answer.array(groups, ({ group, state, protocolType }) => {
      answer.string(group)
      answer.string(protocolType)
      if (version >= 4) answer.string(state)
      answer.tags()
    })
    answer.tags()
  },
}

function writeGroup({ answer, version }: Call, { group, code, state, view }: Described): void {
  answer.int16(code)
  answer.string(group)
  answer.string(state)
  answer.string(view?.protocolType ?? '')
  answer.string(view?.protocol ?? '')
  answer.array(view?.members ?? [], (member) => {
    answer.string(member.memberId)
    if (version >= 4) answer.string(member.instanceId)
    answer.string(member.clientId)
    answer.string(member.host)
    answer.byteString(member.metadata)
    answer.byteString(member.assignment)
    answer.tags()
  })
}

/** Those with members, and those without that have positions. */
async function listAll(call: Call): Promise<{ group: string; state: string; protocolType: string }[]> {
  const active: { group: string; state: string; protocolType: string }[] = call.face.coordinator.list().map(({ group, view: { state, protocolType } }) => ({ group, state, protocolType }))
  const names = new Set(active.map(({ group }) => group))
  const empty = await listCommittedGroups(call, (group) => !names.has(group))
  return [...active, ...[...empty].map((group) => ({ group, state: 'Empty', protocolType: 'consumer' }))]
}

/** A group without members is there as long as it has positions. */
async function listCommittedGroups({ face, ctx }: Call, isWanted: (group: string) => boolean): Promise<Set<string>> {
  const toName = (logGroup: string): string => logGroup.slice(face.groupPrefix.length)
  const positions = await face.log.listCommitted((logGroup) => logGroup.startsWith(face.groupPrefix) && isWanted(toName(logGroup)), ctx)
  return new Set(positions.map(({ group }) => toName(group)))
}
