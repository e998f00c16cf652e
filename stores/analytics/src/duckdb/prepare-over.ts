// Prepares a query over its datasets in as few looks at their files as the engine allows.
//
//   WITH "plays" AS NOT MATERIALIZED (SELECT … FROM read_parquet([…])) (SELECT …)       one look
//   WITH "plays" AS NOT MATERIALIZED (…), own AS (…) SELECT …                           the same, for a query that begins with WITH
//   CREATE TEMP VIEW "plays" AS …; the query                                            one at the view, one more at the query
import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api'
import { toTableError } from './duckdb-errors.ts'
import type { View } from './find-views.ts'
import { quoteName, toSource } from './table-sql.ts'

export type Query = {
  views: View[]
  around: readonly [before: string, after: string]
  /** The caller's SQL without a final semicolon. A line break behind it ends a comment at its end. */
  body: string
  check: () => void
  /** Told the bytes before `body` of what is prepared. */
  noteOffset: (bytes: number) => void
}

/** Blanks and comments, then WITH. What it takes wrongly, the engine refuses. */
const OWN_WITH = /^(?:\s|--[^\n]*\n|\/\*[^]*?\*\/)*with\b(\s+recursive\b)?/i

/**
 * A query that the engine does not take with its datasets before it gets them as views: so it runs when its own WITH has the name of a
 * dataset, and what is wrong is told apart: a dataset, or the query.
 */
export async function prepareOver(connection: DuckDBConnection, { views, around: [before, after], body, check, noteOffset }: Query): Promise<DuckDBPreparedStatement> {
  check()
  if (views.length > 0) {
    // Throws for a table that is wrong by itself, before anything runs.
    const list = views.map(({ name, table, token }) => `${quoteName(name)} AS NOT MATERIALIZED (${toSource(table, token)})`).join(', ')
    const [own, recursive = ''] = OWN_WITH.exec(body) ?? []
    const start = own === undefined ? `${before}WITH ${list} (\n` : `${before}WITH${recursive} ${list}, `
    noteOffset(Buffer.byteLength(start) - Buffer.byteLength(own ?? ''))
    try {
      return await connection.prepare(own === undefined ? `${start}${body}\n)${after}` : `${start}${body.slice(own.length)}${after}`)
    } catch {
      check()
    }
    for (const view of views) {
      await makeView(connection, view)
      check()
    }
  }
  noteOffset(Buffer.byteLength(before))
  return connection.prepare(`${before}${body}${after}`)
}

async function makeView(connection: DuckDBConnection, { name, table, token }: View): Promise<void> {
  try {
    await connection.run(`CREATE OR REPLACE TEMP VIEW ${quoteName(name)} AS ${toSource(table, token)}`)
  } catch (thrown) {
    throw toTableError(thrown, table.name)
  }
}
