// Columns in our words and in the engine's: what an empty table looks like, and which results fit which column.
import type { EndpointColumn } from '../contract.ts'
import { quoteName, toSubquery } from './sql-text.ts'

type ColumnType = EndpointColumn['type']

/** A column in the engine's words. */
export type EngineColumn = { name: string; type: string }

const ENGINE_TYPE: Record<ColumnType, string> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
  json: 'VARCHAR',
}

const INTEGERS = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/
const FITS: Record<ColumnType, RegExp> = {
  string: /^(VARCHAR|UUID|ENUM\(.*\))$/s,
  integer: INTEGERS,
  number: /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\))$/,
  boolean: /^BOOLEAN$/,
  timestamp: /^(TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE|DATE)$/,
  json: /^(VARCHAR|JSON)$/,
}

/** The columns of a dataset in the engine's words. */
export function toEngineColumns(columns: { name: string; type: ColumnType }[]): EngineColumn[] {
  return columns.map((column) => ({ name: column.name, type: ENGINE_TYPE[column.type] }))
}

/** A result of type `"NULL"` (only nulls) fits everything. */
export function fits(type: ColumnType, engineType: string): boolean {
  return engineType === '"NULL"' || engineType === 'NULL' || FITS[type].test(engineType)
}

/** The SELECT whose result has exactly the declared columns, in their order and types, so that all partitions of a dataset agree. */
export function castToColumns(sql: string, columns: { name: string; type: ColumnType }[]): string {
  const list = columns.map((column) => `CAST(${quoteName(column.name)} AS ${ENGINE_TYPE[column.type]}) AS ${quoteName(column.name)}`)
  return `SELECT ${list.join(', ')} FROM ${toSubquery(sql)}`
}
