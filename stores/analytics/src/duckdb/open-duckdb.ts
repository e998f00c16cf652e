// The embedded engine: DuckDB in this process, reading Parquet where it lies.
//
//   sql → its syntax tree (the engine's parser) → screened → connection of its own → temporary views of the named datasets → rows
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import { throwIfCancelled, type Ctx } from '@rondo/context'
import { createLimiter } from '../limiter.ts'
import type { Analytics, Cell, Column, QueryOptions, Rows, Table } from '../port.ts'
import { toDuckdbError, toTableError, toUnrepeatable } from './duckdb-errors.ts'
import { createEngine, type EngineOptions } from './engine.ts'
import { createSqlReader } from './read-sql.ts'
import { bindParameters, runWithin } from './running-query.ts'
import { findViews } from './find-views.ts'
import { toCell } from './to-cell.ts'
import { quoteText, toViewSql } from './view-sql.ts'

const ROWS_USUAL = 10_000
const TIMEOUT_USUAL_MS = 30_000

/** Text put before the caller's: positions in errors are counted from behind it. The line break ends a comment at the caller's end. */
const EMPTY = ['SELECT * FROM (\n', '\n) LIMIT 0'] as const
const COPY = ['COPY (\n', '\n) TO '] as const

type Running = { connection: DuckDBConnection; /** The caller's SQL without a final semicolon. */ body: string; check: () => void }

export function openDuckdb(options: EngineOptions & { concurrency: number }): Analytics {
  const engine = createEngine(options)
  const limiter = createLimiter(options.concurrency)
  const reader = createSqlReader()

  /** Screens `sql`, makes its views on a fresh connection, and hands both to `work`. */
  const withQuery = <T>(sql: string, { tables = [], timeoutMs = TIMEOUT_USUAL_MS, repeatable = false }: QueryOptions, ctx: Ctx, work: (running: Running) => Promise<T>): Promise<T> =>
    limiter.run(ctx, async () => {
      try {
        return await engine.borrow((connection) =>
          runWithin(connection, { timeoutMs, closing: engine.closing, ctx }, async (check) => {
            const read = await reader.read(connection, sql)
            if (repeatable && read.unrepeatable !== undefined) throw toUnrepeatable(read.unrepeatable, sql)
            for (const { name, table } of findViews(read.tables, tables)) {
              check()
              await makeView(connection, name, table)
            }
            check()
            return work({ connection, body: read.body, check })
          }),
        )
      } catch (thrown) {
        throw toDuckdbError(thrown, sql)
      }
    })

  return {
    query: (sql, options, ctx) =>
      withQuery(sql, options, ctx, async ({ connection, body, check }) => {
        const statement = await connection.prepare(body)
        bindParameters(statement, options.params ?? [])
        check()
        return readRows(await statement.stream(), options.maxRows ?? ROWS_USUAL, check)
      }),
    describe: (sql, options, ctx) => withQuery(sql, options, ctx, ({ connection, body }) => describe(connection, body, options)),
    writeParquet: (sql, path, options, ctx) =>
      withQuery(sql, options, ctx, async ({ connection, body, check }) => {
        const columns = await describe(connection, body, options)
        check()
        return translate(sql, COPY[0].length, async () => {
          const statement = await connection.prepare(`${COPY[0]}${body}${COPY[1]}${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`)
          bindParameters(statement, options.params ?? [])
          const result = await statement.run()
          return { rows: result.rowsChanged, columns }
        })
      }),
    async ready(ctx) {
      throwIfCancelled(ctx)
      await engine.borrow(async () => undefined)
    },
    close: () => engine.close(),
  }
}

async function makeView(connection: DuckDBConnection, name: string, table: Table): Promise<void> {
  try {
    await connection.run(toViewSql(name, table))
  } catch (thrown) {
    throw toTableError(thrown, table.name)
  }
}

async function describe(connection: DuckDBConnection, body: string, options: QueryOptions): Promise<Column[]> {
  return translate(body, EMPTY[0].length, async () => {
    const statement = await connection.prepare(`${EMPTY[0]}${body}${EMPTY[1]}`)
    bindParameters(statement, options.params ?? [])
    return toColumns(await statement.stream())
  })
}

async function readRows(result: DuckDBResult, maxRows: number, check: () => void): Promise<Rows> {
  const columns = toColumns(result)
  const rows: Record<string, Cell>[] = []
  for (;;) {
    check()
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return { columns, rows, truncated: false }
    const values = chunk.getColumns()
    for (let at = 0; at < chunk.rowCount; at += 1) {
      if (rows.length >= maxRows) return { columns, rows, truncated: true }
      const row: Record<string, Cell> = {}
      for (const [index, column] of columns.entries()) row[column.name] = toCell(values[index]?.[at] ?? null)
      rows.push(row)
    }
  }
}

/** A name that comes twice gets a number behind it, so that no cell is lost. */
function toColumns(result: DuckDBResult): Column[] {
  return result.deduplicatedColumnNames().map((name, index) => ({ name, type: result.columnType(index).toString() }))
}

/** Errors of a text that has `offset` bytes before the caller's. */
async function translate<T>(sql: string, offset: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw toDuckdbError(thrown, sql, offset)
  }
}
