// Whether the rooms that run elsewhere answer and are ready: asked when somebody wants to know, and not again within a second.
import type { Readiness } from '@rondo/host'
import { toIso, type Clock } from '@rondo/time'
import type { AwayRoom } from './contract.ts'
import { errors } from './errors.ts'
import { rooms, type RoomName } from './rooms.ts'

/** What a peer does not say within this time it does not say. */
const PATIENCE_MS = 2_000
const FRESH_MS = 1_000

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
  let asked: { atMs: number; states: Promise<State[]> } | undefined
  const askAll = async (): Promise<State[]> => {
    const states = (await Promise.all([...hosts].map(([address, there]) => ask(address, there.map(({ room }) => room))))).flat()
    for (const { service, ready } of states) {
      if (ready) sinceMs.delete(service)
      else if (!sinceMs.has(service)) sinceMs.set(service, clock.now())
    }
    return states
  }
  const readiness = (): Promise<State[]> => {
    if (asked === undefined || clock.now() - asked.atMs >= FRESH_MS) asked = { atMs: clock.now(), states: askAll() }
    return asked.states
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
    const answer = (await response.json()) as { services?: Readiness[] }
    services = answer.services ?? []
  } catch {
    return names.map((room) => ({ service: room, ready: false, address, reason: errors.roomAway({ room, address }).message }))
  }
  return names.map((room): State => {
    const said = services.find(({ service }) => service === room)
    if (said === undefined) return { service: room, ready: false, address, reason: `What answers at ${address} does not run the ${room} room.` }
    return said.ready ? { service: room, ready: true, address } : { service: room, ready: false, address, reason: `The ${room} room at ${address} is not ready: ${said.reason ?? 'it does not say why'}` }
  })
}
