// Addresses of Bigtable: what they say, and what is refused with a reason.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBigtableAddress } from './parse-bigtable-address.ts'

test('KV14 an address says project, instance and emulator, with defaults', () => {
  const defaults = { profile: '', timeoutMs: 12_000, giveUpAfterMs: 30_000 }
  assert.deepEqual(parseBigtableAddress('bigtable://my-project/main', {}), { shown: 'bigtable://my-project/main', project: 'my-project', instance: 'main', emulator: undefined, ...defaults })
  assert.deepEqual(parseBigtableAddress('bigtable://rondo/main?emulator=127.0.0.1:8086&profile=single&timeoutMs=700&giveUpAfterMs=900', { BIGTABLE_EMULATOR_HOST: 'other:1' }), {
    shown: 'bigtable://rondo/main?emulator=127.0.0.1:8086',
    project: 'rondo',
    instance: 'main',
    emulator: '127.0.0.1:8086',
    profile: 'single',
    timeoutMs: 700,
    giveUpAfterMs: 900,
  })
  assert.equal(parseBigtableAddress('bigtable://rondo/main', { BIGTABLE_EMULATOR_HOST: 'localhost:8086' }).emulator, 'localhost:8086')
})

for (const [address, reason] of [
  ['bigtable://', 'no project'],
  ['bigtable://rondo', 'no instance behind'],
  ['bigtable://Rondo/main', '"Rondo" is no project'],
  ['bigtable://rondo/Main', '"Main" is no instance'],
  ['bigtable://127.0.0.1:8086/rondo/rondo', 'it cannot be read'],
  ['bigtable://user:secret@rondo/main', '"bigtable://user:…@rondo/main"'],
  ['bigtable://rondo/main?emulator=localhost', 'emulator="localhost"'],
  ['bigtable://rondo/main?timeoutMs=0', 'timeoutMs="0"'],
  ['bigtable://rondo/main?copies=3', 'no parameter "copies"'],
] as const) {
  test(`KV14 ${address} is refused: ${reason}`, () => {
    assert.throws(() => parseBigtableAddress(address, {}), ({ code, message }: Error & { code: string }) => code === 'BAD_STORE_ADDRESS' && message.includes(reason) && !message.includes('secret'))
  })
}
