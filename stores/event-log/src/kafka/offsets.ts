// Where partitions begin and end, and where an instant lies in them.
import type { Ctx } from '@rondo/context'
import type { Cluster } from './cluster.ts'
import { KafkaCodeError, CODE } from './kafka-failure.ts'

export type Offsets = {
  /** By partition, names in Kafka. */
  findRanges(topic: string, ctx: Ctx): Promise<{ start: number; end: number }[]>
  findEnd(topic: string, partition: number, ctx: Ctx): Promise<number>
  /** In one try. */
  askRange(topic: string, partition: number): Promise<{ start: number; end: number }>
  /** Of the first record at or after the instant, a whole number from 0 on; undefined when there is none. */
  findByTime(topic: string, partition: number, timestampMs: number, ctx: Ctx): Promise<number | undefined>
}

const EARLIEST = -2n
const LATEST = -1n

export function createOffsets(cluster: Cluster): Offsets {
  const { client } = cluster

  const askOnce = async (topic: string, wanted: number[] | undefined, timestamp: bigint): Promise<Map<number, number>> => {
    const leaders = await cluster.findLeaders(topic)
    if (leaders === undefined) throw new KafkaCodeError(CODE.unknownTopic, `there is no topic "${topic}"`)
    const byLeader = Map.groupBy(wanted ?? [...leaders.keys()], (partition) => leaders[partition] ?? -1)
    const found = new Map<number, number>()
    await Promise.all(
      [...byLeader].map(async ([leader, partitions]) => {
        const request = [{ name: topic, partitions: partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp })) }]
        const { topics } = await client.listOffsetsV6.api.async(await cluster.connect('read', leader), -1, 0, request)
        for (const { partitionIndex, offset } of topics[0]?.partitions ?? []) found.set(partitionIndex, Number(offset))
      }),
    )
    return found
  }
  const ask = (topic: string, wanted: number[] | undefined, timestamp: bigint, ctx: Ctx): Promise<Map<number, number>> => cluster.retry(`tell offsets of topic "${topic}"`, ctx, () => askOnce(topic, wanted, timestamp))

  return {
    async findRanges(topic, ctx) {
      const [starts, ends] = await Promise.all([ask(topic, undefined, EARLIEST, ctx), ask(topic, undefined, LATEST, ctx)])
      return Array.from({ length: ends.size }, (_, partition) => ({ start: starts.get(partition) ?? 0, end: ends.get(partition) ?? 0 }))
    },
    findEnd: async (topic, partition, ctx) => (await ask(topic, [partition], LATEST, ctx)).get(partition) ?? 0,
    async askRange(topic, partition) {
      const [starts, ends] = await Promise.all([askOnce(topic, [partition], EARLIEST), askOnce(topic, [partition], LATEST)])
      return { start: starts.get(partition) ?? 0, end: ends.get(partition) ?? 0 }
    },
    async findByTime(topic, partition, timestampMs, ctx) {
      const offset = (await ask(topic, [partition], BigInt(timestampMs), ctx)).get(partition) ?? -1
      return offset < 0 ? undefined : offset
    },
  }
}
