// What an address of a Kafka log says, and what is refused in it.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AppError } from '@rondo/errors'
import { parseKafkaAddress } from './parse-kafka-address.ts'

describe('the address of a Kafka log', () => {
  it('EL26 has defaults for all but the brokers', () => {
    assert.deepEqual(parseKafkaAddress('kafka://a:1,b,[::1]:3/'), {
      shown: 'kafka://a:1,b,[::1]:3/',
      brokers: [
        { host: 'a', port: 1 },
        { host: 'b', port: 9092 },
        { host: '::1', port: 3 },
      ],
      tls: false,
      clientId: 'rondo',
      prefix: '',
      replication: -1,
      flush: false,
      retention: 'caller',
      maxRecordBytes: 1_000_000,
      compression: 'none',
      timeoutMs: 15_000,
    })
  })

  it('EL26 names user, password and mechanism, and shows no password', () => {
    const address = parseKafkaAddress('kafkas://events:p%40ss%3A1@kafka.example:9093?mechanism=SCRAM-SHA-512&replication=3&prefix=rondo.&flush=1&retention=broker&compression=zstd')
    assert.deepEqual(address.user, { name: 'events', password: 'p@ss:1', mechanism: 'SCRAM-SHA-512' })
    assert.deepEqual([address.tls, address.replication, address.prefix, address.flush, address.retention, address.compression], [{}, 3, 'rondo.', true, 'broker', 'zstd'])
    assert.equal(address.shown, 'kafkas://events:…@kafka.example:9093?mechanism=SCRAM-SHA-512&replication=3&prefix=rondo.&flush=1&retention=broker&compression=zstd')
    assert.equal(parseKafkaAddress('kafka://u:@a').user?.password, '')
    assert.deepEqual(parseKafkaAddress('kafka://a?tls=1').tls, {})
    assert.equal(parseKafkaAddress('kafkas://a?tls=0').tls, false)
  })

  for (const [url, said] of [
    ['kafka:a', 'not understood'],
    ['kafka://', '"" is no host'],
    ['kafka://a:b', '"a:b" is no host'],
    ['kafka://a:99999', '"99999" is no port'],
    ['kafka://a,,b', '"" is no host'],
    ['kafka://user@a', 'no password'],
    ['kafka://u:%zz@a', 'percent-encoded'],
    ['kafka://a?mechanism=PLAIN', 'needs a user'],
    ['kafka://u:secret@a?mechanism=GSSAPI', 'mechanism cannot be "GSSAPI"'],
    ['kafka://a?retension=broker', '"retension" is no parameter'],
    ['kafka://a?prefix=a/b', 'prefix cannot be "a/b"'],
    ['kafka://a?replication=0', 'replication cannot be "0"'],
    ['kafka://a?maxRecordBytes=1e3', 'maxRecordBytes cannot be "1e3"'],
    ['kafka://a?timeoutMs=soon', 'timeoutMs cannot be "soon"'],
    ['kafka://a?compression=brotli', 'compression cannot be "brotli"'],
    ['kafka://a?ca=/a.pem', 'only with TLS'],
    ['kafkas://a?ca=/nothing.pem', 'ca "/nothing.pem" cannot be read'],
  ] as const) {
    it(`EL26 "${url}" is refused`, () => {
      assert.throws(() => parseKafkaAddress(url), (error: AppError) => error.code === 'LOG_ADDRESS_INVALID' && error.message.includes(said) && !error.message.includes('secret'))
    })
  }
})
