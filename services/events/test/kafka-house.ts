// The room with Kafka's clients at its door: kafkajs as it is published, with the keys of the house.
import { Kafka, logLevel, Partitioners, type Consumer, type Producer, type SASLOptions } from 'kafkajs'
import type { Clock } from '@rondo/time'
import { openHouse, WRITE_KEY, type House, type HouseOptions } from './events-house.ts'

export const SERVICE_KEY = 'sk-test'
export const CLIENT_SECRET = 'cs-test'

export const authenticate: NonNullable<HouseOptions['authenticate']> = async (secret) =>
  secret === WRITE_KEY ? { kind: 'write', name: 'test' } : secret === SERVICE_KEY ? { kind: 'service', name: 'reader' } : secret === CLIENT_SECRET ? { kind: 'client', name: 'app' } : undefined

export async function openKafkaHouse(folder: string, clock: Clock, options: HouseOptions & { port?: number } = {}): Promise<House> {
  return openHouse(folder, clock, { authenticate, kafka: { host: '127.0.0.1', port: options.port ?? 0 }, ...options })
}

/** `key`: as the password; anything stands for the user. */
export function createClient(port: number, key: string | undefined, retries = 0): Kafka {
  const sasl: SASLOptions = { mechanism: 'plain', username: 'rondo', password: key ?? '' }
  return new Kafka({ clientId: 'test', brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING, retry: { retries, initialRetryTime: 50, maxRetryTime: 500 }, ...(key === undefined ? {} : { sasl }) })
}

export type Client<T> = T & AsyncDisposable

export async function openProducer(port: number, key: string | undefined, options: { idempotent?: boolean; retries?: number } = {}): Promise<Client<Producer>> {
  const producer = createClient(port, key, options.retries).producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: options.idempotent === true })
  await producer.connect()
  return Object.assign(producer, { [Symbol.asyncDispose]: () => producer.disconnect() })
}

export async function openConsumer(port: number, groupId: string): Promise<Client<Consumer>> {
  const consumer = createClient(port, SERVICE_KEY, 5).consumer({ groupId, maxWaitTimeInMs: 200 })
  await consumer.connect()
  return Object.assign(consumer, { [Symbol.asyncDispose]: () => consumer.disconnect() })
}

export type Read = { offset: string; key: string | undefined; value: Record<string, unknown> }

/** The next `count` events of a type, from where the group stands; committed. */
export async function consume(port: number, groupId: string, topic: string, count: number): Promise<Read[]> {
  await using consumer = await openConsumer(port, groupId)
  await consumer.subscribe({ topic, fromBeginning: true })
  const read: Read[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => {
      if (read.length >= count) return
      read.push({ offset: message.offset, key: message.key?.toString(), value: JSON.parse(String(message.value)) as Record<string, unknown> })
      if (read.length === count) resolve()
    },
  })
  await promise
  await consumer.commitOffsets([{ topic, partition: 0, offset: String(Number(read.at(-1)?.offset) + 1) }])
  return read
}
