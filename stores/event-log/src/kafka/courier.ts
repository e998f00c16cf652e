// Carries batches to the leaders of their partitions: those handed over in the same turn of the event loop share a request a leader.
import type { Cluster } from './cluster.ts'
import { CODE, KafkaCodeError } from './kafka-failure.ts'
import { produce, type BatchResult, type BatchToSend } from './produce.ts'

export type Courier = {
  /** A result of any code, or a rejection when there was no answer. `onSent` is called once it may have been written. */
  send(batch: BatchToSend, onSent: () => void): Promise<BatchResult>
}

type Waiting = BatchToSend & { onSent: () => void; resolve: (result: BatchResult) => void; reject: (reason: unknown) => void }

const MOST_REQUEST_BYTES = 16 * 1024 * 1024

export function createCourier(cluster: Cluster): Courier {
  let waiting: Waiting[] = []

  const flush = (): void => {
    const byLeader = new Map<number, Waiting[]>()
    for (const one of waiting) {
      const leader = cluster.recallLeaders(one.topic)?.[one.partition]
      const own = leader === undefined ? undefined : byLeader.get(leader)
      if (leader === undefined) void seekLeader(one)
      else if (own === undefined) byLeader.set(leader, [one])
      else own.push(one)
    }
    waiting = []
    for (const [leader, own] of byLeader) for (const request of splitBySize(own)) void carry(leader, request)
  }

  const seekLeader = async (one: Waiting): Promise<void> => {
    try {
      const leaders = await cluster.findLeaders(one.topic)
      if (leaders === undefined) throw new KafkaCodeError(CODE.unknownTopic, `there is no topic "${one.topic}"`)
      await carry(leaders[one.partition] ?? -1, [one])
    } catch (thrown) {
      one.reject(thrown)
    }
  }

  const carry = async (leader: number, batches: Waiting[]): Promise<void> => {
    try {
      const connection = await cluster.connect('append', leader)
      for (const { onSent } of batches) onSent()
      const results = await produce(cluster.client, connection, batches)
      for (const one of batches) {
        const result = results.find(({ topic, partition }) => topic === one.topic && partition === one.partition)
        if (result === undefined) one.reject(new KafkaCodeError(CODE.unknownTopic, 'the answer leaves the batch out'))
        else one.resolve(result)
      }
    } catch (thrown) {
      for (const { reject } of batches) reject(thrown)
    }
  }

  return {
    send: (batch, onSent) =>
      new Promise((resolve, reject) => {
        waiting.push({ ...batch, onSent, resolve, reject })
        if (waiting.length === 1) queueMicrotask(flush)
      }),
  }
}

function splitBySize(batches: Waiting[]): Waiting[][] {
  const requests: Waiting[][] = []
  let bytes = Infinity
  for (const one of batches) {
    if (bytes + one.batch.byteLength > MOST_REQUEST_BYTES) {
      requests.push([])
      bytes = 0
    }
    requests.at(-1)?.push(one)
    bytes += one.batch.byteLength
  }
  return requests
}
