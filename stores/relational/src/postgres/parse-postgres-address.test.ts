// Addresses of PostgreSQL that cannot be read, as they are shown.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePostgresAddress } from './parse-postgres-address.ts'

for (const address of ['postgres://rondo:sec/ret@host/db', 'postgres://rondo:sec@ret@host:port/db', 'postgres://rondo:sec ret#@/db']) {
  test(`RL27 what is wrong with "${address}" is said without its password`, () => {
    assert.throws(() => parsePostgresAddress(address, undefined), ({ message, code }: Error & { code: string }) => code === 'BAD_STORE_ADDRESS' && message.includes('postgres://rondo:…@') && !/sec|ret/.test(message))
  })
}

test('RL27 a parameter that every object has is none of an address', () => {
  assert.throws(() => parsePostgresAddress('postgres://rondo@host/db?toString=1', undefined), { code: 'BAD_STORE_ADDRESS', message: /no parameter "toString"/ })
})
