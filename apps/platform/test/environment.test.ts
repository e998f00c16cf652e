// What the platform takes from its environment.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPlatformEnvironment } from '../src/environment.ts'

test('PF56 keys and the token for peers come from the environment, an empty variable is none, and others are not looked at', () => {
  assert.deepEqual(readPlatformEnvironment({ RONDO_ADMIN_TOKEN: 'admin-token', RONDO_WRITE_KEY: '', PATH: '/bin' }), { keys: { adminToken: 'admin-token' }, peerToken: 'admin-token', masterKey: undefined, kafkaPort: undefined })
  assert.deepEqual(readPlatformEnvironment({ RONDO_MASTER_KEY: '00', RONDO_KAFKA_PORT: '9092' }), { keys: {}, peerToken: undefined, masterKey: '00', kafkaPort: 9092 })
  assert.equal(readPlatformEnvironment({ RONDO_KAFKA_PORT: '65535' }).kafkaPort, 65_535)
  for (const port of ['65536', '70000', '0', 'kafka', '9092.5']) assert.throws(() => readPlatformEnvironment({ RONDO_KAFKA_PORT: port }), { message: /RONDO_KAFKA_PORT/ }, port)
})
