// Opening a log on Kafka where something is wrong: each failure says what, where, and what to do. No broker is needed.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { Writer } from '@platformatic/kafka'
import type { AppError } from '@rondo/errors'
import { openEventLog } from '../src/index.ts'
import { loadKafkaClient } from '../src/kafka/kafka-client.ts'
import { answerVersions, createFakeBroker } from './fake-broker.ts'

const API_VERSIONS = 18
const SASL_HANDSHAKE = 17
const SASL_AUTHENTICATE = 36

async function refusal(work: Promise<unknown>): Promise<AppError> {
  return work.then(
    () => assert.fail('it was opened'),
    (error: AppError) => error,
  )
}

describe('opening a log on Kafka', () => {
  it('EL26 an address where nobody listens is named', async () => {
    const error = await refusal(openEventLog('kafka://user:secret@127.0.0.1:1'))
    assert.equal(error.code, 'LOG_UNREACHABLE')
    assert.match(error.message, /^No Kafka answers at "kafka:\/\/user:…@127\.0\.0\.1:1": .*ECONNREFUSED/)
    assert.match(error.help ?? '', /Start it, or correct the address/)
  })

  it('EL26 a host that does not exist is named', async () => {
    const error = await refusal(openEventLog('kafka://no-such-host.invalid:9092'))
    assert.equal(error.code, 'LOG_UNREACHABLE')
    assert.match(error.message, /no-such-host\.invalid/)
  })

  it('EL26 what listens there and says nothing is given up after seconds', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    server.removeAllListeners('connection')
    const startedAt = performance.now()
    const error = await refusal(openEventLog(`kafka://127.0.0.1:${(server.address() as AddressInfo).port}`))
    server.close()
    assert.equal(error.code, 'LOG_UNREACHABLE')
    assert.ok(performance.now() - startedAt < 8_000)
  })

  it('EL26 something else that listens there is no broker', async () => {
    const server = createServer((_, response) => void response.end('hello')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const error = await refusal(openEventLog(`kafka://127.0.0.1:${(server.address() as AddressInfo).port}`))
    server.close()
    server.closeAllConnections()
    assert.equal(error.code, 'LOG_UNREACHABLE')
  })

  it('EL26 a broker that is too old is refused with what it lacks and which one to use', async () => {
    await using broker = await createFakeBroker((request) => (request.key === API_VERSIONS ? answerVersions(request, [[0, 0, 8], [1, 0, 11], [3, 0, 9], [18, 0, 3]]) : undefined))
    const error = await refusal(openEventLog(broker.url))
    assert.equal(error.code, 'LOG_ENGINE_TOO_OLD')
    assert.match(error.message, /is too old: it lacks Produce version 9, Fetch version 12, ListOffsets version 6, OffsetCommit/)
    assert.match(error.help ?? '', /Apache Kafka 2\.8 or newer/)
  })

  for (const mechanism of ['PLAIN', 'SCRAM-SHA-256']) {
    it(`EL26 a wrong password by ${mechanism} is named with user and address, never itself`, async () => {
      await using broker = await createFakeBroker((request) => {
        const writer = Writer.create().appendInt32(request.correlationId)
        if (request.key === API_VERSIONS) return answerVersions(request, [[SASL_AUTHENTICATE, 0, 2]])
        if (request.key === SASL_HANDSHAKE) return writer.appendInt16(0).appendArray([mechanism], (w, name) => void w.appendString(name, false), false, false)
        if (request.key !== SASL_AUTHENTICATE) return undefined
        return writer.appendTaggedFields().appendInt16(58).appendString('Authentication failed: Invalid username or password').appendUnsignedVarInt(1).appendInt64(0n).appendTaggedFields()
      })
      const error = await refusal(openEventLog(`${broker.url.replace('://', '://events:secret@')}?mechanism=${mechanism}`))
      assert.equal(error.code, 'LOG_SIGN_IN_REFUSED')
      assert.equal(error.kind, 'unauthenticated')
      assert.match(error.message, /refused the user "events": Authentication failed: Invalid username or password/)
      assert.doesNotMatch(JSON.stringify(error), /secret/)
    })
  }

  it('EL26 a broker that wants TLS, or to know who asks, ends the connection: both are named', async () => {
    const needed: [number, number, number][] = [0, 1, 2, 3, 8, 9, 10, 16, 19, 21, 22, 32, 44].map((key) => [key, 0, 15])
    await using silent = await createFakeBroker((request) => (request.key === API_VERSIONS ? answerVersions(request, needed) : undefined))
    await using closed = await createFakeBroker(() => undefined)
    for (const url of [silent.url, closed.url, closed.url.replace('://', '://events:secret@')]) {
      const error = await refusal(openEventLog(url))
      assert.equal(error.code, 'LOG_UNREACHABLE')
      assert.match(error.message, /: it ends the connection, as brokers do that want TLS, or a user and a password\.$/)
    }
  })

  it('EL26 a missing client library is named with the line that installs it', async () => {
    const missing = (): Promise<never> => Promise.reject(Object.assign(new Error("Cannot find package '@platformatic/kafka'"), { code: 'ERR_MODULE_NOT_FOUND' }))
    const error = await refusal(loadKafkaClient('kafka://a', missing))
    assert.equal(error.code, 'LOG_DRIVER_MISSING')
    assert.equal(error.help, 'Install it: npm install @platformatic/kafka@2.12.1')
  })
})
