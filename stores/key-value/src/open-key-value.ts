// Picks the driver by the scheme of the address; a driver is loaded only when it is named.
import { hidePassword } from '@rondo/errors'
import { createSystemRandom } from '@rondo/random'
import { errors } from './errors.ts'
import type { KeyValue, KeyValueOptions } from './port.ts'

/**
 * `lmdb:./folder`, `cassandra://…`, `bigtable://…` (see README.md) or `memory:`. Throws `BAD_STORE_ADDRESS`, `BAD_NAMESPACE`, `KEY_VALUE_CANNOT_OPEN`, and of engines
 * `PACKAGE_MISSING`, `KEY_VALUE_UNREACHABLE`, `LOGIN_REFUSED`, `KEY_VALUE_TOO_OLD`, `KEYSPACE_MISSING`, `INSTANCE_MISSING`, `TABLE_DIFFERS`, `CLOCKS_APART`.
 */
export async function openKeyValue(address: string, options: KeyValueOptions): Promise<KeyValue> {
  const [, scheme, rest] = /^([a-z]+):(.*)$/.exec(address) ?? []
  const namespace = options.namespace ?? ''
  if (!/^[a-z0-9-]{0,40}$/.test(namespace)) throw errors.badNamespace({ namespace })
  if (scheme === 'memory') {
    const { createMemoryKeyValue } = await import('./drivers/memory.ts')
    return createMemoryKeyValue(options.clock)
  }
  if (scheme === 'cassandra') {
    const { openCassandra } = await import('./cassandra/open-cassandra.ts')
    return openCassandra(address, { ...options, random: createSystemRandom() })
  }
  if (scheme === 'bigtable') {
    const { openBigtable } = await import('./bigtable/open-bigtable.ts')
    return openBigtable(address, { ...options, random: createSystemRandom() })
  }
  if (scheme !== 'lmdb' || rest === undefined || rest === '') throw errors.badAddress({ address: hidePassword(address) })
  const { openLmdb } = await import('./drivers/lmdb.ts')
  return openLmdb(namespace === '' ? rest : `${rest}/${namespace}`, options.clock)
}
