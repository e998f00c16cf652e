// Which datasets a query names, each by its own name or with underscores for dashes.
import { errors } from '../errors.ts'
import type { Table } from '../port.ts'

/** `token`: of its sealed values. */
export type View = { name: string; table: Table; token?: string }

/** `named` in lower case. Throws `SQL_REFUSED` for a name that is no dataset's. */
export function findViews(named: string[], tables: Table[]): View[] {
  const byName = new Map<string, Table>()
  for (const table of tables) byName.set(table.name.replaceAll('-', '_').toLowerCase(), table)
  for (const table of tables) byName.set(table.name.toLowerCase(), table)
  return named.map((name) => {
    const table = byName.get(name)
    if (table === undefined) throw errors.unknownTable({ table: name, known: tables.map((known) => known.name) })
    return { name, table }
  })
}
