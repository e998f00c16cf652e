// Reads a query by the engine's own parser and remembers what was read: pipelines send the same text for every partition.
import type { DuckDBConnection } from '@duckdb/node-api'
import { errors } from '../errors.ts'
import { findUnrepeatable, type Unrepeatable } from './find-unrepeatable.ts'
import { toInvalid } from './duckdb-errors.ts'
import { screenSql } from './screen-sql.ts'

/** `body`: the text without a final semicolon, so that it can stand in brackets. `tables`: names it needs, lower case. `unrepeatable`: the first thing that gives another answer another time. */
export type ReadSql = { body: string; tables: string[]; unrepeatable: Unrepeatable | undefined }

export type SqlReader = { /** Throws `SQL_INVALID`, `SQL_REFUSED`. */ read(connection: DuckDBConnection, sql: string): Promise<ReadSql> }

const READ_KEPT = 256

type Tree = { error: boolean; error_type?: string; error_message?: string; position?: string; statements?: unknown[] }

export function createSqlReader(): SqlReader {
  const kept = new Map<string, ReadSql>()
  return {
    async read(connection, sql) {
      const found = kept.get(sql)
      if (found !== undefined) return found
      const tree = refuseUnread(await parse(connection, sql), sql)
      const { tables } = screenSql(tree)
      const read = { body: await cutSemicolons(connection, sql, tree), tables, unrepeatable: findUnrepeatable(tree) }
      kept.set(sql, read)
      if (kept.size > READ_KEPT) kept.delete(kept.keys().next().value ?? '')
      return read
    },
  }
}

async function parse(connection: DuckDBConnection, sql: string): Promise<Tree> {
  const statement = await connection.prepare('SELECT json_serialize_sql($1::VARCHAR, skip_null := true, skip_empty := true, skip_default := true)::VARCHAR')
  statement.bindVarchar(1, sql)
  const [row] = await (await statement.run()).getRows()
  return JSON.parse(String(row?.[0])) as Tree
}

function refuseUnread(tree: Tree, sql: string): Tree {
  if (!tree.error) return tree
  const reason = tree.error_message ?? 'cannot be read'
  if (tree.error_type === 'not implemented' && reason.startsWith('Only SELECT')) {
    throw errors.refused({ what: 'this statement', why: 'only SELECT is run (and PIVOT only with its values listed: ON column IN (…))' })
  }
  throw toInvalid(reason, sql, tree.position === undefined ? undefined : Number(tree.position))
}

/** Cuts at the last semicolon for as long as what is before it says the same; so one in a text or a comment does no harm. */
async function cutSemicolons(connection: DuckDBConnection, sql: string, tree: Tree): Promise<string> {
  const whole = JSON.stringify(tree.statements)
  let body = sql
  for (;;) {
    const end = body.lastIndexOf(';')
    if (end < 0) return body
    const { statements } = await parse(connection, body.slice(0, end))
    if (JSON.stringify(statements) !== whole) return body
    body = body.slice(0, end)
  }
}
