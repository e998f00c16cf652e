// The database that a service's tests run on: a file of their own, or the PostgreSQL that the environment names.
import { createHash } from 'node:crypto'
import { openRelational } from './open-relational.ts'
import type { Relational } from './port.ts'

/**
 * `name`.db in the folder. With RONDO_TEST_DATABASE="postgres://user@host:port/database" a schema of that database, which belongs to the folder in the same
 * way: who opens it again finds what is there. The database is the caller's to drop.
 */
export function openTestDatabase<DB>(folder: string, name: string, environment: Record<string, string | undefined> = process.env): Promise<Relational<DB>> {
  const address = environment['RONDO_TEST_DATABASE'] ?? ''
  if (address === '') return openRelational<DB>(`sqlite:${folder}`, { name })
  return openRelational<DB>(`${address}?schema=t${createHash('sha256').update(folder).digest('hex').slice(0, 16)}&pool=3`, { name })
}
