// The face that Kafka's clients see of an event log: they read and write it by Kafka's protocol, without a broker.
import { createServer, type AddressInfo } from 'node:net'
import { createSemaphore } from '@rondo/async'
import { createSystemRandom, type Random } from '@rondo/random'
import { errors } from '../errors.ts'
import type { EventLog } from '../port.ts'
import { createAdmission } from './admission.ts'
import type { Face, Place } from './call.ts'
import { serveConnection, toPlain, type Connection, type Trouble } from './connection.ts'
import { createCoordinator } from './coordinator.ts'
import { DEFAULT_LIMITS, realTimers, type FaceLimits, type FaceSession, type FaceTopics, type SignIn, type Timers } from './port.ts'
import { createProducers } from './producers.ts'

export type { FaceLimits, FaceSession, FaceTopic, FaceTopics, ProducedRecord, Right, SignIn, Timers } from './port.ts'
export type { Place } from './call.ts'
export { createTopicsOfLog } from './topics-of-log.ts'

/** Batches that are unpacked and stored at once. */
const UNPACKING = 16
/** What is being done at the end has so long. */
const CLOSE_MS = 5_000

export type KafkaServerOptions = {
  log: EventLog
  /** Which topics are shown, and what happens to records on their way; `createTopicsOfLog` shows all as they are. */
  topics: FaceTopics
  signIn: SignIn
  /** What who has not signed in may do; left out: nothing. */
  anonymous?: FaceSession
  /** Port 0 takes a free one. */
  listen: Place
  /** What clients are told to connect to; left out: the address and port where each came in, which is right unless something stands between. */
  advertised?: Place
  /** Before the names of clients' groups in the log, so that they are not those of others. */
  groupPrefix?: string
  limits?: Partial<FaceLimits>
  timers?: Timers
  random?: Random
  /** Told of clients that were refused and of requests that failed. */
  onTrouble?: Trouble
}

export type KafkaServer = {
  address: Place
  /** Since the start. */
  readonly tally: Readonly<Face['tally']>
  /** Now. */
  readonly connections: number
  /** Connections for which there was no place, in all or for their address. */
  readonly turnedAway: Readonly<{ all: number; address: number }>
  /** Of a group, those that are there now. */
  countMembers(group: string): number
  /** Of requests and answers that are under way. */
  readonly bufferedBytes: number
  /** Ends all connections. What they had sent whole is done first, but not for longer than some seconds. */
  close(): Promise<void>
}

/** Throws `KAFKA_CANNOT_LISTEN`. */
export async function serveKafka(options: KafkaServerOptions): Promise<KafkaServer> {
  const { log, topics, signIn, listen } = options
  const random = options.random ?? createSystemRandom()
  const timers = options.timers ?? realTimers
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const face: Face = {
    log,
    topics,
    signIn,
    anonymous: options.anonymous,
    coordinator: createCoordinator({ timers, limits, newMemberId: (clientId) => `${clientId.slice(0, 100)}-${[1, 2, 3, 4].map(() => random.uint32().toString(16).padStart(8, '0')).join('')}` }),
    // Of another start, another range: an old producer is taken for no new one.
    producers: createProducers(random.uint32() * 2 ** 20),
    advertised: options.advertised,
    groupPrefix: options.groupPrefix ?? '',
    limits,
    timers,
    unpacking: createSemaphore(UNPACKING),
    buffered: 0,
    tally: { requests: 0, refused: 0, slow: 0, idle: 0, produced: 0, fetched: 0 },
  }
  const tell = options.onTrouble ?? (() => undefined)
  const admission = createAdmission(limits, timers, tell)
  const connections = new Set<Connection>()
  // Half open: who has sent everything and closes is read to the end.
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    const giveBack = admission.admit(toPlain(socket.remoteAddress))
    if (giveBack === undefined) return void socket.on('error', () => undefined).destroy()
    const connection = serveConnection(socket, face, tell, () => {
      giveBack()
      connections.delete(connection)
    })
    connections.add(connection)
  })
  await new Promise<void>((resolve, reject) => {
    // Later ones are of single connections that could not be accepted.
    server.on('error', (cause: NodeJS.ErrnoException) => reject(errors.cannotListen({ ...listen, reason: cause.code ?? cause.message }, cause)))
    server.listen(listen.port, listen.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    address: { host: listen.host, port },
    tally: face.tally,
    turnedAway: admission.turnedAway,
    get connections() {
      return admission.size
    },
    countMembers: (group) => face.coordinator.view(group)?.members.length ?? 0,
    get bufferedBytes() {
      return face.buffered
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const callOff = timers.after(CLOSE_MS, () => {
        for (const connection of connections) connection.abort()
      })
      const finished = [...connections].map((connection) => connection.finish())
      face.coordinator.close()
      await Promise.all(finished)
      callOff()
      await closed
    },
  }
}
