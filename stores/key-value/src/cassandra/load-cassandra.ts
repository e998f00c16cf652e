// The client library, loaded only when an address names Cassandra.
import type * as Driver from 'cassandra-driver'
import { errors } from '../errors.ts'
import type { ConnectionClass } from './end-client.ts'

export type CassandraLibrary = typeof Driver & { Connection: ConnectionClass }

/** `load` is `import` but in tests. Throws `PACKAGE_MISSING`, with the line that installs it. */
export async function loadCassandra(load: (name: string) => Promise<unknown> = (name) => import(name)): Promise<CassandraLibrary> {
  try {
    const { default: driver } = (await load('cassandra-driver')) as { default: typeof Driver }
    const { default: Connection } = (await load('cassandra-driver/lib/connection.js')) as { default: ConnectionClass }
    return { ...driver, Connection }
  } catch (cause) {
    throw errors.packageMissing({ engine: 'Cassandra', packages: ['cassandra-driver@4.10.0'] }, cause)
  }
}
