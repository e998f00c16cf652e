// One open SQLite file handle: prepared statements are kept, parameters and cells converted.
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { errors } from '../errors.ts'

export type Cells = Record<string, unknown>
export type Outcome = { rows: Cells[]; changes?: bigint; insertId?: bigint }

export type SqliteSession = {
  readonly isTransaction: boolean
  /** Runs one statement to its end. Errors are SQLite's own. */
  run(sql: string, parameters: readonly unknown[]): Outcome
  iterate(sql: string, parameters: readonly unknown[]): IterableIterator<Cells>
  close(): void
}

type Prepared = { statement: StatementSync; /** Gives rows: SELECT, or RETURNING. */ reads: boolean }

const STATEMENTS_KEPT = 256

/** `busyMs`: how long SQLite itself waits for a lock of another process, blocking this one. */
export function openSqliteSession(file: string, options: { readOnly: boolean; busyMs: number }): SqliteSession {
  const database = new DatabaseSync(file, { readOnly: options.readOnly, timeout: options.busyMs, enableForeignKeyConstraints: true })
  const kept = new Map<string, Prepared>()

  const prepare = (sql: string): Prepared => {
    const found = kept.get(sql)
    if (found !== undefined) {
      kept.delete(sql)
      kept.set(sql, found)
      return found
    }
    const statement = database.prepare(sql)
    const prepared = { statement, reads: statement.columns().length > 0 }
    kept.set(sql, prepared)
    if (kept.size > STATEMENTS_KEPT) kept.delete(kept.keys().next().value ?? '')
    return prepared
  }

  return {
    get isTransaction() {
      return database.isTransaction
    },
    run(sql, parameters) {
      const { statement, reads } = prepare(sql)
      const values = parameters.map((value, index) => toSqlite(value, index, sql))
      if (!reads) {
        const { changes, lastInsertRowid } = statement.run(...values)
        return { rows: [], changes: BigInt(changes), insertId: BigInt(lastInsertRowid) }
      }
      // As BigInt first and then narrowed: a number would throw beyond 2^53, after a RETURNING has already written.
      statement.setReadBigInts(true)
      return { rows: statement.all(...values).map(narrow) }
    },
    *iterate(sql, parameters) {
      const { statement } = prepare(sql)
      statement.setReadBigInts(true)
      for (const row of statement.iterate(...parameters.map((value, index) => toSqlite(value, index, sql)))) yield narrow(row as Cells)
    },
    close() {
      kept.clear()
      database.close()
    },
  }
}

/** Whole numbers go as 64-bit integers, since node:sqlite would bind them as floating point; booleans as 0 and 1. */
function toSqlite(value: unknown, index: number, sql: string): SQLInputValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof value === 'string' || typeof value === 'bigint' || value === null) return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (value === undefined) return null
  if (value instanceof Uint8Array) return value
  throw errors.badParameter({ position: index + 1, type: value instanceof Date ? 'Date' : typeof value, sql })
}

/** Integers within ±2^53 as numbers, beyond as BigInt. */
function narrow(row: Cells): Cells {
  for (const name in row) {
    const value = row[name]
    if (typeof value === 'bigint' && value <= 9007199254740991n && value >= -9007199254740991n) row[name] = Number(value)
  }
  return row
}
