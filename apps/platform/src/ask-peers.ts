// Whether the rooms that run elsewhere answer and are ready: asked when somebody wants to know, at most once a second, and waited for only where nothing is known.
import { checkValue } from '@rondo/contract'
import type { Readiness } from '@rondo/host'
import { toIso, type Clock } from '@rondo/time'
import { Type, type Static } from 'typebox'
import type { AwayRoom } from './contract.ts'
import { errors } from './errors.ts'
import { rooms, type RoomName } from './rooms.ts'

/** What a peer does not say within this time it does not say. */
const PATIENCE_MS = 2_000
/** An answer older than this is asked for again, and until then it serves: who asks often never waits. */
const FRESH_MS = 1_000
const KEPT_MS = 5_000

/** Whatever else answers at the address. */
const Answer = Type.Object({ services: Type.Array(Type.Object({ service: Type.String(), ready: Type.Boolean(), reason: Type.Optional(Type.String()) })) })

export type Peers = {
  /** Every room that has an address and does not run here. Never rejects; takes two seconds at most. */
  readiness(): Promise<Readiness[]>
  away(): Promise<AwayRoom[]>
}

type State = Readiness & { service: RoomName; address: string }

/** A peer is asked for its own rooms only, so that two processes which need each other do not wait for each other. */
export function createPeers(addresses: Record<string, string>, lit: ReadonlySet<RoomName>, clock: Clock): Peers {
  const elsewhere = rooms.flatMap(({ name }) => (addresses[name] === undefined || lit.has(name) ? [] : [{ room: name, address: addresses[name] }]))
  const hosts = Map.groupBy(elsewhere, ({ address }) => address)
  const sinceMs = new Map<RoomName, number>()
  let known: { atMs: number; states: State[] } | undefined
  let asking: Promise<State[]> | undefined
  const askAll = async (): Promise<State[]> => {
    const states = (await Promise.all([...hosts].map(([address, there]) => ask(address, there.map(({ room }) => room))))).flat()
    for (const { service, ready } of states) {
      if (ready) sinceMs.delete(service)
      else if (!sinceMs.has(service)) sinceMs.set(service, clock.now())
    }
    known = { atMs: clock.now(), states }
    asking = undefined
    return states
  }
  const readiness = async (): Promise<State[]> => {
    const ageMs = known === undefined ? Infinity : clock.now() - known.atMs
    if (ageMs >= FRESH_MS) asking ??= askAll()
    return known !== undefined && ageMs < KEPT_MS ? known.states : (asking ?? askAll())
  }
  return {
    readiness,
    away: async () => (await readiness()).flatMap(({ service, ready, reason = '', address }) => (ready ? [] : [{ room: service, address, reason, since: toIso(sinceMs.get(service) ?? clock.now()) }])),
  }
}

async function ask(address: string, names: RoomName[]): Promise<State[]> {
  const url = new URL('/readyz', address)
  for (const name of names) url.searchParams.append('of', name)
  let services: Readiness[]
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) })
    const answer: unknown = await response.json()
    checkValue(Answer, answer, 'body')
    services = (answer as Static<typeof Answer>).services
  } catch {
    return names.map((room) => ({ service: room, ready: false, address, reason: errors.roomAway({ room, address }).message }))
  }
  return names.map((room): State => {
    const said = services.find(({ service }) => service === room)
    if (said === undefined) return { service: room, ready: false, address, reason: `What answers at ${address} does not run the ${room} room.` }
    return said.ready ? { service: room, ready: true, address } : { service: room, ready: false, address, reason: `The ${room} room at ${address} is not ready: ${said.reason ?? 'it does not say why'}` }
  })
}
