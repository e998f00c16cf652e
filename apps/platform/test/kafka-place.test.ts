// Where Kafka's clients are answered: who says it, and what cannot be.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AppError } from '@rondo/errors'
import { findKafkaPlace, type KafkaAsked } from '../src/kafka-place.ts'

const asked: KafkaAsked = { command: 'up', option: undefined, variable: undefined, config: undefined, bind: '127.0.0.1', hasEvents: true }

test('EV76 Kafka clients are answered where the command line says, else the environment, else the configuration, and nowhere by default', () => {
  assert.equal(findKafkaPlace(asked), undefined)
  assert.deepEqual(findKafkaPlace({ ...asked, config: { port: 3 } }), { host: '127.0.0.1', port: 3, limits: {} })
  assert.deepEqual(findKafkaPlace({ ...asked, config: { port: 3, host: '10.0.0.1', advertised: 'kafka.example.com:9092' }, variable: 2 }), { host: '10.0.0.1', port: 2, advertised: { host: 'kafka.example.com', port: 9092 }, limits: {} })
  assert.deepEqual(findKafkaPlace({ ...asked, config: { port: 3 }, variable: 2, option: 1 }), { host: '127.0.0.1', port: 1, limits: {} })
  assert.equal(findKafkaPlace({ ...asked, config: { port: 3 }, hasEvents: false }), undefined, 'a front without the events room needs no port')
  for (const wrong of [{ option: 70_000 }, { option: 9092, hasEvents: false }]) assert.throws(() => findKafkaPlace({ ...asked, ...wrong }), (error: AppError) => error.code === 'USAGE')
})

test('PF121 limits of Kafka clients stand beside the port, and those that are left out stay as they are', () => {
  assert.deepEqual(findKafkaPlace({ ...asked, config: { port: 3, maxConnections: 20, maxConnectionsPerAddress: 5, idleMs: 60_000 } })?.limits, { maxConnections: 20, maxConnectionsPerAddress: 5, idleMs: 60_000 })
  assert.deepEqual(findKafkaPlace({ ...asked, option: 1, config: { port: 3, patienceMs: 500 } })?.limits, { patienceMs: 500 })
})
