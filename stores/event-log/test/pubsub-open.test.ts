// Opening a feed on Pub/Sub where something is wrong: each failure says what, where, and what to do. No emulator is needed.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import type { AppError } from '@rondo/errors'
import { openEventFeed, openEventLog } from '../src/index.ts'
import { loadPubsubLibrary } from '../src/pubsub/pubsub-client.ts'

async function refusal(work: Promise<unknown>): Promise<AppError> {
  return work.then(
    () => assert.fail('it was opened'),
    (error: AppError) => error,
  )
}

describe('opening a feed on Pub/Sub', () => {
  it('EF11 an address where nobody listens is named', async () => {
    const error = await refusal(openEventFeed('pubsub://rondo?emulator=127.0.0.1:1&timeoutMs=500'))
    assert.equal(error.code, 'LOG_UNREACHABLE')
    assert.match(error.message, /^No Pub\/Sub answers at "pubsub:\/\/rondo\?emulator=127\.0\.0\.1:1": .*ECONNREFUSED/)
    assert.match(error.help ?? '', /Start it, or correct the address/)
  })

  it('EF11 something else that listens there is no Pub/Sub', async () => {
    const server = createServer((_, response) => void response.end('hello')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const error = await refusal(openEventFeed(`pubsub://rondo?emulator=127.0.0.1:${(server.address() as AddressInfo).port}&timeoutMs=500`))
    server.close()
    server.closeAllConnections()
    assert.equal(error.code, 'LOG_UNREACHABLE')
  })

  it('EF11 a missing client library is told with the line that installs it', async () => {
    const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
    const error = await refusal(loadPubsubLibrary('pubsub://my-project', () => Promise.reject(missing)))
    assert.deepEqual([error.code, error.help], ['LOG_DRIVER_MISSING', 'Install it: npm install @google-cloud/pubsub@5.3.1'])
  })

  it('EF13 it is no log, and says what to use', async () => {
    const error = await refusal(openEventLog('pubsub://my-project'))
    assert.deepEqual([error.code, error.kind], ['LOG_WITHOUT_OFFSETS', 'not-implemented'])
    assert.match(error.help ?? '', /openEventFeed/)
  })
})
