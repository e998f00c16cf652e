// A group's subscription to a topic of a log: its positions are what it acknowledged, everything else is in this process's memory.
import { throwIfCancelled, type Ctx } from '@rondo/context'
import { errors } from '../errors.ts'
import { pause } from '../pause.ts'
import type { EventLog, StoredRecord } from '../port.ts'
import { checkTake } from './check-group.ts'
import { createLogPartition, type LogPartition } from './log-partition.ts'
import type { Delivery, GroupConfig, Subscription } from './port.ts'

/** Records known and not settled, in all partitions: more are not read. */
const MAX_UNSETTLED = 10_000
const DEFAULT_MAX_RECORDS = 100

type Place = { from: LogPartition; record: StoredRecord }

/** `whenClosed` is called once, at the end. */
export async function subscribeToLog(log: EventLog, { topic, group, deadLetter }: GroupConfig, whenClosed: () => void, ctx: Ctx): Promise<Subscription> {
  const partitions = await openPartitions(log, topic, group, ctx)
  const attempts = new Map<string, number>()
  const waking = new Set<AbortController>()
  let isClosed = false

  const countUnsettled = (): number => partitions.reduce((sum, { unsettled }) => sum + unsettled, 0)
  const wake = (): void => {
    for (const woken of waking) woken.abort()
  }
  const enter = (enteringCtx: Ctx): void => {
    throwIfCancelled(enteringCtx)
    if (isClosed) throw errors.closed({})
  }
  const fill = async (maxRecords: number, fillCtx: Ctx): Promise<void> => {
    for (const partition of partitions) {
      const room = MAX_UNSETTLED - countUnsettled()
      if (room <= 0) return
      const { next } = partition
      const records = await log.read({ topic, partition: partition.partition, offset: next, maxRecords: Math.min(room, maxRecords) }, fillCtx)
      // Another take may have read the same meanwhile.
      if (partition.next === next) partition.add(records)
    }
  }
  const give = (maxRecords: number): Delivery[] => {
    const given: Delivery[] = []
    for (const partition of partitions) for (const record of partition.give(maxRecords - given.length)) given.push(toDelivery(partition.partition, record))
    return given
  }
  const toDelivery = (partition: number, { offset, ...record }: StoredRecord): Delivery => {
    const id = `${partition}@${offset}`
    if (deadLetter === undefined) return { ...record, id }
    const attempt = (attempts.get(id) ?? 0) + 1
    attempts.set(id, attempt)
    return { ...record, id, attempt }
  }
  const waitForMore = async (timeoutMs: number, waitCtx: Ctx): Promise<void> => {
    const woken = new AbortController()
    waking.add(woken)
    const within = { ...waitCtx, signal: AbortSignal.any([waitCtx.signal, woken.signal]) }
    const wait = ({ partition, next }: LogPartition): Promise<boolean> =>
      log.waitFor({ topic, partition, offset: next }, timeoutMs, within).catch((thrown: unknown) => {
        if (within.signal.aborted) return false
        throw thrown
      })
    try {
      await Promise.race([pause(timeoutMs, within.signal), ...(countUnsettled() < MAX_UNSETTLED ? partitions.map(wait) : [])])
    } finally {
      waking.delete(woken)
      woken.abort()
    }
  }
  const findHeld = (deliveries: Delivery[]): Place[] =>
    deliveries.flatMap(({ id }) => {
      const [partition, offset] = id.split('@').map(Number) as [number, number]
      const from = partitions[partition]
      const record = from?.findHeld(offset)
      return from !== undefined && record !== undefined ? [{ from, record }] : []
    })
  const settle = async (places: Place[], settleCtx: Ctx): Promise<void> => {
    const before = partitions.map((partition) => partition.computePosition())
    for (const { from, record } of places) {
      from.settle(record.offset, false)
      attempts.delete(`${from.partition}@${record.offset}`)
    }
    const moved = partitions.filter((partition) => partition.computePosition() !== before[partition.partition])
    wake()
    await log.commit(group, moved.map((partition) => ({ topic, partition: partition.partition, offset: partition.computePosition() })), settleCtx)
  }

  return {
    async take({ maxRecords = DEFAULT_MAX_RECORDS, timeoutMs }, takeCtx) {
      enter(takeCtx)
      checkTake({ maxRecords, timeoutMs })
      const end = performance.now() + timeoutMs
      for (;;) {
        await fill(maxRecords, takeCtx).catch((error: unknown) => {
          if (!isClosed) throw error
        })
        const given = isClosed ? [] : give(maxRecords)
        const left = end - performance.now()
        if (given.length > 0 || left <= 0 || isClosed) return given
        await waitForMore(left, takeCtx)
        throwIfCancelled(takeCtx)
        if (isClosed) return []
      }
    },

    async acknowledge(deliveries, ackCtx) {
      enter(ackCtx)
      await settle(findHeld(deliveries), ackCtx)
    },

    async release(deliveries, releaseCtx) {
      enter(releaseCtx)
      const places = findHeld(deliveries)
      const dead = places.filter(({ from, record }) => deadLetter !== undefined && (attempts.get(`${from.partition}@${record.offset}`) ?? 0) >= deadLetter.maxAttempts)
      for (const { record } of dead) {
        const { offset: _, timestampMs, ...kept } = record
        await log.append([{ topic: deadLetter?.topic ?? '', records: [kept] }], timestampMs, releaseCtx)
      }
      if (dead.length > 0) await settle(dead, releaseCtx)
      for (const { from, record } of places) from.settle(record.offset, true)
      wake()
    },

    async seek(timestampMs, seekCtx) {
      enter(seekCtx)
      const offsets = await Promise.all(partitions.map(({ partition }) => log.findOffset({ topic, partition, timestampMs }, seekCtx)))
      await log.commit(group, offsets.map((offset, partition) => ({ topic, partition, offset })), seekCtx)
      for (const partition of partitions) partition.restart(offsets[partition.partition] ?? 0)
      attempts.clear()
      wake()
    },

    async close() {
      if (isClosed) return
      isClosed = true
      wake()
      whenClosed()
    },
  }
}

/** A new group begins at the end, durably: what is appended from now on is its own, also when it closes before it took anything. */
async function openPartitions(log: EventLog, topic: string, group: string, ctx: Ctx): Promise<LogPartition[]> {
  const ends = await log.offsets(topic, ctx)
  const committed = new Map((await log.committed(group, topic, ctx)).map(({ partition, offset }) => [partition, offset]))
  const fresh = ends.filter(({ partition }) => !committed.has(partition)).map(({ partition, end }) => ({ topic, partition, offset: end }))
  if (fresh.length > 0) await log.commit(group, fresh, ctx)
  return ends.map(({ partition, end }) => createLogPartition(partition, committed.get(partition) ?? end))
}
