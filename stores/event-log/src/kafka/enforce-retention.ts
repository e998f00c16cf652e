// Drops what is past its topic's retention by the caller's clock, as far as no group still needs it. Topics that Kafka ages itself are left to it.
import type { Ctx } from '@rondo/context'
import type { Cluster } from './cluster.ts'
import type { Groups } from './groups.ts'
import type { Offsets } from './offsets.ts'
import type { KafkaTopic, Topics } from './topics.ts'

type Deps = { cluster: Cluster; topics: Topics; offsets: Offsets; groups: Groups }
type Cut = { partitionIndex: number; offset: bigint }

export async function dropExpired(deps: Deps, nowMs: number, counts: (kafkaGroup: string) => boolean, ctx: Ctx): Promise<{ droppedRecords: number }> {
  const aging = (await deps.topics.list(ctx)).filter(({ config, agesByBroker }) => config.retentionMs !== undefined && !agesByBroker)
  if (aging.length === 0) return { droppedRecords: 0 }
  const positions = await deps.groups.listPositions(counts, ctx)
  let droppedRecords = 0
  for (const topic of aging) {
    const name = deps.topics.toKafkaName(topic.topic)
    const groups = positions.flatMap((group) => group.positions.get(name) ?? [])
    droppedRecords += await dropOf(deps, topic, name, groups.filter(({ size }) => size > 0), nowMs, ctx)
  }
  return { droppedRecords }
}

async function dropOf({ cluster, offsets }: Deps, { topic, config }: KafkaTopic, name: string, groups: Map<number, number>[], nowMs: number, ctx: Ctx): Promise<number> {
  const oldestMs = Math.ceil(nowMs - (config.retentionMs ?? 0))
  if (oldestMs <= 0) return 0
  const cuts: Cut[] = []
  let dropped = 0
  for (const [partition, { start, end }] of (await offsets.findRanges(name, ctx)).entries()) {
    if (start === end) continue
    const young = (await offsets.findByTime(name, partition, oldestMs, ctx)) ?? end
    const cut = Math.min(young, end, ...groups.map((positions) => positions.get(partition) ?? 0))
    if (cut <= start) continue
    cuts.push({ partitionIndex: partition, offset: BigInt(cut) })
    dropped += cut - start
  }
  if (cuts.length === 0) return 0
  await cluster.retry(`drop old records of topic "${topic}"`, ctx, async () => {
    const leaders = (await cluster.findLeaders(name)) ?? []
    for (const [leader, partitions] of Map.groupBy(cuts, ({ partitionIndex }) => leaders[partitionIndex] ?? -1)) {
      await cluster.client.deleteRecordsV2.api.async(await cluster.connect('control', leader), [{ name, partitions }], cluster.address.timeoutMs)
    }
  })
  return dropped
}
