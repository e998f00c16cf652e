// The client library, loaded only when an address names Cassandra.
import type * as Driver from 'cassandra-driver'
import { errors } from '../errors.ts'

export type CassandraLibrary = typeof Driver

/** `load` is `import` but in tests. Throws `PACKAGE_MISSING`, with the line that installs it. */
export async function loadCassandra(load: (name: string) => Promise<unknown> = (name) => import(name)): Promise<CassandraLibrary> {
  try {
    return (await load('cassandra-driver')) as CassandraLibrary
  } catch (cause) {
    throw errors.packageMissing({ engine: 'Cassandra', packages: ['cassandra-driver@4.10.0'] }, cause)
  }
}
