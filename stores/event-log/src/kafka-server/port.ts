// What a face needs of whoever serves it: which topics are shown, how records come in and go out, and who may do what.
import type { Ctx } from '@rondo/context'
import type { LogRecord, StoredRecord } from '../port.ts'

/** `logTopic`: what the log calls it. */
export type FaceTopic = { name: string; logTopic: string; partitions: number }

/** As the client sent it; undefined where it sent null. Views of the request. */
export type ProducedRecord = { key: Buffer | undefined; value: Buffer | undefined; headers: [name: string, value: Buffer][]; timestampMs: number }

export type FaceTopics = {
  list(ctx: Ctx): Promise<FaceTopic[]>
  find(name: string, ctx: Ctx): Promise<FaceTopic | undefined>
  /**
   * Resolves when everything is durable. `writer`: the name of the session. `baseOffset`: where the first one lies when all lie behind it in order, else -1.
   * Throws what the log throws; of kind `limited`, with `retryAfterS` in its details, when the client is to wait.
   */
  store(topic: FaceTopic, records: ProducedRecord[], writer: string, ctx: Ctx): Promise<{ baseOffset: number }>
  /** What clients are given for what the log has, one for one. */
  present(topic: FaceTopic, records: StoredRecord[]): Promise<LogRecord[]>
}

export type Right = 'read' | 'write'

/** Who has signed in. `id`: its producers are its own. `may` is asked at every request, so that a right that was taken away is gone from the next one on. */
export type FaceSession = { id: string; name: string; may(right: Right, ctx: Ctx): Promise<boolean> }

/** By SASL PLAIN; undefined: refused. `address` is the caller's. */
export type SignIn = (given: { user: string; password: string }, address: string, ctx: Ctx) => Promise<FaceSession | undefined>

/** Real time, for deadlines of connections and sessions of group members. */
export type Timers = {
  nowMs(): number
  /** Gives the function that calls it off. */
  after(afterMs: number, run: () => void): () => void
}

export const realTimers: Timers = {
  nowMs: () => performance.now(),
  after(afterMs, run) {
    const timer = setTimeout(run, afterMs)
    return () => clearTimeout(timer)
  },
}

export type FaceLimits = {
  maxConnections: number
  /** From one address. Behind a proxy all come from its own. */
  maxConnectionsPerAddress: number
  /** Largest request. */
  maxRequestBytes: number
  /** Of all lists of one request together: topics, partitions, members. */
  maxElements: number
  /** Of one batch without its compression. */
  maxUnpackedBytes: number
  /** Records of one batch, and twice as many headers. */
  maxBatchRecords: number
  /** Largest answer to a fetch. */
  maxFetchBytes: number
  /** All requests and answers that are under way. Beyond, requests wait and answers get small. */
  maxBufferedBytes: number
  /** From connecting to having signed in, and from the first byte of a request to its last. */
  patienceMs: number
  /** Without a request. */
  idleMs: number
  /** Members of one group, and groups with members. */
  maxMembers: number
  maxGroups: number
}

export const DEFAULT_LIMITS: FaceLimits = {
  maxConnections: 1_000,
  maxConnectionsPerAddress: 500,
  maxRequestBytes: 16 * 1024 * 1024,
  maxElements: 50_000,
  maxUnpackedBytes: 16 * 1024 * 1024,
  maxBatchRecords: 100_000,
  maxFetchBytes: 8 * 1024 * 1024,
  maxBufferedBytes: 256 * 1024 * 1024,
  patienceMs: 30_000,
  idleMs: 600_000,
  maxMembers: 200,
  maxGroups: 1_000,
}
