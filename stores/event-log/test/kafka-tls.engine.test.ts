// Kafka over TLS, where everybody signs in: what is let in, and what every mistake is told as.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createCtx } from '@rondo/context'
import type { AppError } from '@rondo/errors'
import { createAuthority, engineUrl, startEngine, type Authority, type StartedEngine } from '@rondo/tools/engines'
import { openEventLog } from '../src/index.ts'

const { url, skip } = engineUrl('kafka')
const NOW = Date.UTC(2026, 8, 21, 9)
const ctx = createCtx()

async function refusal(address: string): Promise<AppError> {
  return openEventLog(address).then(
    () => assert.fail(`"${address}" was opened`),
    (error: AppError) => error,
  )
}

describe('Kafka over TLS', { skip }, () => {
  let authority: Authority
  let kafka: StartedEngine
  before(async () => {
    authority = await createAuthority()
    // For the number of the host and not for its name.
    kafka = await startEngine('kafka', { tls: await authority.issue('127.0.0.1') })
  })
  after(async () => {
    await kafka[Symbol.asyncDispose]()
    await authority[Symbol.asyncDispose]()
  })

  for (const mechanism of ['PLAIN', 'SCRAM-SHA-256']) {
    it(`EL42 records are appended and read, and positions kept, by who signs in by ${mechanism}`, async () => {
      const log = await openEventLog(`${kafka.url}&mechanism=${mechanism}&prefix=${mechanism}.`)
      await log.createTopic('plays', { partitions: 2 }, ctx)
      const places = await log.append([{ topic: 'plays', records: [{ key: 'a', value: Buffer.from('x') }] }], NOW, ctx)
      const partition = places[0]?.partition ?? -1
      assert.deepEqual((await log.read({ topic: 'plays', partition, offset: 0 }, ctx)).map(({ key, value }) => [key, Buffer.from(value).toString()]), [['a', 'x']])
      await log.commit('g', [{ topic: 'plays', partition, offset: 1 }], ctx)
      assert.deepEqual(await log.committed('g', 'plays', ctx), [{ topic: 'plays', partition, offset: 1 }])
      await log.ready(ctx)
      await log.close()
    })

    it(`EL42 a wrong password by ${mechanism} is refused with the user, and is never shown`, async () => {
      const error = await refusal(`${kafka.url.replace('rondo-secret', 'another-secret')}&mechanism=${mechanism}`)
      assert.equal(error.code, 'LOG_SIGN_IN_REFUSED')
      assert.match(error.message, /refused the user "rondo": Authentication failed/)
      assert.doesNotMatch(JSON.stringify(error), /another-secret/)
    })
  }

  it('EL42 a certificate of another authority, or of another host, is refused with the reason and the parameter', async () => {
    await using other = await createAuthority()
    const cases: [string, RegExp][] = [
      [kafka.url.replace(encodeURIComponent(authority.file), encodeURIComponent(other.file)), /is not trusted: unable to verify the first certificate\.$/],
      [kafka.url.replace(/\?ca=.*/, ''), /unable to verify/],
      [kafka.url.replace('127.0.0.1', 'localhost'), /altnames: Host: localhost\. is not/],
    ]
    for (const [address, words] of cases) {
      const error = await refusal(address)
      assert.equal(error.code, 'LOG_CERTIFICATE_REFUSED', error.message)
      assert.match(error.message, words)
      assert.match(error.help ?? '', /as the certificate names it, .*ca=FILE/)
      assert.doesNotMatch(error.message, /secret/)
    }
  })

  it('EL42 a broker that wants TLS, and one that has none, are told apart from one that is away', async () => {
    const plain = await refusal(kafka.url.replace('kafkas', 'kafka').replace(/\?ca=.*/, ''))
    assert.equal(plain.code, 'LOG_UNREACHABLE')
    assert.match(plain.message, /it ends the connection, as brokers do that want TLS/)
    const encrypted = await refusal(url.replace('kafka://', 'kafkas://'))
    assert.equal(encrypted.code, 'LOG_UNREACHABLE')
    assert.match(encrypted.message, /it speaks no TLS, which the address asks for/)
  })
})
