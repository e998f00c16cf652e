// What an address of Cassandra may say, and what it may not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCassandraAddress } from './parse-cassandra-address.ts'

test('KV14 an address of Cassandra names hosts, keyspace, user and how to work', () => {
  assert.deepEqual(parseCassandraAddress('cassandra://rondo:p%40ss@a.example,b.example:19042/rondo?datacenter=eu-1&consistency=quorum&tls=1&replication=3&timeoutMs=5000&giveUpAfterMs=60000'), {
    shown: 'cassandra://rondo:…@a.example,b.example:19042/rondo',
    contactPoints: ['a.example:9042', 'b.example:19042'],
    hosts: ['a.example', 'b.example'],
    port: 9042,
    credentials: { username: 'rondo', password: 'p@ss' },
    keyspace: 'rondo',
    datacenter: 'eu-1',
    consistency: 'quorum',
    replication: 3,
    tls: true,
    timeoutMs: 5_000,
    giveUpAfterMs: 60_000,
  })
  const { contactPoints, credentials, datacenter, consistency, replication, tls } = parseCassandraAddress('cassandra://[::1]/kv')
  assert.deepEqual({ contactPoints, credentials, datacenter, consistency, replication, tls }, {
    contactPoints: ['[::1]:9042'],
    credentials: undefined,
    datacenter: 'datacenter1',
    consistency: 'localQuorum',
    replication: undefined,
    tls: false,
  })
})

for (const [address, reason] of [
  ['cassandra:', /cannot be read/],
  ['cassandra:///kv', /no host/],
  ['cassandra://host', /no keyspace/],
  ['cassandra://host/Kv', /"Kv" is no keyspace/],
  ['cassandra://host/kv/more', /"kv\/more" is no keyspace/],
  ['cassandra://host:99999/kv', /"host:99999" has no port/],
  ['cassandra://host,/kv', /no host/],
  ['cassandra://user@host/kv', /user without a password/],
  ['cassandra://user:sec%ret@host/kv', /write %25/],
  ['cassandra://user:sec/ret@host/kv', /cannot be read/],
  ['cassandra://host/kv?consistency=each_quorum', /consistency="each_quorum" must be one of one, local_one/],
  ['cassandra://host/kv?consistency=toString', /consistency="toString" must be one of one, local_one/],
  ['cassandra://host/kv?tls=yes', /tls="yes" must be 0 or 1/],
  ['cassandra://host/kv?replication=0', /replication="0"/],
  ["cassandra://host/kv?datacenter=d'1", /is no name/],
  ['cassandra://host/kv?ssl=1', /no parameter "ssl"/],
] as const) {
  test(`KV14 "${address}" is refused with the reason, and without its password`, () => {
    assert.throws(
      () => parseCassandraAddress(address),
      (error: Error & { code: string }) => error.code === 'BAD_STORE_ADDRESS' && reason.test(error.message) && !/sec%ret|ret@/.test(error.message),
    )
  })
}
