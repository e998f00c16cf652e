// Long polls: one request a leader waits at the broker for all partitions that anybody here waits for.
import type { Ctx } from '@rondo/context'
import { createWaiters, type Waiters } from '../waiters.ts'
import type { Cluster } from './cluster.ts'
import { fetchBatches } from './fetch.ts'
import { pause } from '../pause.ts'

export type Watcher = {
  /** True once `end` is beyond `offset`, false after `timeoutMs` or at `release`; `CANCELLED` when the caller has gone. Names in Kafka. */
  wait(place: { topic: string; partition: number }, offset: number, timeoutMs: number, ctx: Ctx): Promise<boolean>
  /** The partition reaches to here, as far as this process knows. */
  announce(place: { topic: string; partition: number }, end: number): void
  release(): void
}

type Watched = { topic: string; partition: number; waiters: Waiters; offsets: number[] }

/** Who comes while a request waits, waits for its end. */
const ROUND_MS = 250

export function createWatcher(cluster: Cluster): Watcher {
  const watched = new Map<string, Watched>()
  let running = false

  const run = async (): Promise<void> => {
    running = true
    while (watched.size > 0 && !cluster.closing.aborted) {
      try {
        await Promise.all((await groupByLeader()).map(([leader, places]) => poll(leader, places)))
      } catch {
        // Whoever waits goes on waiting until their time is over; the next round may find the broker back.
        cluster.distrust()
        await pause(ROUND_MS, cluster.closing)
      }
    }
    running = false
  }
  const groupByLeader = async (): Promise<[number, Watched[]][]> => {
    const byLeader = new Map<number, Watched[]>()
    for (const one of [...watched.values()]) {
      const leader = (await cluster.findLeaders(one.topic))?.[one.partition] ?? -1
      const own = byLeader.get(leader)
      if (own === undefined) byLeader.set(leader, [one])
      else own.push(one)
    }
    return [...byLeader]
  }
  const poll = async (leader: number, places: Watched[]): Promise<void> => {
    const connection = await cluster.connect('watch', leader)
    const wanted = places.map(({ topic, partition, offsets }) => ({ topic, partition, offset: Math.min(...offsets), maxBytes: 1 }))
    const found = await fetchBatches(cluster.client, connection, wanted, { maxWaitMs: ROUND_MS, maxBytes: 1 })
    for (const { topic, partition, code, end } of found) {
      if (code === 0) watched.get(keyOf({ topic, partition }))?.waiters.announce(end)
    }
    // Offsets beyond the end are answered at once.
    if (found.some(({ code }) => code !== 0)) {
      cluster.distrust()
      await pause(ROUND_MS, cluster.closing)
    }
  }

  return {
    async wait(place, offset, timeoutMs, ctx) {
      const key = keyOf(place)
      const one = watched.get(key) ?? { ...place, waiters: createWaiters(), offsets: [] }
      watched.set(key, one)
      one.offsets.push(offset)
      const waiting = one.waiters.wait(offset, timeoutMs, ctx.signal)
      if (!running) void run()
      try {
        return await waiting
      } finally {
        one.offsets.splice(one.offsets.indexOf(offset), 1)
        if (one.offsets.length === 0) watched.delete(key)
      }
    },
    announce(place, end) {
      watched.get(keyOf(place))?.waiters.announce(end)
    },
    release() {
      for (const { waiters } of watched.values()) waiters.release()
    },
  }
}

function keyOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}@${partition}`
}
