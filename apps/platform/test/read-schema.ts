// The tables of a database as both engines can tell them: columns with type and default, keys, indexes.
import { Kysely, sql } from 'kysely'

export type Schema = Record<string, Table>
type Table = {
  /** "bigint not null default 0" by column. */
  columns: Record<string, string>
  primaryKey: string[]
  /** "name: a, b", those that are unique with "unique" for a name. */
  indexes: string[]
  /** "a → table.b" */
  references: string[]
}

type Column = { table: string; name: string; type: string; required: number; fallback: string | null }
type Index = { table: string; name: string; kind: 'primary' | 'unique' | 'plain'; place: number; column: string }
type Reference = { table: string; column: string; target: string; targetColumn: string }
type Parts = { columns: Column[]; indexes: Index[]; references: Reference[] }

export async function readSchema(db: Kysely<never>, dialect: 'sqlite' | 'postgres'): Promise<Schema> {
  const { columns, indexes, references } = await { sqlite: readSqlite, postgres: readPostgres }[dialect](db)
  const schema: Schema = {}
  for (const { table } of columns) schema[table] = { columns: {}, primaryKey: [], indexes: [], references: [] }
  for (const { table, column } of indexes.filter((index) => index.kind === 'primary').sort((a, b) => a.place - b.place)) schema[table]?.primaryKey.push(column)
  for (const { table, name, type, required, fallback } of columns) {
    const into = schema[table]
    if (into === undefined) continue
    // SQLite lets a key be null unless it is told otherwise; no row of ours has one.
    const isRequired = required === 1 || into.primaryKey.includes(name)
    into.columns[name] = `${type}${isRequired ? ' not null' : ''}${fallback === null ? '' : ` default ${fallback}`}`
  }
  const byName = Map.groupBy(indexes.filter(({ kind }) => kind !== 'primary').sort((a, b) => a.place - b.place), ({ table, name }) => `${table} ${name}`)
  for (const [first, ...more] of byName.values()) if (first !== undefined) schema[first.table]?.indexes.push(`${first.kind === 'unique' ? 'unique' : first.name}: ${[first, ...more].map(({ column }) => column).join(', ')}`)
  for (const { table, column, target, targetColumn } of references) schema[table]?.references.push(`${column} → ${target}.${targetColumn}`)
  for (const table of Object.values(schema)) for (const list of [table.indexes, table.references]) list.sort()
  return schema
}

async function readSqlite(db: Kysely<never>): Promise<Parts> {
  const columns = await sql<Column>`
    select m.name as "table", c.name as name, lower(c.type) as type, c."notnull" as required, c.dflt_value as fallback
    from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'`.execute(db)
  const indexes = await sql<Index>`
    select m.name as "table", i.name as name, case when i.origin = 'pk' then 'primary' when i."unique" then 'unique' else 'plain' end as kind, c.seqno as place, c.name as "column"
    from sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c where m.type = 'table'
    union all
    select m.name, 'rowid', 'primary', 0, c.name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' and c.pk = 1 and lower(c.type) = 'integer'`.execute(db)
  const references = await sql<Reference>`
    select m.name as "table", r."from" as "column", r."table" as target, r."to" as "targetColumn" from sqlite_master m, pragma_foreign_key_list(m.name) r where m.type = 'table'`.execute(db)
  return { columns: columns.rows, indexes: indexes.rows, references: references.rows }
}

async function readPostgres(db: Kysely<never>): Promise<Parts> {
  const columns = await sql<Column>`
    select table_name as "table", column_name as name, data_type as type, is_nullable = 'NO' as required, column_default as fallback
    from information_schema.columns where table_schema = current_schema()`.execute(db)
  const indexes = await sql<Index>`
    select t.relname as "table", n.relname as name, case when i.indisprimary then 'primary' when i.indisunique then 'unique' else 'plain' end as kind, k.place, a.attname as "column"
    from pg_index i join pg_class t on t.oid = i.indrelid join pg_class n on n.oid = i.indexrelid
      cross join unnest(i.indkey::int2[]) with ordinality as k (number, place) join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number
    where t.relnamespace = current_schema()::regnamespace`.execute(db)
  const references = await sql<Reference>`
    select t.relname as "table", a.attname as "column", f.relname as target, b.attname as "targetColumn"
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_class f on f.oid = c.confrelid
      join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1] join pg_attribute b on b.attrelid = f.oid and b.attnum = c.confkey[1]
    where c.contype = 'f' and t.relnamespace = current_schema()::regnamespace`.execute(db)
  return { columns: columns.rows, indexes: indexes.rows, references: references.rows }
}
