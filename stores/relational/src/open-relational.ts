// Picks the driver by the scheme of the address; a driver is loaded only when it is named.
import { errors } from './errors.ts'
import type { Relational } from './port.ts'

export type RelationalOptions = {
  /** How long a write waits while another process holds the database. Default 5,000. */
  busyLimitMs?: number
}

/**
 * `openRelational<DB>('sqlite:./folder/name.db')`: the file and its folder are made when missing. `sqlite::memory:` is gone with `close()`.
 * Throws `BAD_STORE_ADDRESS`, `DATABASE_CANNOT_OPEN`, `DATABASE_CORRUPT`.
 */
export async function openRelational<DB>(address: string, options: RelationalOptions = {}): Promise<Relational<DB>> {
  const [, scheme, rest] = /^([a-z]+):(.+)$/.exec(address) ?? []
  if (scheme !== 'sqlite' || rest === undefined) throw errors.badAddress({ address })
  const { openSqlite } = await import('./sqlite/open-sqlite.ts')
  return openSqlite<DB>(rest, { busyLimitMs: options.busyLimitMs ?? 5_000 })
}
