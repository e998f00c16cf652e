// The embedded engine: DuckDB in this process, reading Parquet where it lies.
//
//   sql → its syntax tree (the engine's parser) → screened → connection of its own → the datasets it names before it, as WITH → rows
import type { DuckDBPreparedStatement, DuckDBResult } from '@duckdb/node-api'
import { createLimit } from '@rondo/async'
import { throwIfCancelled, type Ctx } from '@rondo/context'
import type { FileCache, Held } from '../file-cache.ts'
import type { Analytics, Cell, Column, QueryOptions, Rows } from '../port.ts'
import { toDuckdbError, toUnrepeatable } from './duckdb-errors.ts'
import { createEngine, type EngineOptions } from './engine.ts'
import { createSqlReader } from './read-sql.ts'
import { bindParameters, runWithin } from './running-query.ts'
import { findViews, type View } from './find-views.ts'
import { toCell } from './to-cell.ts'
import { prepareOver } from './prepare-over.ts'
import { quoteText } from './table-sql.ts'
import { withSealed } from './unseal.ts'

const ROWS_USUAL = 10_000
const TIMEOUT_USUAL_MS = 30_000

/** What stands around the caller's text. */
type Around = readonly [before: string, after: string]
const BARE: Around = ['', '']
const EMPTY: Around = ['SELECT * FROM (\n', '\n) LIMIT 0']
const toFile = (path: string): Around => ['COPY (\n', `\n) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`]

type Running = { statement: DuckDBPreparedStatement; check: () => void }

/** `cache`: fetches the files that do not lie on this machine; closed with the engine. */
export function openDuckdb(options: EngineOptions & { concurrency: number }, cache?: FileCache): Analytics {
  const engine = createEngine(options)
  const limit = createLimit(options.concurrency)
  const reader = createSqlReader()

  /** Screens `sql`, prepares it over its datasets on a fresh connection, and hands it to `work`. */
  const withQuery = <T>(sql: string, around: Around, { tables = [], params = [], timeoutMs = TIMEOUT_USUAL_MS, repeatable = false }: QueryOptions, ctx: Ctx, work: (running: Running) => Promise<T>): Promise<T> =>
    limit(async () => {
      // Bytes before the caller's text: places in errors are counted from behind them.
      let offset = 0
      let held: Held | undefined
      try {
        return await engine.borrow((connection) =>
          runWithin(connection, { timeoutMs, closing: engine.closing, ctx }, async (check, ending) => {
            const read = await reader.read(connection, sql)
            if (repeatable && read.unrepeatable !== undefined) throw toUnrepeatable(read.unrepeatable, sql)
            const noteOffset = (bytes: number): void => {
              offset = bytes
            }
            const views = findViews(read.tables, tables)
            held = await cache?.hold(views.flatMap(({ table }) => [...table.files, ...(table.packed?.files ?? [])]), { ...ctx, signal: ending })
            return withSealed(connection, engine.openings, held === undefined ? views : toLocal(views, held), ctx, async (local) => {
              const statement = await prepareOver(connection, { views: local, around, body: read.body, check, noteOffset })
              bindParameters(statement, params)
              check()
              return work({ statement, check })
            })
          }),
        )
      } catch (thrown) {
        const error = toDuckdbError(thrown, sql, offset)
        throw held?.explain(error) ?? error
      } finally {
        held?.release()
      }
    }, ctx)

  return {
    query: (sql, options, ctx) => withQuery(sql, BARE, options, ctx, async ({ statement, check }) => readRows(await statement.stream(), options.maxRows ?? ROWS_USUAL, check)),
    describe: (sql, options, ctx) => withQuery(sql, EMPTY, options, ctx, async ({ statement }) => toColumns(await statement.stream())),
    writeParquet: (sql, path, options, ctx) => withQuery(sql, toFile(path), options, ctx, async ({ statement }) => ({ rows: (await statement.run()).rowsChanged })),
    async ready(ctx) {
      throwIfCancelled(ctx)
      await engine.borrow(async () => undefined)
    },
    async close() {
      await engine.close()
      await cache?.close()
    },
  }
}

function toLocal(views: View[], held: Held): View[] {
  return views.map(({ name, table }) => ({ name, table: { ...table, files: table.files.map((file) => held.pathOf(file)), ...(table.packed === undefined ? {} : { packed: { ...table.packed, files: table.packed.files.map((file) => held.pathOf(file)) } }) } }))
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
