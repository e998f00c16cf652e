// Opens sealed values while a query runs, only where the query asks for one: a function of the engine that calls back here.
//
//   CASE WHEN "_sealed" IS NULL THEN "query" ELSE coalesce(CAST(rondo_unseal('token', "_sealedBy", "_sealed", 'query') AS VARCHAR), "query") END
//
// A query first runs without keys. If it asks for a sealed value, it is stopped, the keys that its files name are fetched, and it runs again: a
// query that does not look at personal values fetches none. Keys are forgotten with the query.
import { randomBytes } from 'node:crypto'
import { BLOB, DuckDBBlobValue, DuckDBScalarFunction, VARCHAR, type DuckDBConnection } from '@duckdb/node-api'
import type { Ctx } from '@rondo/context'
import type { OpenSealed } from '../port.ts'
import type { View } from './find-views.ts'
import { quoteName, readFiles, UNSEAL } from './table-sql.ts'

/** What a running query may open, by the token that its text carries. */
export type Openings = Map<string, { open: OpenSealed | undefined; isAsked: boolean }>

/** Once for an engine. */
export function createUnsealFunction(openings: Openings): DuckDBScalarFunction {
  return DuckDBScalarFunction.create({
    name: UNSEAL,
    returnType: VARCHAR,
    parameterTypes: [VARCHAR, VARCHAR, BLOB, VARCHAR],
    mainFunction(info, input, output) {
      try {
        const [tokens, keyIds, data, columns] = [0, 1, 2, 3].map((index) => input.getColumnVector(index))
        const opening = openings.get(String(tokens?.getItem(0)))
        if (opening === undefined) return info.setError('This query may open nothing.')
        if (opening.open === undefined) {
          opening.isAsked = true
          return info.setError('The keys are not there yet.')
        }
        const column = String(columns?.getItem(0))
        for (let row = 0; row < input.rowCount; row += 1) {
          const sealed = data?.getItem(row)
          const keyId = keyIds?.getItem(row)
          output.setItem(row, sealed instanceof DuckDBBlobValue && typeof keyId === 'string' ? opening.open(keyId, sealed.bytes, column) : null)
        }
        output.flush()
      } catch (thrown) {
        info.setError(thrown instanceof Error ? thrown.message : String(thrown))
      }
    },
  })
}

/** Runs `work` over these datasets, and once more when it asked for what only keys open. */
export async function withSealed<T>(connection: DuckDBConnection, openings: Openings, views: View[], ctx: Ctx, work: (views: View[]) => Promise<T>): Promise<T> {
  const named = views.map((view): View => (view.table.sealed === undefined ? view : { ...view, token: randomBytes(16).toString('hex') }))
  const tokens = named.flatMap(({ token }) => token ?? [])
  for (const token of tokens) openings.set(token, { open: undefined, isAsked: false })
  try {
    try {
      return await work(named)
    } catch (thrown) {
      if (!tokens.some((token) => openings.get(token)?.isAsked)) throw thrown
    }
    for (const view of named) await fetchKeys(connection, openings, view, ctx)
    return await work(named)
  } finally {
    for (const token of tokens) openings.delete(token)
  }
}

/** Those that the dataset's files name. */
async function fetchKeys(connection: DuckDBConnection, openings: Openings, { table: { sealed, files, packed }, token = '' }: View, ctx: Ctx): Promise<void> {
  const opening = openings.get(token)
  if (sealed === undefined || opening === undefined) return
  const result = await connection.run(`SELECT DISTINCT ${quoteName(sealed.key)} FROM (${readFiles([...files, ...(packed?.files ?? [])])}) WHERE ${quoteName(sealed.key)} IS NOT NULL`)
  opening.open = await sealed.open((await result.getRows()).map(([id]) => String(id)), ctx)
}
