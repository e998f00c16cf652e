// The face that Kafka's clients see of an event log: they read and write it by Kafka's protocol, without a broker.
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createSemaphore } from '@rondo/async'
import { createSystemRandom, type Random } from '@rondo/random'
import { errors } from '../errors.ts'
import type { EventLog } from '../port.ts'
import type { Face, Place } from './call.ts'
import { serveConnection, type Trouble } from './connection.ts'
import { createCoordinator } from './coordinator.ts'
import { DEFAULT_LIMITS, realTimers, type FaceLimits, type FaceSession, type FaceTopics, type SignIn, type Timers } from './port.ts'
import { createProducers } from './producers.ts'

export type { FaceLimits, FaceSession, FaceTopic, FaceTopics, ProducedRecord, Right, SignIn, Timers } from './port.ts'
export type { Place } from './call.ts'
export { createTopicsOfLog } from './topics-of-log.ts'

/** Batches that are unpacked and stored at once. */
const UNPACKING = 16

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
  /** Since the start; `connections`: now. */
  readonly tally: Readonly<Face['tally']>
  /** Of requests and answers that are under way. */
  readonly bufferedBytes: number
  /** Ends all connections; what was being stored is not waited for. */
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
    tally: { connections: 0, requests: 0, refused: 0, produced: 0, fetched: 0 },
  }
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    if (sockets.size >= limits.maxConnections) {
      face.tally.refused += 1
      socket.destroy()
      return
    }
    sockets.add(socket)
    face.tally.connections = sockets.size
    socket.once('close', () => {
      sockets.delete(socket)
      face.tally.connections = sockets.size
    })
    serveConnection(socket, face, options.onTrouble ?? (() => undefined))
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
    get bufferedBytes() {
      return face.buffered
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      face.coordinator.close()
      await closed
    },
  }
}
