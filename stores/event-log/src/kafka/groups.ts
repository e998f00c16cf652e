// Committed positions of consumer groups, kept by their coordinators.
//
// These groups have no members, and a coordinator forgets the positions of such a group a week after its last commit. Version 4 of OffsetCommit is the
// last one with a word against it: how long to keep them.
//
//   request  := group | generation i32 | member | retentionMs i64 | [topic: name | [partition: index i32 | offset i64 | metadata] ]
//   response := throttle i32 | [topic: name | [partition: index i32 | error i16] ]
import { promisify } from 'node:util'
import type { Ctx } from '@rondo/context'
import type { Connection, Reader, Writer } from '@platformatic/kafka'
import type { TopicPartition } from '../port.ts'
import type { Cluster } from './cluster.ts'
import { codesOf, isPassing, KafkaCodeError } from './kafka-failure.ts'

export type Position = TopicPartition & { offset: number }

export type Groups = {
  /** Names in Kafka. All or none of the positions. */
  commit(group: string, positions: Position[], ctx: Ctx): Promise<void>
  /** Of one topic, by partition. */
  findPositions(group: string, topic: string, partitions: number, ctx: Ctx): Promise<Map<number, number>>
  /** Of every group of the cluster that counts and has committed anything, in any topic: by topic, then by partition. */
  listPositions(counts: (kafkaGroup: string) => boolean, ctx: Ctx): Promise<{ group: string; positions: Map<string, Map<number, number>> }[]>
  /** What is not there is forgotten already. */
  forget(group: string, topics: { name: string; partitions: number }[], ctx: Ctx): Promise<void>
}

const COMMIT_KEY = 8
const COMMIT_VERSION = 4
const GROUP = 0
/** A hundred years. */
const KEPT_MS = 100n * 365n * 24n * 3_600_000n
const NOT_A_MEMBER = -1

export function createGroups(cluster: Cluster): Groups {
  const { client } = cluster
  const coordinators = new Map<string, number>()

  const withCoordinator = <T>(group: string, what: string, ctx: Ctx, work: (connection: Connection) => Promise<T>): Promise<T> =>
    cluster.retry(what, ctx, async () => {
      let coordinator = coordinators.get(group)
      if (coordinator === undefined) {
        const answer = await client.findCoordinatorV3.api.async(await cluster.connect('control'), GROUP, [group])
        coordinator = answer.coordinators[0]?.nodeId ?? -1
        coordinators.set(group, coordinator)
      }
      try {
        return await work(await cluster.connect('control', coordinator))
      } catch (thrown) {
        coordinators.delete(group)
        // Where brokers are may have changed as well.
        await cluster.ping().catch(() => undefined)
        throw thrown
      }
    })

  const askPositions = async (connection: Connection, group: string, topics: { name: string; partitionIndexes: number[] }[] | null): Promise<Map<string, Map<number, number>>> => {
    const answer = await client.offsetFetchV7.api.async(connection, [{ groupId: group, memberEpoch: NOT_A_MEMBER, topics }], false)
    return new Map(
      answer.topics.map(({ name, partitions }) => [
        name,
        new Map(partitions.flatMap(({ partitionIndex, committedOffset }) => (committedOffset < 0n ? [] : [[partitionIndex, Number(committedOffset)] as const]))),
      ]),
    )
  }

  return {
    commit: (group, positions, ctx) => withCoordinator(group, `keep positions of the group "${group}"`, ctx, (connection) => commitOffsets(cluster, connection, group, positions)),
    findPositions: (group, topic, partitions, ctx) =>
      withCoordinator(group, `tell positions of the group "${group}"`, ctx, async (connection) => {
        const all = await askPositions(connection, group, [{ name: topic, partitionIndexes: Array.from({ length: partitions }, (_, index) => index) }])
        return all.get(topic) ?? new Map<number, number>()
      }),
    async listPositions(counts, ctx) {
      const found: { group: string; positions: Map<string, Map<number, number>> }[] = []
      for (const broker of await cluster.listBrokers(ctx)) {
        const { groups } = await cluster.retry('list groups', ctx, async () => client.listGroupsV4.api.async(await cluster.connect('control', broker), [], []))
        for (const { groupId } of groups) {
          if (!counts(groupId)) continue
          try {
            found.push({ group: groupId, positions: await cluster.retry(`tell positions of the group "${groupId}"`, ctx, async () => askPositions(await cluster.connect('control', broker), groupId, null)) })
          } catch (thrown) {
            // A group of another kind, or one that has ended meanwhile, keeps no positions.
            if (!(thrown instanceof Error) || !codesOf(thrown.cause).some((code) => KEEPS_NONE.has(code))) throw thrown
          }
        }
      }
      return found
    },
    forget: (group, topics, ctx) =>
      withCoordinator(group, `forget positions of the group "${group}"`, ctx, async (connection) => {
        const wanted = topics.map(({ name, partitions }) => ({ name, partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex })) }))
        await client.offsetDeleteV0.api.async(connection, group, wanted).catch((thrown: unknown) => {
          if (!codesOf(thrown).some((code) => KEEPS_NONE.has(code))) throw thrown
        })
      }),
  }
}

/** GROUP_ID_NOT_FOUND, INVALID_GROUP_ID, UNSUPPORTED_VERSION, INCONSISTENT_GROUP_PROTOCOL. */
const KEEPS_NONE: ReadonlySet<number> = new Set([69, 24, 35, 23])

async function commitOffsets({ client }: Cluster, connection: Connection, group: string, positions: Position[]): Promise<void> {
  const byTopic = Map.groupBy(positions, ({ topic }) => topic)
  const createRequest = (): Writer =>
    client.Writer.create()
      .appendString(group, false)
      .appendInt32(NOT_A_MEMBER)
      .appendString('', false)
      .appendInt64(KEPT_MS)
      .appendArray(
        [...byTopic],
        (writer, [topic, own]) => {
          writer.appendString(topic, false).appendArray(own, (inner, { partition, offset }) => void inner.appendInt32(partition).appendInt64(BigInt(offset)).appendString('', false), false, false)
        },
        false,
        false,
      )
  const codes = await promisify<number[]>((done) => connection.send(COMMIT_KEY, COMMIT_VERSION, createRequest, parseCommitted, false, false, (error, found) => done(error, found ?? [])))()
  const failed = codes.filter((code) => code !== 0)
  const code = failed.find((one) => !isPassing(one)) ?? failed[0]
  if (code !== undefined) throw new KafkaCodeError(code, `the commit failed with code ${code}${code === 25 || code === 22 ? ': the group has members of its own' : ''}`)
}

function parseCommitted(_correlationId: number, _key: number, _version: number, reader: Reader): number[] {
  const codes: number[] = []
  reader.skip(4)
  reader.readArray(
    (topics) => {
      topics.readString(false)
      topics.readArray(
        (partitions) => {
          partitions.skip(4)
          codes.push(partitions.readInt16())
        },
        false,
        false,
      )
    },
    false,
    false,
  )
  return codes
}
