// What is refused when a store on Cassandra is opened, as far as that needs no engine.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '@rondo/time'
import { loadCassandra } from '../src/cassandra/load-cassandra.ts'
import { openKeyValue } from '../src/index.ts'
import { createCqlStub } from './cql-stub.ts'

type Refusal = Error & { code: string; help: string }

test('KV15 a missing package is named with the line that installs it', async () => {
  const missing = loadCassandra(() => Promise.reject(new Error("Cannot find package 'cassandra-driver'")))
  await assert.rejects(missing, ({ code, help }: Refusal) => code === 'PACKAGE_MISSING' && /^npm install cassandra-driver@\d+\.\d+\.\d+$/.test(help))
})

test('KV15 an address where nobody is, is named at once', async () => {
  await assert.rejects(openKeyValue('cassandra://127.0.0.1:9/kv', { clock: systemClock }), ({ code, message }: Refusal) => code === 'KEY_VALUE_UNREACHABLE' && message.includes('cassandra://127.0.0.1:9/kv') && message.includes('ECONNREFUSED'))
})

test('KV15 a wrong password is refused with the address, without the password', async () => {
  await using stub = await createCqlStub({ refusesUsers: true, version: '4.1.0' })
  await assert.rejects(openKeyValue(`cassandra://rondo:secret@${stub.host}/kv`, { clock: systemClock }), ({ code, message }: Refusal) => code === 'LOGIN_REFUSED' && message.includes(`rondo:…@${stub.host}`) && !message.includes('secret'))
})

test('KV15 a server that wants a user, and gets none, says so', async () => {
  await using stub = await createCqlStub({ refusesUsers: true, version: '4.1.0' })
  await assert.rejects(openKeyValue(`cassandra://${stub.host}/kv`, { clock: systemClock }), { code: 'LOGIN_REFUSED' })
})

test('KV15 Cassandra before 4.0 is refused by its version', async () => {
  await using stub = await createCqlStub({ version: '3.11.19' })
  await assert.rejects(openKeyValue(`cassandra://${stub.host}/kv`, { clock: systemClock }), ({ code, message, help }: Refusal) => code === 'KEY_VALUE_TOO_OLD' && message.includes('Cassandra 3.11.19') && help.includes('4.0'))
})
