// The consumer groups that have members. In memory: after a restart members find their group unknown and join again; positions are in the log.
import { CODE, type Code } from './error-code.ts'
import { Group, type GroupView, type JoinAnswer, type JoinRequest, type SyncAnswer, type SyncRequest } from './group.ts'
import type { FaceLimits, Timers } from './port.ts'

const SHORTEST_SESSION_MS = 100
const LONGEST_SESSION_MS = 1_800_000
/** What members say of themselves, all protocols together. */
const MOST_METADATA_BYTES = 256 * 1024
/** Others that start in the same moment are in the first generation too. */
const FIRST_DELAY_MS = 100

export type Coordinator = {
  join(group: string, request: JoinRequest, signal: AbortSignal): Promise<JoinAnswer> | JoinAnswer
  sync(group: string, request: SyncRequest, signal: AbortSignal): Promise<SyncAnswer> | SyncAnswer
  heartbeat(group: string, memberId: string, instanceId: string | undefined, generation: number): Code
  leave(group: string, memberId: string, instanceId: string | undefined): Code
  /** Whether positions may be committed; a generation below 0 is of one that is in no group and may. */
  checkCommit(group: string, memberId: string, instanceId: string | undefined, generation: number): Code
  view(group: string): GroupView | undefined
  list(): { group: string; view: GroupView }[]
  close(): void
}

export type CoordinatorInit = { timers: Timers; limits: Pick<FaceLimits, 'maxMembers' | 'maxGroups'>; newMemberId(clientId: string): string }

export function createCoordinator({ timers, limits, newMemberId }: CoordinatorInit): Coordinator {
  const groups = new Map<string, Group>()
  const refuseJoin = (code: Code, memberId: string): JoinAnswer => ({ code, memberId, generation: -1, protocolType: undefined, protocol: undefined, leader: '', members: [] })
  const open = (name: string): Group => {
    const known = groups.get(name)
    if (known !== undefined) return known
    const group = new Group({ timers, newMemberId, maxMembers: limits.maxMembers, firstDelayMs: FIRST_DELAY_MS, onEmpty: () => void groups.delete(name) })
    groups.set(name, group)
    return group
  }
  return {
    join(name, request, signal) {
      if (request.sessionTimeoutMs < SHORTEST_SESSION_MS || request.sessionTimeoutMs > LONGEST_SESSION_MS) return refuseJoin(CODE.invalidSessionTimeout, request.memberId)
      if (request.protocols.reduce((sum, { metadata }) => sum + metadata.byteLength, 0) > MOST_METADATA_BYTES) return refuseJoin(CODE.invalidRequest, request.memberId)
      if (!groups.has(name) && request.memberId !== '') return refuseJoin(CODE.unknownMember, request.memberId)
      if (!groups.has(name) && groups.size >= limits.maxGroups) return refuseJoin(CODE.groupFull, request.memberId)
      const isNew = !groups.has(name)
      const group = open(name)
      const answer = group.join(request, signal)
      // What was refused leaves no group behind.
      if (isNew && 'code' in answer && answer.code !== CODE.memberIdRequired) groups.delete(name)
      return answer
    },
    sync: (name, request, signal) => groups.get(name)?.sync(request, signal) ?? { code: CODE.unknownMember, protocolType: undefined, protocol: undefined, assignment: Buffer.alloc(0) },
    heartbeat: (name, memberId, instanceId, generation) => groups.get(name)?.heartbeat(memberId, instanceId, generation) ?? CODE.unknownMember,
    leave: (name, memberId, instanceId) => groups.get(name)?.leave(memberId, instanceId) ?? CODE.unknownMember,
    checkCommit(name, memberId, instanceId, generation) {
      const group = groups.get(name)
      if (generation < 0) return group === undefined ? CODE.none : CODE.unknownMember
      return group?.check(memberId, instanceId, generation) ?? CODE.illegalGeneration
    },
    view: (name) => groups.get(name)?.view(),
    list: () => [...groups].map(([group, state]) => ({ group, view: state.view() })),
    close() {
      for (const group of groups.values()) group.close()
      groups.clear()
    },
  }
}
