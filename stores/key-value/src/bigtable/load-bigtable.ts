// The client library, loaded only when an address names Bigtable.
import type * as Driver from '@google-cloud/bigtable'
import { errors } from '../errors.ts'

export type BigtableLibrary = typeof Driver

/** `load` is `import` but in tests. Throws `PACKAGE_MISSING`, with the line that installs it. */
export async function loadBigtable(load: (name: string) => Promise<unknown> = (name) => import(name)): Promise<BigtableLibrary> {
  try {
    return (await load('@google-cloud/bigtable')) as BigtableLibrary
  } catch (cause) {
    throw errors.packageMissing({ engine: 'Bigtable', packages: ['@google-cloud/bigtable@6.5.1'] }, cause)
  }
}
