// Kafka's clients at the events room's own port: producers are collectors' clients, consumers read what was accepted.
import { serveKafka, type KafkaServer } from '@rondo/event-log/kafka-server'
import type { Room } from '../room.ts'
import { GROUP_PREFIX } from './group-prefix.ts'
import { createSignIn } from './sign-in.ts'
import { createTypeTopics } from './type-topics.ts'

/** `advertised`: what clients are told to connect to, where something stands between; else the address they came to. */
export type KafkaFaceOptions = { host: string; port: number; advertised?: { host: string; port: number } }

/** Throws `KAFKA_CANNOT_LISTEN`. */
export function serveKafkaFace(room: Room, { host, port, advertised }: KafkaFaceOptions): Promise<KafkaServer> {
  const { log, eventLog, authenticate } = room.deps
  return serveKafka({
    log: eventLog,
    topics: createTypeTopics(room),
    signIn: createSignIn(authenticate),
    listen: { host, port },
    ...(advertised === undefined ? {} : { advertised }),
    groupPrefix: GROUP_PREFIX,
    onTrouble: (message, fields) => log.warn(message, fields),
  })
}
