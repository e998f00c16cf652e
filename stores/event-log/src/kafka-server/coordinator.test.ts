// Groups of consumers by a clock that is moved: who joins, who leads, who goes, who falls silent.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCoordinator, type Coordinator } from './coordinator.ts'
import { CODE } from './error-code.ts'
import type { JoinAnswer, JoinRequest } from './group.ts'
import type { Timers } from './port.ts'

const never = new AbortController().signal

function createTimers(): Timers & { advance(ms: number): Promise<void>; readonly waiting: number } {
  const waiting = new Set<{ atMs: number; run: () => void }>()
  let nowMs = 0
  return {
    get waiting() {
      return waiting.size
    },
    nowMs: () => nowMs,
    after(afterMs, run) {
      const timer = { atMs: nowMs + afterMs, run }
      waiting.add(timer)
      return () => void waiting.delete(timer)
    },
    async advance(ms) {
      for (const untilMs = nowMs + ms; nowMs < untilMs; ) {
        const next = [...waiting].filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0]
        nowMs = next?.atMs ?? untilMs
        if (next !== undefined && waiting.delete(next)) next.run()
        await Promise.resolve()
      }
    },
  }
}

function createHouse(): { groups: Coordinator; timers: ReturnType<typeof createTimers>; join(name: string, more?: Partial<JoinRequest>, signal?: AbortSignal): Promise<JoinAnswer> } {
  const timers = createTimers()
  let members = 0
  const groups = createCoordinator({ timers, limits: { maxMembers: 3, maxGroups: 2 }, newMemberId: (clientId) => `${clientId}-${(members += 1)}` })
  const asked = { memberId: '', instanceId: undefined, host: '/h', sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 30_000, protocolType: 'consumer', needsKnownId: false }
  return {
    groups,
    timers,
    join: async (clientId, more = {}, signal = never) => groups.join('g', { ...asked, clientId, protocols: [{ name: 'range', metadata: Buffer.from(clientId) }], ...more }, signal),
  }
}

/** Two members in their first generation, the leader's assignment given. */
async function settleTwo({ groups, timers, join }: ReturnType<typeof createHouse>): Promise<{ one: JoinAnswer; two: JoinAnswer }> {
  const joining = Promise.all([join('a'), join('b')])
  await timers.advance(100)
  const [one, two] = await joining
  const synced = Promise.all([sync(groups, one, { [one.memberId]: 'p0', [two.memberId]: 'p1' }), sync(groups, two)])
  assert.deepEqual(await synced, ['p0', 'p1'])
  return { one, two }
}

async function sync(groups: Coordinator, { memberId, generation }: JoinAnswer, given: Record<string, string> = {}): Promise<string | number> {
  const { code, assignment } = await groups.sync('g', { memberId, instanceId: undefined, generation, assignments: Object.entries(given).map(([id, text]) => ({ memberId: id, assignment: Buffer.from(text) })) }, never)
  return code === CODE.none ? assignment.toString() : code
}

const beat = (groups: Coordinator, { memberId, generation }: JoinAnswer): number => groups.heartbeat('g', memberId, undefined, generation)

describe('groups of Kafka consumers', () => {
  it('EL56 members that start together are one generation: the first leads, knows what all want, and says who reads what', async () => {
    const house = createHouse()
    const { one, two } = await settleTwo(house)
    assert.deepEqual([one.leader, two.leader, one.generation, two.generation, one.protocol], [one.memberId, one.memberId, 1, 1, 'range'])
    assert.deepEqual([one.members.map(({ metadata }) => metadata.toString()), two.members], [['a', 'b'], []])
    assert.deepEqual([beat(house.groups, one), beat(house.groups, two)], [CODE.none, CODE.none])
    assert.deepEqual(house.groups.list().map(({ group, view }) => [group, view.state, view.members.map(({ assignment }) => assignment.toString())]), [['g', 'Stable', ['p0', 'p1']]])
  })

  it('EL56 one that comes makes a new generation of all; one that goes as well, and with the last one the group', async () => {
    const house = createHouse()
    const { groups, join, timers } = house
    const { one, two } = await settleTwo(house)
    const third = join('c')
    await timers.advance(1)
    assert.deepEqual([beat(groups, one), beat(groups, two)], [CODE.rebalanceInProgress, CODE.rebalanceInProgress])
    const again = await Promise.all([join('a', { memberId: one.memberId }), join('b', { memberId: two.memberId }), third])
    assert.deepEqual(again.map(({ generation, leader }) => [generation, leader]), [[2, one.memberId], [2, one.memberId], [2, one.memberId]])
    assert.equal(beat(groups, one), CODE.illegalGeneration)
    assert.equal(groups.checkCommit('g', one.memberId, undefined, 1), CODE.illegalGeneration)
    assert.equal(groups.checkCommit('g', one.memberId, undefined, 2), CODE.none)
    assert.equal(groups.checkCommit('g', '', undefined, -1), CODE.unknownMember, 'no program outside moves the positions of members')
    for (const { memberId } of again) assert.equal(groups.leave('g', memberId, undefined), CODE.none)
    assert.deepEqual(groups.list(), [])
    assert.equal(groups.checkCommit('g', '', undefined, -1), CODE.none)
    assert.equal(timers.waiting, 0, 'nothing is left running')
  })

  it('EL56 one that falls silent is out after its session, and what it read goes to the others', async () => {
    const house = createHouse()
    const { groups, join, timers } = house
    const { one, two } = await settleTwo(house)
    for (let second = 0; second < 12; second += 1) {
      await timers.advance(1_000)
      if (second < 9) assert.equal(beat(groups, one), CODE.none)
    }
    assert.equal(beat(groups, two), CODE.unknownMember)
    assert.equal(beat(groups, one), CODE.rebalanceInProgress)
    const alone = await join('a', { memberId: one.memberId })
    assert.deepEqual([alone.generation, alone.members.length], [2, 1])
  })

  it('EL56 a leader that goes is followed by another one, who knows what all want and says who reads what', async () => {
    const house = createHouse()
    const { groups, join } = house
    const { one, two } = await settleTwo(house)
    assert.equal(groups.leave('g', one.memberId, undefined), CODE.none)
    assert.equal(beat(groups, two), CODE.rebalanceInProgress)
    const alone = await join('b', { memberId: two.memberId })
    assert.deepEqual([alone.generation, alone.leader, alone.members.map(({ memberId }) => memberId)], [2, two.memberId, [two.memberId]])
    assert.equal(await sync(groups, alone, { [two.memberId]: 'p0 p1' }), 'p0 p1')
  })

  it('EL56 who does not come back to a new generation in time, or says nothing in it, holds up nobody longer', async () => {
    const house = createHouse()
    const { groups, join, timers } = house
    const { one, two } = await settleTwo(house)
    const third = join('c', { sessionTimeoutMs: 60_000 })
    const first = join('a', { memberId: one.memberId, sessionTimeoutMs: 60_000 })
    for (let second = 0; second < 30; second += 1) {
      beat(groups, two)
      await timers.advance(1_000)
    }
    const [a, c] = await Promise.all([first, third])
    assert.deepEqual([a.generation, a.members.length], [2, 2])
    const waiting = sync(groups, c)
    await timers.advance(30_000)
    assert.equal(await waiting, CODE.rebalanceInProgress, 'the leader never said who reads what')
    assert.equal(beat(groups, a), CODE.unknownMember)
  })

  it('EL56 a connection that ends while its member waits leaves it its session to come back', async () => {
    const house = createHouse()
    const gone = new AbortController()
    const lost = house.join('a', {}, gone.signal)
    gone.abort()
    assert.equal((await lost).code, CODE.unknownMember)
    await house.timers.advance(11_000)
    assert.deepEqual(house.groups.list(), [])
    assert.equal(house.timers.waiting, 0)
  })

  it('EL56 a new member is told its id first; one of the same instance takes the place of the older', async () => {
    const { groups, join, timers } = createHouse()
    const told = await join('a', { needsKnownId: true })
    assert.deepEqual([told.code, told.memberId], [CODE.memberIdRequired, 'a-1'])
    const joining = Promise.all([join('a', { memberId: 'a-1', needsKnownId: true }), join('b', { instanceId: 'i', needsKnownId: true })])
    await timers.advance(100)
    const [, old] = await joining
    const replacing = join('b', { instanceId: 'i', needsKnownId: true })
    assert.equal(groups.heartbeat('g', old.memberId, 'i', 1), CODE.fencedInstance)
    const [young] = await Promise.all([replacing, join('a', { memberId: 'a-1' })])
    assert.deepEqual([young.code, young.generation, young.memberId === old.memberId], [CODE.none, 2, false])
  })

  it('EL56 what cannot be a member is refused, and numbers are bounded', async () => {
    const house = createHouse()
    const { groups, join, timers } = house
    const codes = async (more: Partial<JoinRequest>): Promise<number> => (await join('x', more)).code
    assert.equal(await codes({ protocols: [] }), CODE.inconsistentProtocol)
    assert.equal(await codes({ memberId: 'never-given' }), CODE.unknownMember)
    assert.equal(await codes({ sessionTimeoutMs: 1 }), CODE.invalidSessionTimeout)
    assert.equal(await codes({ protocols: [{ name: 'range', metadata: Buffer.alloc(300_000) }] }), CODE.invalidRequest)
    assert.deepEqual(groups.list(), [], 'a refusal leaves no group behind')
    await settleTwo(house)
    assert.equal(await codes({ protocolType: 'connect' }), CODE.inconsistentProtocol)
    assert.equal(await codes({ protocols: [{ name: 'sticky', metadata: Buffer.alloc(0) }] }), CODE.inconsistentProtocol)
    assert.equal(await codes({ needsKnownId: true }), CODE.memberIdRequired)
    assert.equal(await codes({ needsKnownId: true }), CODE.groupFull)
    assert.equal(groups.heartbeat('other', 'x', undefined, 0), CODE.unknownMember)
    groups.close()
    assert.equal(timers.waiting, 0)
  })
})
