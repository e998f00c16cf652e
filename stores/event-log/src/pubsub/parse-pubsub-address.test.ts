// Addresses of Pub/Sub: what is not understood is refused with what is wrong and the form.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parsePubsubAddress } from './parse-pubsub-address.ts'

it('EF11 an address says project, emulator and limits, with defaults of its own for Google and for emulators', () => {
  assert.deepEqual(parsePubsubAddress('pubsub://my-project', {}), {
    shown: 'pubsub://my-project',
    project: 'my-project',
    prefix: 'rondo.',
    maxRecordBytes: 9_900_000,
    replay: true,
    holdMs: 3_600_000,
    timeoutMs: 15_000,
  })
  assert.deepEqual(parsePubsubAddress('pubsub://rondo?emulator=127.0.0.1:8085&prefix=a.&maxRecordBytes=20000&holdMs=5000&timeoutMs=700&replay=1', { PUBSUB_EMULATOR_HOST: 'other:1' }), {
    shown: 'pubsub://rondo?emulator=127.0.0.1:8085',
    project: 'rondo',
    emulator: '127.0.0.1:8085',
    prefix: 'a.',
    maxRecordBytes: 20_000,
    replay: true,
    holdMs: 5000,
    timeoutMs: 700,
  })
  const { emulator, replay, maxRecordBytes } = parsePubsubAddress('pubsub://rondo', { PUBSUB_EMULATOR_HOST: '[::1]:8085' })
  assert.deepEqual({ emulator, replay, maxRecordBytes }, { emulator: '[::1]:8085', replay: false, maxRecordBytes: 4_000_000 })
  assert.equal(parsePubsubAddress('pubsub://example.com:my-project/', {}).project, 'example.com:my-project')
})

for (const [url, reason] of [
  ['pubsub:project', 'it is not understood'],
  ['pubsub://my-project/topic', 'it is not understood'],
  ['pubsub://', '"" is no project'],
  ['pubsub://Rondo', '"Rondo" is no project'],
  ['pubsub://127.0.0.1:8085', '"127.0.0.1:8085" is no project'],
  ['pubsub://rondo', '"rondo" is no project'],
  ['pubsub://my-project?emulator=localhost', 'emulator cannot be "localhost"'],
  ['pubsub://my-project?emulater=localhost:1', '"emulater" is no parameter'],
  ['pubsub://my-project?prefix=google.', 'prefix cannot be "google."'],
  ['pubsub://my-project?maxRecordBytes=10000001', 'maxRecordBytes cannot be "10000001"'],
  ['pubsub://my-project?replay=yes', 'replay cannot be "yes"'],
] as const) {
  it(`EF11 "${url}" is refused`, () => {
    assert.throws(() => parsePubsubAddress(url, {}), (error: Error & { code?: string }) => error.code === 'LOG_ADDRESS_INVALID' && error.message.includes(reason))
  })
}
