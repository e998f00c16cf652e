// What a group has of one partition of a log: records read and not given, records held, and the position below which everything is settled.
import type { StoredRecord } from '../port.ts'

export type LogPartition = {
  readonly partition: number
  /** Where to read next. */
  next: number
  /** The first record that is not settled: what a group that opens again goes on with. */
  computePosition(): number
  readonly unsettled: number
  /** Records behind those known. */
  add(records: StoredRecord[]): void
  /** In order, up to `limit`; none of a key that is held. */
  give(limit: number): StoredRecord[]
  findHeld(offset: number): StoredRecord | undefined
  /** No longer held; to be given again in its place when `again`. */
  settle(offset: number, again: boolean): void
  /** Forgets everything and goes on at `offset`. */
  restart(offset: number): void
}

export function createLogPartition(partition: number, offset: number): LogPartition {
  let waiting: StoredRecord[] = []
  const held = new Map<number, StoredRecord>()
  return {
    partition,
    next: offset,
    computePosition() {
      return Math.min(this.next, waiting[0]?.offset ?? Infinity, ...held.keys())
    },
    get unsettled() {
      return waiting.length + held.size
    },
    add(records) {
      for (const record of records) waiting.push(record)
      this.next = (records.at(-1)?.offset ?? this.next - 1) + 1
    },
    give(limit) {
      const busy = new Set([...held.values()].map(({ key }) => key).filter((key) => key !== ''))
      const given: StoredRecord[] = []
      const left: StoredRecord[] = []
      for (const record of waiting) (given.length < limit && !busy.has(record.key) ? given : left).push(record)
      waiting = left
      for (const record of given) held.set(record.offset, record)
      return given
    },
    findHeld: (at) => held.get(at),
    settle(at, again) {
      const record = held.get(at)
      held.delete(at)
      if (record === undefined || !again) return
      const place = waiting.findIndex((other) => other.offset > at)
      waiting.splice(place === -1 ? waiting.length : place, 0, record)
    },
    restart(at) {
      waiting = []
      held.clear()
      this.next = at
    },
  }
}
