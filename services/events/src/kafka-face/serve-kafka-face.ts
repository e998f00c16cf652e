// Kafka's clients at the events room's own port: producers are collectors' clients, consumers read what was accepted.
import { serveKafka, type FaceLimits, type KafkaServer } from '@rondo/event-log/kafka-server'
import type { Room } from '../room.ts'
import { GROUP_PREFIX } from './group-prefix.ts'
import { createSignIn } from './sign-in.ts'
import { createTypeTopics } from './type-topics.ts'

/** `advertised`: what clients are told to connect to, where something stands between; else the address they came to. `limits`: those that are others than usual. */
export type KafkaFaceOptions = {
  host: string
  port: number
  advertised?: { host: string; port: number }
  limits?: Partial<Pick<FaceLimits, 'maxConnections' | 'maxConnectionsPerAddress' | 'idleMs' | 'patienceMs'>>
}

/** Throws `KAFKA_CANNOT_LISTEN`. */
export function serveKafkaFace(room: Room, { host, port, advertised, limits = {} }: KafkaFaceOptions): Promise<KafkaServer> {
  const { log, eventLog, authenticate } = room.deps
  return serveKafka({
    log: eventLog,
    topics: createTypeTopics(room),
    signIn: createSignIn(authenticate),
    listen: { host, port },
    ...(advertised === undefined ? {} : { advertised }),
    groupPrefix: GROUP_PREFIX,
    limits,
    onTrouble: (message, fields) => log.warn(message, fields),
  })
}
