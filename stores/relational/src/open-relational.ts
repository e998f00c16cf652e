// Picks the driver by the scheme of the address; a driver is loaded only when it is named.
import { join } from 'node:path'
import { hidePassword } from '@rondo/errors'
import { createSystemRandom, type Random } from '@rondo/random'
import { errors } from './errors.ts'
import type { Relational } from './port.ts'

export type RelationalOptions = {
  /** Whose database it is, when the address is that of many: a file `<name>.db` in the folder of a SQLite address, a schema of a PostgreSQL database. */
  name?: string
  /** How long work waits while another process holds the database, or while its engine is away. Default 5,000. */
  busyLimitMs?: number
  /** For the pauses between tries. */
  random?: Random
}

/**
 * `openRelational<DB>('sqlite:./folder/name.db')`: the file and its folder are made when missing. `sqlite::memory:` is gone with `close()`.
 * `openRelational<DB>('postgres://user:password@host:5432/database?schema=name')`: the schema is made when missing.
 * Throws `BAD_STORE_ADDRESS`; `DATABASE_CANNOT_OPEN`, `DATABASE_CORRUPT`; `DATABASE_UNREACHABLE`, `LOGIN_REFUSED`, `DATABASE_MISSING`, `DATABASE_TOO_OLD`,
 * `DATABASE_READ_ONLY`, `DATABASE_FORBIDS`, `PACKAGE_MISSING`.
 */
export async function openRelational<DB>(address: string, options: RelationalOptions = {}): Promise<Relational<DB>> {
  const { name, busyLimitMs = 5_000 } = options
  if (name !== undefined && !/^[a-z][a-z0-9-]*$/.test(name)) throw errors.badAddress({ address: name, reason: 'a database is called by small letters, digits and "-"' })
  const [, scheme, rest] = /^([a-z]+):(.+)$/.exec(address) ?? []
  if (scheme === 'sqlite' && rest !== undefined) {
    const { openSqlite } = await import('./sqlite/open-sqlite.ts')
    return openSqlite<DB>(name === undefined || rest === ':memory:' ? rest : join(rest, `${name}.db`), { busyLimitMs })
  }
  if (scheme === 'postgres' || scheme === 'postgresql') {
    const { openPostgres } = await import('./postgres/open-postgres.ts')
    return openPostgres<DB>(address, { name, awayLimitMs: busyLimitMs, random: options.random ?? createSystemRandom() })
  }
  throw errors.badAddress({ address: hidePassword(address) })
}
