// Picks the driver by the scheme of the address; a driver is loaded only when it is named.
import type { Clock } from '@rondo/time'
import { errors } from './errors.ts'
import type { KeyValue } from './port.ts'

export type KeyValueOptions = {
  /** Says when entries with a `ttlMs` expire. */
  clock: Clock
  /** Stores of one address and different namespaces share no keys: one for each service. */
  namespace?: string
}

/** `lmdb:./folder` or `memory:`. Throws `BAD_STORE_ADDRESS`, `BAD_NAMESPACE`, `KEY_VALUE_CANNOT_OPEN`. */
export async function openKeyValue(address: string, options: KeyValueOptions): Promise<KeyValue> {
  const [, scheme, rest] = /^([a-z]+):(.*)$/.exec(address) ?? []
  const namespace = options.namespace ?? ''
  if (!/^[a-z0-9-]*$/.test(namespace)) throw errors.badNamespace({ namespace })
  if (scheme === 'memory') {
    const { createMemoryKeyValue } = await import('./drivers/memory.ts')
    return createMemoryKeyValue(options.clock)
  }
  if (scheme !== 'lmdb' || rest === undefined || rest === '') throw errors.badAddress({ address })
  const { openLmdb } = await import('./drivers/lmdb.ts')
  return openLmdb(namespace === '' ? rest : `${rest}/${namespace}`, options.clock)
}
