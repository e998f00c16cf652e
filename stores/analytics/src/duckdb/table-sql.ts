// A dataset as a SELECT: its Parquet files, or its columns without rows.
import { errors } from '../errors.ts'
import type { Column, Table } from '../port.ts'

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Throws `BAD_TABLE`. */
export function toSource(table: Table): string {
  const { files, columns = [] } = table
  if (files.length === 0 && columns.length === 0) throw errors.badTable({ table: table.name, reason: 'it has no files, and nothing says which columns it would have' })
  // One file has no other names to be united with: looking for them takes the engine as long as reading a small one.
  const read = `SELECT * FROM read_parquet([${files.map(quotePath).join(', ')}], union_by_name = ${files.length > 1}, hive_partitioning = false)`
  if (columns.length === 0) return read
  const empty = `SELECT ${columns.map((column) => toTypedNull(table, column)).join(', ')} WHERE false`
  return files.length === 0 ? empty : `${empty} UNION ALL BY NAME ${read}`
}

/** Characters of a name that the engine would read as a pattern, in brackets. */
function quotePath(path: string): string {
  return quoteText(path.replaceAll(/[*?[]/g, '[$&]'))
}

function toTypedNull(table: Table, column: Column): string {
  if (!isType(column.type)) throw errors.badTable({ table: table.name, reason: `"${column.type}" is no type for its column "${column.name}"` })
  return `CAST(NULL AS ${column.type}) AS ${quoteName(column.name)}`
}

/** Types are DuckDB's own words, as `describe` gives them: they nest in brackets, quote names of fields and values of ENUM, and never leave their brackets. */
function isType(type: string): boolean {
  const bare = type.replaceAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, 'x')
  if (!/^[A-Za-z][\w ,()[\]]*$/.test(bare)) return false
  let depth = 0
  for (const character of bare) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth < 0 || (depth === 0 && character === ',')) return false
  }
  return depth === 0
}
