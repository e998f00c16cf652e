// How many connections there may be, in all and from one address; who is turned away is told about now and then.
import type { FaceLimits, Timers } from './port.ts'
import type { Trouble } from './connection.ts'

/** Whoever is turned away comes again at once: a line for each would fill the disk. */
const TOLD_EVERY_MS = 60_000

export type Admission = {
  /** Gives the function that gives the place back; undefined: there is none. */
  admit(address: string): (() => void) | undefined
  readonly size: number
  readonly turnedAway: { all: number; address: number }
}

export function createAdmission({ maxConnections, maxConnectionsPerAddress }: Pick<FaceLimits, 'maxConnections' | 'maxConnectionsPerAddress'>, timers: Timers, tell: Trouble): Admission {
  const byAddress = new Map<string, number>()
  const turnedAway = { all: 0, address: 0 }
  let size = 0
  let tellFromMs = -Infinity
  const turnAway = (address: string, limit: keyof typeof turnedAway): undefined => {
    turnedAway[limit] += 1
    if (timers.nowMs() < tellFromMs) return
    tellFromMs = timers.nowMs() + TOLD_EVERY_MS
    tell('Kafka clients turned away', { address, reason: limit === 'all' ? `there are ${maxConnections} connections` : `there are ${maxConnectionsPerAddress} connections of this address` })
  }
  return {
    turnedAway,
    get size() {
      return size
    },
    admit(address) {
      const own = byAddress.get(address) ?? 0
      if (size >= maxConnections) return turnAway(address, 'all')
      if (own >= maxConnectionsPerAddress) return turnAway(address, 'address')
      size += 1
      byAddress.set(address, own + 1)
      return () => {
        size -= 1
        const left = (byAddress.get(address) ?? 1) - 1
        if (left === 0) byAddress.delete(address)
        else byAddress.set(address, left)
      }
    },
  }
}
