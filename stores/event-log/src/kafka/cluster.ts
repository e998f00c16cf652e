// The brokers of one log: connections by purpose, who leads which partition, and trying again while a broker is away.
import { throwIfCancelled, type Ctx } from '@rondo/context'
import { AppError } from '@rondo/errors'
import type { Connection, ConnectionPool } from '@platformatic/kafka'
import { isIP } from 'node:net'
import { errors } from '../errors.ts'
import type { KafkaClient } from './kafka-client.ts'
import { CODE, codesOf, describe, ENGINE, mayPass, toLogError } from './kafka-failure.ts'
import type { KafkaAddress } from './parse-kafka-address.ts'
import { pause } from '../pause.ts'

/** A broker answers the requests of one connection in turn: what may take long has a connection of its own. */
export type Purpose = 'append' | 'read' | 'watch' | 'control' | 'ping'

/** By partition: the id of its leader; -1 while there is none. */
export type Leaders = number[]

export type Cluster = {
  readonly client: KafkaClient
  readonly address: KafkaAddress
  /** Fires at `close`. */
  readonly closing: AbortSignal
  /** To the broker with this id, or to any. */
  connect(purpose: Purpose, broker?: number): Promise<Connection>
  /** By names in Kafka. One try; what is remembered is given without asking. Undefined when there is no such topic. */
  findLeaders(topic: string): Promise<Leaders | undefined>
  /** What is remembered; undefined when it is not known, or no longer trusted. */
  recallLeaders(topic: string): Leaders | undefined
  /** Asks now. */
  listTopics(ctx: Ctx): Promise<string[]>
  listBrokers(ctx: Ctx): Promise<number[]>
  /** Leaders may have moved: of one topic, or of all. */
  distrust(topic?: string): void
  /** Repeats `work` while its failures may pass, within the time of the address. `what` completes "refused to …". */
  retry<T>(what: string, ctx: Ctx, work: () => Promise<T>): Promise<T>
  /** One try, soon given up: does any broker answer? */
  ping(): Promise<void>
  close(): Promise<void>
}

/** Versions of the protocol that are spoken here; all came with Kafka 2.8 at the latest. */
const NEEDED: [name: string, key: number, version: number][] = [
  ['Produce', 0, 9],
  ['Fetch', 1, 12],
  ['ListOffsets', 2, 6],
  ['Metadata', 3, 9],
  ['OffsetCommit', 8, 4],
  ['OffsetFetch', 9, 7],
  ['FindCoordinator', 10, 3],
  ['ListGroups', 16, 4],
  ['CreateTopics', 19, 5],
  ['DeleteRecords', 21, 2],
  ['InitProducerId', 22, 3],
  ['DescribeConfigs', 32, 4],
  ['IncrementalAlterConfigs', 44, 1],
]
const CONNECT_TIMEOUT_MS = 5_000
const REQUEST_TIMEOUT_MS = 30_000
/** Who asks whether anybody is there wants to know soon. */
const PING_TIMEOUT_MS = 5_000
const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 1_000

/** Throws `LOG_UNREACHABLE`, `LOG_SIGN_IN_REFUSED`, `LOG_ENGINE_TOO_OLD`. */
export async function openCluster(client: KafkaClient, address: KafkaAddress): Promise<Cluster> {
  const cluster = createCluster(client, address)
  try {
    await checkVersions(cluster)
    // Versions are told to anybody; the next answer is the first that needs to know who asks.
    await cluster.ping()
    return cluster
  } catch (thrown) {
    await cluster.close()
    const error = toLogError(thrown, address, 'be asked for its version')
    if (error.code !== 'LOG_UNAVAILABLE') throw error
    const cause = error.cause ?? thrown
    throw errors.unreachable({ engine: ENGINE, address: address.shown, reason: explainEnd(describe(cause)) }, cause)
  }
}

/** A connection that ends at its beginning: who ended it does not say why. */
function explainEnd(reason: string): string {
  if (reason.startsWith('Connection closed')) return 'it ends the connection, as brokers do that want TLS, or a user and a password'
  return reason.includes('before secure TLS connection') ? 'it speaks no TLS, which the address asks for' : reason
}

async function checkVersions({ client, address, connect }: Cluster): Promise<void> {
  const { apiKeys } = await client.apiVersionsV3.api.async(await connect('ping'), address.clientId, '1')
  const lacking = NEEDED.filter(([, key, version]) => !apiKeys.some((api) => api.apiKey === key && api.minVersion <= version && api.maxVersion >= version))
  if (lacking.length === 0) return
  throw errors.engineTooOld({ engine: ENGINE, address: address.shown, needs: 'Apache Kafka 2.8 or newer', lacks: lacking.map(([name, , version]) => `${name} version ${version}`).join(', ') })
}

function createCluster(client: KafkaClient, address: KafkaAddress): Cluster {
  const closing = new AbortController()
  const pools = new Map<Purpose, ConnectionPool>()
  const leaders = new Map<string, Leaders>()
  let brokers = new Map<number, { host: string; port: number }>()

  const pool = (purpose: Purpose): ConnectionPool => {
    const known = pools.get(purpose)
    if (known !== undefined) return known
    const { tls, user } = address
    const made = new client.ConnectionPool(address.clientId, {
      connectTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: purpose === 'ping' ? PING_TIMEOUT_MS : REQUEST_TIMEOUT_MS,
      maxInflights: 32,
      ...(tls !== false ? { tls, tlsServerName: address.brokers.every(({ host }) => isIP(host) === 0) } : {}),
      ...(user === undefined ? {} : { sasl: { mechanism: user.mechanism, username: user.name, password: user.password } }),
    })
    // A connection tells its failure to whoever waits; told to nobody, it would end the process.
    made.on('connecting', ({ connection }) => void connection.on('error', () => undefined))
    pools.set(purpose, made)
    return made
  }
  const connect = async (purpose: Purpose, broker?: number): Promise<Connection> => {
    if (closing.signal.aborted) throw errors.closed({})
    if (broker === undefined) return pool(purpose).getFirstAvailable([...brokers.values(), ...address.brokers])
    const at = brokers.get(broker)
    if (at === undefined) throw Object.assign(new Error(`no leader is known, or broker ${broker} is away`), { code: 'ENOLEADER' })
    return pool(purpose).get(at)
  }
  /** All topics when `topics` is null. Topics that do not exist are left out. */
  const askMetadata = async (topics: string[] | null, purpose: Purpose = 'control'): Promise<Map<string, Leaders>> => {
    const { metadata, failure } = await client.metadataV9.api.async(await connect(purpose), topics, false).then(
      (answer) => ({ metadata: answer, failure: undefined }),
      (thrown: unknown) => ({ metadata: responseOf(thrown), failure: thrown }),
    )
    if (metadata === undefined) throw failure
    brokers = new Map(metadata.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]))
    const found = new Map<string, Leaders>()
    for (const { errorCode, name, isInternal, partitions } of metadata.topics) {
      if (errorCode === CODE.unknownTopic || isInternal || name === null) continue
      if (errorCode !== CODE.none && topics !== null) throw failure
      const ids: Leaders = []
      for (const { partitionIndex, leaderId } of partitions) ids[partitionIndex] = leaderId
      found.set(name, ids)
      leaders.set(name, ids)
    }
    return found
  }
  const retry = async <T>(what: string, ctx: Ctx, work: () => Promise<T>): Promise<T> => {
    const until = performance.now() + address.timeoutMs
    for (let waitMs = FIRST_PAUSE_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_PAUSE_MS)) {
      throwIfCancelled(ctx)
      try {
        return await work()
      } catch (thrown) {
        if (thrown instanceof AppError) throw thrown
        if (closing.signal.aborted) throw errors.closed({})
        leaders.clear()
        if (!mayPass(thrown) || performance.now() + waitMs > until) throw toLogError(thrown, address, what)
        await pause(waitMs, ctx.signal, closing.signal)
      }
    }
  }

  return {
    client,
    address,
    closing: closing.signal,
    connect,
    retry,
    recallLeaders: (topic) => leaders.get(topic),
    findLeaders: async (topic) => leaders.get(topic) ?? (await askMetadata([topic])).get(topic),
    listTopics: (ctx) => retry('list topics', ctx, async () => [...(await askMetadata(null)).keys()]),
    listBrokers: (ctx) =>
      retry('list brokers', ctx, async () => {
        await askMetadata([])
        return [...brokers.keys()]
      }),
    distrust(topic) {
      if (topic === undefined) leaders.clear()
      else leaders.delete(topic)
    },
    async ping() {
      try {
        await askMetadata([], 'ping')
      } catch (thrown) {
        if (closing.signal.aborted) throw errors.closed({})
        throw toLogError(thrown, address, 'answer')
      }
    },
    async close() {
      closing.abort()
      await Promise.allSettled([...pools.values()].map((one) => one.close()))
    },
  }
}

type Metadata = Awaited<ReturnType<KafkaClient['metadataV9']['api']['async']>>

/** The client throws an answer in which any topic has an error; the answer is in the error. */
function responseOf(thrown: unknown): Metadata | undefined {
  if (codesOf(thrown).length === 0 || !(thrown instanceof Error) || !('response' in thrown)) return undefined
  return thrown.response as Metadata
}
