// Every engine that can be started, by name.
import { bigtable } from './definitions/bigtable.ts'
import { cassandra } from './definitions/cassandra.ts'
import { kafka } from './definitions/kafka.ts'
import { nats } from './definitions/nats.ts'
import { postgres } from './definitions/postgres.ts'
import { pubsub } from './definitions/pubsub.ts'
import { s3 } from './definitions/s3.ts'
import type { Engine, EngineName } from './engine.ts'

export const engines: Record<EngineName, Engine> = { kafka, postgres, s3, cassandra, pubsub, bigtable, nats }
