// The client library, loaded only when an address names PostgreSQL.
import type Cursor from 'pg-cursor'
import type pg from 'pg'
import { errors } from '../errors.ts'

export type PgLibrary = { pg: typeof pg; Cursor: typeof Cursor }

/** `load` is `import` but in tests. Throws `PACKAGE_MISSING`, with the line that installs it. */
export async function loadPg(load: (name: string) => Promise<unknown> = (name) => import(name)): Promise<PgLibrary> {
  try {
    const [client, cursor] = await Promise.all([load('pg'), load('pg-cursor')])
    return { pg: (client as { default: typeof pg }).default, Cursor: (cursor as { default: typeof Cursor }).default }
  } catch (cause) {
    throw errors.packageMissing({ packages: ['pg@8.23.1', 'pg-cursor@2.22.0'] }, cause)
  }
}
