// One consumer group: who is in it, and how they agree on who reads what (Kafka's classic protocol).
//
//   Empty ──join──→ Preparing ──all joined, or time is over──→ Completing ──leader gave the assignment──→ Stable
//                       ↑                                          │                                        │
//                       └────── a member comes, goes, falls silent, or changes what it wants ───────────────┘
import { CODE, type Code } from './error-code.ts'
import type { Timers } from './port.ts'

export type Protocol = { name: string; metadata: Buffer }

export type JoinRequest = {
  memberId: string
  instanceId: string | undefined
  clientId: string
  host: string
  sessionTimeoutMs: number
  rebalanceTimeoutMs: number
  protocolType: string
  protocols: Protocol[]
  /** A new member without an id is first told the one it gets. */
  needsKnownId: boolean
}

export type JoinAnswer = {
  code: Code
  memberId: string
  generation: number
  protocolType: string | undefined
  protocol: string | undefined
  leader: string
  /** For the leader. */
  members: { memberId: string; instanceId: string | undefined; metadata: Buffer }[]
}

export type SyncRequest = { memberId: string; instanceId: string | undefined; generation: number; assignments: { memberId: string; assignment: Buffer }[] }
export type SyncAnswer = { code: Code; protocolType: string | undefined; protocol: string | undefined; assignment: Buffer }

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable'

export type GroupView = {
  state: GroupState
  protocolType: string
  protocol: string
  members: { memberId: string; instanceId: string | undefined; clientId: string; host: string; metadata: Buffer; assignment: Buffer }[]
}

type Member = Omit<JoinRequest, 'memberId' | 'needsKnownId' | 'protocolType'> & {
  memberId: string
  assignment: Buffer
  /** While it waits for others. */
  joining: ((answer: JoinAnswer) => void) | undefined
  syncing: ((answer: SyncAnswer) => void) | undefined
  callOffExpiry: () => void
}

export type GroupInit = { timers: Timers; newMemberId(clientId: string): string; maxMembers: number; /** How long the first member waits for others. */ firstDelayMs: number; /** Nobody is left. */ onEmpty(): void }

const NOTHING = Buffer.alloc(0)

export class Group {
  private readonly init: GroupInit
  private readonly members = new Map<string, Member>()
  /** Ids that were given and not used yet. */
  private readonly promised = new Map<string, () => void>()
  private state: GroupState = 'Empty'
  private generation = 0
  private protocolType = ''
  private protocol: string | undefined
  private leader: string | undefined
  private callOffRound: () => void = () => undefined
  private isGathering = false

  constructor(init: GroupInit) {
    this.init = init
  }

  /** Resolves when the next generation begins. A caller that goes while it waits has its session's time to come back. */
  join(request: JoinRequest, signal: AbortSignal): Promise<JoinAnswer> | JoinAnswer {
    const refuse = (code: Code, memberId = request.memberId): JoinAnswer => ({ code, memberId, generation: -1, protocolType: undefined, protocol: undefined, leader: '', members: [] })
    if (!this.fits(request)) return refuse(CODE.inconsistentProtocol)
    const sameInstance = this.findInstance(request.instanceId)
    if (request.memberId === '') {
      if (sameInstance === undefined && this.members.size + this.promised.size >= this.init.maxMembers) return refuse(CODE.groupFull)
      const memberId = this.init.newMemberId(request.clientId)
      if (request.needsKnownId && request.instanceId === undefined) {
        this.promised.set(memberId, this.init.timers.after(request.sessionTimeoutMs, () => {
          this.promised.delete(memberId)
          this.tellIfEmpty()
        }))
        return refuse(CODE.memberIdRequired, memberId)
      }
      if (sameInstance !== undefined) this.fence(sameInstance)
      return this.enter(memberId, request, signal)
    }
    if (sameInstance !== undefined && sameInstance.memberId !== request.memberId) return refuse(CODE.fencedInstance)
    const known = this.members.get(request.memberId)
    if (known === undefined) {
      const keepPromise = this.promised.get(request.memberId)
      if (keepPromise === undefined) return refuse(CODE.unknownMember)
      keepPromise()
      this.promised.delete(request.memberId)
      return this.enter(request.memberId, request, signal)
    }
    const isSame = sameProtocols(known.protocols, request.protocols)
    Object.assign(known, { ...request, assignment: known.assignment } satisfies Partial<Member>)
    const isAnswered = this.state === 'CompletingRebalance' ? isSame : this.state === 'Stable' && isSame && known.memberId !== this.leader
    if (isAnswered) {
      this.touch(known)
      return this.toJoinAnswer(known)
    }
    return this.wait(known, signal)
  }

  sync(request: SyncRequest, signal: AbortSignal): Promise<SyncAnswer> | SyncAnswer {
    const code = this.check(request.memberId, request.instanceId, request.generation)
    const member = this.members.get(request.memberId)
    if (code !== CODE.none || member === undefined) return refuseSync(code)
    if (this.state === 'PreparingRebalance') return refuseSync(CODE.rebalanceInProgress)
    if (this.state === 'Stable') {
      this.touch(member)
      return this.toSyncAnswer(member)
    }
    this.answerWaiting(member, CODE.rebalanceInProgress)
    const answer = this.watch(member, signal, new Promise<SyncAnswer>((resolve) => (member.syncing = resolve)))
    if (member.memberId === this.leader) {
      const given = new Map(request.assignments.map(({ memberId, assignment }) => [memberId, assignment]))
      this.state = 'Stable'
      this.callOffRound()
      for (const one of this.members.values()) {
        // A copy: what was given is a view of the whole request.
        one.assignment = Buffer.from(given.get(one.memberId) ?? NOTHING)
        this.answerSync(one, this.toSyncAnswer(one))
      }
    }
    return answer
  }

  heartbeat(memberId: string, instanceId: string | undefined, generation: number): Code {
    const code = this.check(memberId, instanceId, generation)
    const member = this.members.get(memberId)
    if (code !== CODE.none || member === undefined) return code
    if (member.joining === undefined && member.syncing === undefined) this.touch(member)
    return this.state === 'PreparingRebalance' ? CODE.rebalanceInProgress : CODE.none
  }

  leave(memberId: string, instanceId: string | undefined): Code {
    const keepPromise = this.promised.get(memberId)
    if (keepPromise !== undefined) {
      keepPromise()
      this.promised.delete(memberId)
      this.tellIfEmpty()
      return CODE.none
    }
    const member = memberId === '' ? this.findInstance(instanceId) : this.members.get(memberId)
    if (member === undefined) return CODE.unknownMember
    this.remove(member)
    return CODE.none
  }

  /** Whether this member may speak for this generation. */
  check(memberId: string, instanceId: string | undefined, generation: number): Code {
    const sameInstance = this.findInstance(instanceId)
    if (sameInstance !== undefined && sameInstance.memberId !== memberId) return CODE.fencedInstance
    if (!this.members.has(memberId)) return CODE.unknownMember
    return generation === this.generation ? CODE.none : CODE.illegalGeneration
  }

  view(): GroupView {
    const members = [...this.members.values()].map(({ memberId, instanceId, clientId, host, protocols, assignment }) => ({
      memberId,
      instanceId,
      clientId,
      host,
      metadata: protocols.find(({ name }) => name === this.protocol)?.metadata ?? NOTHING,
      assignment,
    }))
    return { state: this.state, protocolType: this.protocolType, protocol: this.protocol ?? '', members }
  }

  close(): void {
    this.callOffRound()
    for (const keepPromise of this.promised.values()) keepPromise()
    for (const member of this.members.values()) {
      member.callOffExpiry()
      this.answerWaiting(member, CODE.coordinatorNotAvailable)
    }
  }

  private fits({ protocolType, protocols }: JoinRequest): boolean {
    if (protocolType === '' || protocols.length === 0) return false
    if (this.members.size === 0) return true
    return protocolType === this.protocolType && protocols.some(({ name }) => [...this.members.values()].every((member) => member.protocols.some((other) => other.name === name)))
  }

  private findInstance(instanceId: string | undefined): Member | undefined {
    return instanceId === undefined ? undefined : [...this.members.values()].find((member) => member.instanceId === instanceId)
  }

  private enter(memberId: string, request: JoinRequest, signal: AbortSignal): Promise<JoinAnswer> {
    const member: Member = { ...request, memberId, assignment: NOTHING, joining: undefined, syncing: undefined, callOffExpiry: () => undefined }
    this.members.set(memberId, member)
    this.protocolType = request.protocolType
    return this.wait(member, signal)
  }

  private wait(member: Member, signal: AbortSignal): Promise<JoinAnswer> {
    // On a connection that the member has given up for this one.
    this.answerWaiting(member, CODE.rebalanceInProgress)
    const answer = this.watch(member, signal, new Promise<JoinAnswer>((resolve) => (member.joining = resolve)))
    if (this.state === 'PreparingRebalance') this.beginIfComplete()
    else this.prepare()
    return answer
  }

  /** Who waits does not expire; when its connection goes, it has its session's time to come back on another. */
  private async watch<T>(member: Member, signal: AbortSignal, answer: Promise<T>): Promise<T> {
    member.callOffExpiry()
    const leave = (): void => {
      this.answerWaiting(member, CODE.unknownMember)
      this.touch(member)
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave)
    try {
      return await answer
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  private prepare(): void {
    const isFirst = this.state === 'Empty'
    this.state = 'PreparingRebalance'
    for (const member of this.members.values()) if (member.syncing !== undefined) this.answerSync(member, refuseSync(CODE.rebalanceInProgress))
    this.isGathering = isFirst && this.init.firstDelayMs > 0
    this.startRound(this.isGathering ? this.init.firstDelayMs : this.longestRebalanceMs(), () => this.begin())
    this.beginIfComplete()
  }

  private beginIfComplete(): void {
    if (this.isGathering || this.state !== 'PreparingRebalance') return
    if ([...this.members.values()].every(({ joining }) => joining !== undefined)) this.begin()
  }

  /** The next generation, of those who are here. */
  private begin(): void {
    this.isGathering = false
    this.callOffRound()
    for (const member of [...this.members.values()]) if (member.joining === undefined) this.drop(member)
    this.generation += 1
    if (this.members.size === 0) {
      this.state = 'Empty'
      this.protocol = undefined
      this.leader = undefined
      this.tellIfEmpty()
      return
    }
    const all = [...this.members.values()]
    if (this.leader === undefined || !this.members.has(this.leader)) this.leader = all[0]?.memberId
    this.protocol = chooseProtocol(all)
    this.state = 'CompletingRebalance'
    for (const member of all) {
      const { joining } = member
      member.joining = undefined
      this.touch(member)
      joining?.(this.toJoinAnswer(member))
    }
    // Who has taken part and then says nothing holds up the others no longer than this.
    this.startRound(this.longestRebalanceMs(), () => {
      for (const member of all) if (this.members.get(member.memberId) === member && member.syncing === undefined) this.drop(member)
      this.prepare()
    })
  }

  private remove(member: Member): void {
    this.drop(member)
    if (this.state === 'PreparingRebalance') this.beginIfComplete()
    else if (this.state !== 'Empty') this.prepare()
  }

  private drop(member: Member): void {
    this.members.delete(member.memberId)
    member.callOffExpiry()
    this.answerWaiting(member, CODE.unknownMember)
  }

  private fence(member: Member): void {
    this.members.delete(member.memberId)
    member.callOffExpiry()
    this.answerWaiting(member, CODE.fencedInstance)
    if (this.leader === member.memberId) this.leader = undefined
  }

  private answerWaiting(member: Member, code: Code): void {
    const { joining } = member
    member.joining = undefined
    joining?.({ code, memberId: member.memberId, generation: -1, protocolType: undefined, protocol: undefined, leader: '', members: [] })
    this.answerSync(member, refuseSync(code))
  }

  private answerSync(member: Member, answer: SyncAnswer): void {
    const { syncing } = member
    if (syncing === undefined) return
    member.syncing = undefined
    this.touch(member)
    syncing(answer)
  }

  /** From now on it has its session's time again. */
  private touch(member: Member): void {
    member.callOffExpiry()
    if (this.members.get(member.memberId) !== member) return
    member.callOffExpiry = this.init.timers.after(member.sessionTimeoutMs, () => this.remove(member))
  }

  private startRound(afterMs: number, run: () => void): void {
    this.callOffRound()
    this.callOffRound = this.init.timers.after(afterMs, run)
  }

  private longestRebalanceMs(): number {
    return Math.max(0, ...[...this.members.values()].map(({ rebalanceTimeoutMs }) => rebalanceTimeoutMs))
  }

  private tellIfEmpty(): void {
    if (this.members.size === 0 && this.promised.size === 0) this.init.onEmpty()
  }

  private toJoinAnswer(member: Member): JoinAnswer {
    const { protocol, leader = '' } = this
    const members = member.memberId !== leader ? [] : [...this.members.values()].map(({ memberId, instanceId, protocols }) => ({ memberId, instanceId, metadata: protocols.find(({ name }) => name === protocol)?.metadata ?? NOTHING }))
    return { code: CODE.none, memberId: member.memberId, generation: this.generation, protocolType: this.protocolType, protocol, leader, members }
  }

  private toSyncAnswer({ assignment }: Member): SyncAnswer {
    return { code: CODE.none, protocolType: this.protocolType, protocol: this.protocol, assignment }
  }
}

function refuseSync(code: Code): SyncAnswer {
  return { code, protocolType: undefined, protocol: undefined, assignment: NOTHING }
}

function sameProtocols(one: Protocol[], other: Protocol[]): boolean {
  return one.length === other.length && one.every(({ name, metadata }, index) => name === other[index]?.name && metadata.equals(other[index].metadata))
}

/** Of those that all know, what most like best; among equals what the first member likes better. */
function chooseProtocol(members: Member[]): string | undefined {
  const known = (members[0]?.protocols ?? []).map(({ name }) => name).filter((name) => members.every(({ protocols }) => protocols.some((other) => other.name === name)))
  const votes = new Map(known.map((name) => [name, 0]))
  for (const { protocols } of members) {
    const best = protocols.find(({ name }) => votes.has(name))
    if (best !== undefined) votes.set(best.name, (votes.get(best.name) ?? 0) + 1)
  }
  return known.toSorted((a, b) => (votes.get(b) ?? 0) - (votes.get(a) ?? 0))[0]
}
