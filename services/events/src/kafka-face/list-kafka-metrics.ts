// What Prometheus reads of the face for Kafka's clients.
import type { Metric } from '@rondo/contract'
import type { KafkaServer } from '@rondo/event-log/kafka-server'

export function listKafkaMetrics({ tally, bufferedBytes, connections, turnedAway }: KafkaServer): Metric[] {
  const single = (name: string, help: string, type: Metric['type'], value: number): Metric => ({ name: `rondo_events_kafka_${name}`, help, type, samples: [{ value }] })
  return [
    single('connections', 'Open connections of Kafka clients', 'gauge', connections),
    single('buffered_bytes', 'Requests and answers of Kafka clients that are under way', 'gauge', bufferedBytes),
    single('requests_total', 'Requests by the protocol of Kafka', 'counter', tally.requests),
    single('refused_total', 'Connections of Kafka clients that were ended for what they sent', 'counter', tally.refused),
    {
      name: 'rondo_events_kafka_ended_total',
      help: 'Connections of Kafka clients that were ended for sending, reading or signing in too slowly, and for sending nothing',
      type: 'counter',
      samples: [{ labels: { reason: 'slow' }, value: tally.slow }, { labels: { reason: 'idle' }, value: tally.idle }],
    },
    {
      name: 'rondo_events_kafka_turned_away_total',
      help: 'Connections of Kafka clients for which there was no place, in all or for their address',
      type: 'counter',
      samples: [{ labels: { limit: 'all' }, value: turnedAway.all }, { labels: { limit: 'address' }, value: turnedAway.address }],
    },
    single('produced_total', 'Records that Kafka clients sent and that were answered as taken, duplicates and dead ones too', 'counter', tally.produced),
    single('fetched_total', 'Records given to Kafka clients', 'counter', tally.fetched),
  ]
}
