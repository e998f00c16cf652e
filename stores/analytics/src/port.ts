// The port of SQL over Parquet: batch queries of pipelines, readouts and people.
import type { Ctx } from '@rondo/context'

/** What a cell becomes in JSON: 64-bit integers beyond 2^53 become strings, timestamps ISO strings, blobs base64, lists and structs themselves. */
export type Cell = string | number | boolean | null | Cell[] | { [name: string]: Cell }

export type Column = { name: string; /** The engine's type in DuckDB's words, e.g. "VARCHAR", "BIGINT", "TIMESTAMP". */ type: string }

export type Rows = { columns: Column[]; rows: Record<string, Cell>[]; /** More rows existed than `maxRows`. */ truncated: boolean }

/**
 * A dataset under the name that the SQL uses: the union of its Parquet files, by column name. `columns`, when given, are there with their types
 * even when no file has them; without files they are needed.
 */
export type Table = { name: string; files: string[]; columns?: Column[]; /** Needs `columns`. */ sealed?: Sealed; /** Needs `columns`. */ packed?: Packed }

/** Files that several datasets share: a row is of the dataset that its column `type` names. */
export type Packed = {
  files: string[]
  /** What `type` says of the rows of this dataset. */
  type: string
  /** Columns that lie there under their names; all others are fields of the JSON text in the column `cells`. */
  own: string[]
}

/** Values of a dataset that its files hold sealed, a row's together, and not in their own columns. */
export type Sealed = {
  /** Columns of the files, of no interest to queries: the sealed bytes, and the id of the key. */
  data: string
  key: string
  /** Columns of the dataset whose values may lie there. */
  columns: string[]
  /** Called when a query asks for such a value, and not before, with the ids of the keys that the dataset's files name. */
  open(keyIds: string[], ctx: Ctx): Promise<OpenSealed>
}

/** The value of a column as text, as the engine reads it for the column's type; null when there is none, or no key for it. */
export type OpenSealed = (keyId: string, data: Uint8Array, column: string) => string | null

/** A list for `?` and `$1`, a record for `$name`. Names that the SQL does not use are ignored; instants go as ISO text. */
export type Parameters = (string | number | boolean | null)[] | Record<string, string | number | boolean | null>

export type QueryOptions = {
  /** The SQL names them in quotes ("track-played") or with underscores (track_played). Those it does not name cost nothing. */
  tables?: Table[]
  params?: Parameters
  /** Refuses what gives another answer another time: the clock, chance, samples (`SQL_UNREPEATABLE`). Default false. */
  repeatable?: boolean
  /** Default 10,000. */
  maxRows?: number
  /** Default 30,000. */
  timeoutMs?: number
}

export type Analytics = {
  /** One SELECT over `tables`; anything else, and any file or network function, is refused (`SQL_REFUSED`); what the engine rejects is `SQL_INVALID` with its message. */
  query(sql: string, options: QueryOptions, ctx: Ctx): Promise<Rows>
  /** Columns that a SELECT would give, by the engine's planner; nothing runs. */
  describe(sql: string, options: QueryOptions, ctx: Ctx): Promise<Column[]>
  /** Runs a SELECT into one Parquet file at `path` (a staged object). */
  writeParquet(sql: string, path: string, options: QueryOptions, ctx: Ctx): Promise<{ rows: number }>
  ready(ctx: Ctx): Promise<void>
  close(): Promise<void>
}
