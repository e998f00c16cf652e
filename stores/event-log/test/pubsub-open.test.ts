// Opening a feed on Pub/Sub where something is wrong: each failure says what, where, and what to do. No emulator is needed.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import type { AppError } from '@rondo/errors'
import { openEventFeed, openEventLog } from '../src/index.ts'
import { parsePubsubAddress } from '../src/pubsub/parse-pubsub-address.ts'
import { toLogError } from '../src/pubsub/pubsub-calls.ts'
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

  it('EF11 missing credentials are told with what to set, and end nothing', async (test) => {
    const { GOOGLE_APPLICATION_CREDENTIALS: before, PUBSUB_EMULATOR_HOST: emulator } = process.env
    test.after(() => Object.assign(process.env, before === undefined ? {} : { GOOGLE_APPLICATION_CREDENTIALS: before }, emulator === undefined ? {} : { PUBSUB_EMULATOR_HOST: emulator }))
    delete process.env['PUBSUB_EMULATOR_HOST']
    process.env['GOOGLE_APPLICATION_CREDENTIALS'] = 'no-such-key.json'
    const error = await refusal(openEventFeed('pubsub://my-project'))
    assert.deepEqual([error.code, error.kind], ['LOG_SIGN_IN_REFUSED', 'unauthenticated'])
    assert.match(error.message, /^Pub\/Sub at "pubsub:\/\/my-project" cannot be signed in to: .*no-such-key\.json/)
    assert.match(error.help ?? '', /GOOGLE_APPLICATION_CREDENTIALS/)
  })

  for (const [code, wanted] of [[5, 'LOG_ENGINE_REFUSED'], [7, 'LOG_ENGINE_REFUSED'], [16, 'LOG_SIGN_IN_REFUSED'], [14, 'LOG_UNAVAILABLE'], [4, 'LOG_UNAVAILABLE']] as const) {
    it(`EF11 an answer of gRPC status ${code}, as for a wrong project, missing rights or an outage, is ${wanted}`, () => {
      const error = toLogError(Object.assign(new Error(`${code} SOME_STATUS: Resource not found (resource=my-project).`), { code }), parsePubsubAddress('pubsub://my-project', {}), 'open the project "my-project"')
      assert.equal(error.code, wanted)
      assert.match(error.message, /"pubsub:\/\/my-project".*: Resource not found \(resource=my-project\)\.$/)
    })
  }

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
