// The partition writers of one log, and what they share: the producer's identity, requests, and turns of the event loop.
import type { Cluster } from './cluster.ts'
import { createCourier } from './courier.ts'
import { listBatches } from './decode-batches.ts'
import type { Identity } from './encode-batch.ts'
import { fetchBatches } from './fetch.ts'
import { CODE, KafkaCodeError } from './kafka-failure.ts'
import type { Offsets } from './offsets.ts'
import { createPartitionWriter, type PartitionWriter, type WriterDeps } from './partition-writer.ts'
import type { RecordSource } from './record-source.ts'

export type Writers = {
  /** Names in Kafka; `name` is the topic's in the log. Gives the offset of the first record. */
  append(place: { topic: string; partition: number; name: string }, source: RecordSource, timestampMs: number, maxBatchBytes: number): Promise<number>
  /** Nothing is tried again. */
  giveUp(): void
}

const SCAN_BYTES = 4 * 1024 * 1024

export function createWriters(cluster: Cluster, offsets: Offsets): Writers {
  const { client } = cluster
  const courier = createCourier(cluster)
  const writers = new Map<string, PartitionWriter>()
  const givingUp = new AbortController()
  let identity: Promise<Identity> | undefined
  let turn: Promise<void> | undefined

  const initProducer = async (): Promise<Identity> => {
    const { producerId, producerEpoch } = await client.initProducerIdV3.api.async(await cluster.connect('control'), null, 60_000)
    return { producerId, producerEpoch }
  }
  const deps: Omit<WriterDeps, 'topicName'> = {
    cluster,
    courier,
    givingUp: givingUp.signal,
    nextTurn: () =>
      (turn ??= new Promise((resolve) => {
        setImmediate(() => {
          turn = undefined
          resolve()
        })
      })),
    identify(renew) {
      if (renew) return initProducer()
      identity ??= initProducer().catch((thrown: unknown) => {
        identity = undefined
        throw thrown
      })
      return identity
    },
    findEnd: async ({ topic, partition }) => (await offsets.askRange(topic, partition)).end,
    async findBatch({ topic, partition }, from, { producerId, producerEpoch }, sequence) {
      const leader = (await cluster.findLeaders(topic))?.[partition] ?? -1
      for (let offset = from; ; ) {
        const [found] = await fetchBatches(client, await cluster.connect('read', leader), [{ topic, partition, offset, maxBytes: SCAN_BYTES }], { maxWaitMs: 0, maxBytes: SCAN_BYTES })
        if (found?.code === CODE.offsetOutOfRange) {
          const { start } = await offsets.askRange(topic, partition)
          // The partition lost its end, and with it what was acknowledged there; or others wrote on, and retention came this far.
          if (start <= offset) return undefined
          offset = start
          continue
        }
        if (found === undefined || found.code !== CODE.none) throw new KafkaCodeError(found?.code ?? CODE.unknownTopic, 'the end of the partition cannot be read')
        // A leader that has just been chosen shows what it has only once its replicas have it.
        if (found.end < from) throw new KafkaCodeError(CODE.offsetNotAvailable, 'the end of the partition is not settled yet')
        const batches = [...listBatches(found.batches)]
        const own = batches.find((batch) => batch.producerId === producerId && batch.producerEpoch === producerEpoch && batch.sequence === sequence)
        if (own !== undefined) return own.firstOffset
        const last = batches.at(-1)
        if (last === undefined || last.nextOffset <= offset) return undefined
        offset = last.nextOffset
      }
    },
  }

  return {
    append({ topic, partition, name }, source, timestampMs, maxBatchBytes) {
      const key = `${topic}@${partition}`
      let writer = writers.get(key)
      if (writer === undefined) writers.set(key, (writer = createPartitionWriter({ topic, partition }, { ...deps, topicName: name })))
      return writer.append(source, timestampMs, maxBatchBytes)
    },
    giveUp: () => givingUp.abort(),
  }
}
