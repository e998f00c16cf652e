// A dataset as a SELECT: its Parquet files, or its columns without rows.
import { errors } from '../errors.ts'
import type { Column, Packed, Table } from '../port.ts'

/** See unseal.ts. */
export const UNSEAL = 'rondo_unseal'

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** `token`: with which sealed values are opened. Throws `BAD_TABLE`. */
export function toSource(table: Table, token = ''): string {
  const { files, columns = [], sealed, packed } = table
  if (files.length === 0 && columns.length === 0) throw errors.badTable({ table: table.name, reason: 'it has no files, and nothing says which columns it would have' })
  if (columns.length === 0) return readFiles(files)
  const reads = [...(files.length === 0 ? [] : [readFiles(files)]), ...(packed === undefined || packed.files.length === 0 ? [] : [readPacked(table, packed)])]
  const all = sealed === undefined || reads.length === 0 ? columns : [...columns, { name: sealed.data, type: 'BLOB' }, { name: sealed.key, type: 'VARCHAR' }]
  const empty = `SELECT ${all.map((column) => toTypedNull(table, column)).join(', ')} WHERE false`
  return reads.length === 0 ? empty : toOpened([empty, ...reads].join(' UNION ALL BY NAME '), table, token)
}

function readPacked({ columns = [], sealed }: Table, { files, type, own }: Packed): string {
  const there = new Set(own)
  const list = columns.map((column) => {
    if (there.has(column.name)) return quoteName(column.name)
    const path = `/${column.name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    return `TRY_CAST(json_extract_string(cells, ${quoteText(path)}) AS ${column.type}) AS ${quoteName(column.name)}`
  })
  if (sealed !== undefined) list.push(quoteName(sealed.data), quoteName(sealed.key))
  return `SELECT ${list.join(', ')} FROM (${readFiles(files)}) WHERE "type" = ${quoteText(type)}`
}

export function readFiles(files: string[]): string {
  // One file has no other names to be united with: looking for them takes the engine as long as reading a small one.
  return `SELECT * FROM read_parquet([${files.map(quotePath).join(', ')}], union_by_name = ${files.length > 1}, hive_partitioning = false)`
}

/** Around rows that have all columns of the table and the two sealed ones: those of the table, opened. */
function toOpened(source: string, { sealed, columns = [] }: Table, token: string): string {
  if (sealed === undefined) return source
  const types = new Map(columns.map(({ name, type }) => [name, type]))
  const opened = sealed.columns.flatMap((name) => {
    const type = types.get(name)
    if (type === undefined) return []
    const value = `${UNSEAL}(${quoteText(token)}, ${quoteName(sealed.key)}, ${quoteName(sealed.data)}, ${quoteText(name)})`
    return [`CASE WHEN ${quoteName(sealed.data)} IS NULL THEN ${quoteName(name)} ELSE coalesce(TRY_CAST(${value} AS ${type}), ${quoteName(name)}) END AS ${quoteName(name)}`]
  })
  const replaced = opened.length === 0 ? '' : ` REPLACE (${opened.join(', ')})`
  return `SELECT * EXCLUDE (${quoteName(sealed.data)}, ${quoteName(sealed.key)})${replaced} FROM (${source})`
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
