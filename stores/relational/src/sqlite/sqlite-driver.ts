// Kysely's driver for node:sqlite. One writing handle behind a semaphore of one place, one reading handle that never sees uncommitted rows.
//
//   db.selectFrom(…)        → reader, at once
//   db.insertInto(…)        → the place → writer, commits by itself
//   db.transaction()        → the place → BEGIN IMMEDIATE on the writer … COMMIT; everything of `tx` goes to the writer
//
// A database in memory has the one handle only: there, reads outside wait for an open transaction to end.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { createSemaphore } from '@rondo/async'
import { IdentifierNode, RawNode, SelectQueryNode, createQueryId, type CompiledQuery, type DatabaseConnection, type Driver, type QueryCompiler, type QueryResult } from 'kysely'
import { errors } from '../errors.ts'
import { readsOnly } from '../reads-only.ts'
import { isBusy, toSqliteError } from './sqlite-errors.ts'
import type { Outcome, SqliteSession } from './sqlite-session.ts'

export type SqliteHandles = {
  /** For messages. */
  file: string
  writer: SqliteSession
  /** The writer itself when the database is in memory. */
  reader: SqliteSession
  /** A handle of its own for a long read. */
  openReader?: () => SqliteSession
  /** How long it is tried again, without blocking, while another process holds the write lock. */
  busyLimitMs: number
}

const BUSY_PAUSE_MS = 20

type Scope = { open: boolean }

export class SqliteDriver implements Driver {
  readonly #handles: SqliteHandles
  readonly #writing = createSemaphore(1)
  /** Which transaction the running code is inside of, so that a write past it fails instead of waiting for itself. */
  readonly #scopes = new AsyncLocalStorage<Scope>()
  #closed = false

  constructor(handles: SqliteHandles) {
    this.#handles = handles
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    return new SqliteConnection((connection, query) => this.#run(connection, query), (connection, query, size) => this.#stream(connection, query, size))
  }

  async beginTransaction(connection: SqliteConnection): Promise<void> {
    if (this.#scopes.getStore()?.open === true) throw errors.writeOutside({ sql: 'begin' })
    const release = await this.#writing.acquire()
    try {
      await this.#retry(this.#handles.writer, 'begin immediate', [])
    } catch (thrown) {
      release()
      throw thrown
    }
    connection.release = release
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    if (connection.hasFailed) throw errors.transactionAborted({ sql: 'commit' })
    await this.#retry(this.#handles.writer, 'commit', [])
    this.#end(connection)
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    try {
      // A full disk makes SQLite roll back by itself.
      if (this.#handles.writer.isTransaction) this.#handles.writer.run('rollback', [])
    } finally {
      this.#end(connection)
    }
  }

  async savepoint(connection: SqliteConnection, name: string, compile: QueryCompiler['compileQuery']): Promise<void> {
    await connection.executeQuery(compile(toCommand('savepoint', name), createQueryId()))
  }

  async rollbackToSavepoint(connection: SqliteConnection, name: string, compile: QueryCompiler['compileQuery']): Promise<void> {
    connection.hasFailed = false
    await connection.executeQuery(compile(toCommand('rollback to', name), createQueryId()))
  }

  async releaseSavepoint(connection: SqliteConnection, name: string, compile: QueryCompiler['compileQuery']): Promise<void> {
    await connection.executeQuery(compile(toCommand('release', name), createQueryId()))
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    if (this.#closed) return
    const release = await this.#writing.acquire()
    this.#closed = true
    if (this.#handles.reader !== this.#handles.writer) this.#handles.reader.close()
    this.#handles.writer.close()
    release()
  }

  /** Runs `work` as the inside of a transaction: until it settles, writes that go past its `tx` are refused. */
  async inside<T>(work: () => Promise<T>): Promise<T> {
    const scope = { open: true }
    try {
      return await this.#scopes.run(scope, work)
    } finally {
      scope.open = false
    }
  }

  /** Moves everything from the write-ahead log into the file and cuts the log to nothing; waits for readers of older states. */
  async emptyLog(): Promise<void> {
    const { writer, file, busyLimitMs } = this.#handles
    const release = await this.#writing.acquire()
    try {
      for (let waitedMs = 0; ; waitedMs += BUSY_PAUSE_MS) {
        const { rows } = await this.#retry(writer, 'pragma wal_checkpoint(truncate)', [])
        if (rows[0]?.['busy'] !== 1) return
        if (waitedMs >= busyLimitMs) throw errors.busy({ file, waitedMs })
        await pause(BUSY_PAUSE_MS)
      }
    } finally {
      release()
    }
  }

  async #run(connection: SqliteConnection, query: CompiledQuery): Promise<Outcome> {
    const { writer, reader } = this.#handles
    if (connection.release !== undefined) return this.#runInside(connection, query)
    const isInside = this.#scopes.getStore()?.open === true
    if (isRead(query) && (reader !== writer || isInside)) return this.#retry(reader, query.sql, query.parameters)
    if (isInside) throw errors.writeOutside({ sql: query.sql })
    const release = await this.#writing.acquire()
    try {
      return await this.#retry(writer, query.sql, query.parameters)
    } finally {
      release()
    }
  }

  /** SQLite itself would go on after a statement that failed; engines that do not are the measure. */
  async #runInside(connection: SqliteConnection, query: CompiledQuery): Promise<Outcome> {
    if (connection.hasFailed) throw errors.transactionAborted({ sql: query.sql })
    try {
      return await this.#retry(this.#handles.writer, query.sql, query.parameters)
    } catch (thrown) {
      connection.hasFailed = true
      throw thrown
    }
  }

  async *#stream(connection: SqliteConnection, query: CompiledQuery, size: number): AsyncIterableIterator<QueryResult<unknown>> {
    const { openReader } = this.#handles
    if (connection.release !== undefined || openReader === undefined) {
      const { rows } = await this.#run(connection, query)
      for (let start = 0; start < rows.length; start += size) yield { rows: rows.slice(start, start + size) }
      return
    }
    // A handle of its own: an unfinished read would hold the shared one at its old snapshot.
    const own = openReader()
    try {
      let rows: unknown[] = []
      for (const row of own.iterate(query.sql, query.parameters)) {
        if (rows.push(row) < size) continue
        yield { rows }
        rows = []
      }
      if (rows.length > 0) yield { rows }
    } catch (thrown) {
      throw toSqliteError(thrown, this.#handles.file, query.sql)
    } finally {
      own.close()
    }
  }

  async #retry(session: SqliteSession, sql: string, parameters: readonly unknown[]): Promise<Outcome> {
    for (let waitedMs = 0; ; waitedMs += BUSY_PAUSE_MS) {
      if (this.#closed) throw errors.closed({ file: this.#handles.file })
      try {
        return session.run(sql, parameters)
      } catch (thrown) {
        if (!isBusy(thrown)) throw toSqliteError(thrown, this.#handles.file, sql)
        if (waitedMs >= this.#handles.busyLimitMs) throw errors.busy({ file: this.#handles.file, waitedMs }, thrown)
      }
      await pause(BUSY_PAUSE_MS)
    }
  }

  #end(connection: SqliteConnection): void {
    connection.release?.()
    connection.release = undefined
    connection.hasFailed = false
  }
}

type Run = (connection: SqliteConnection, query: CompiledQuery) => Promise<Outcome>
type Stream = (connection: SqliteConnection, query: CompiledQuery, size: number) => AsyncIterableIterator<QueryResult<unknown>>

/** What Kysely calls a connection: outside a transaction just a ticket, inside one the holder of the place to write. */
class SqliteConnection implements DatabaseConnection {
  /** Set while this connection is in a transaction. */
  release: (() => void) | undefined
  /** A statement of this transaction has failed. */
  hasFailed = false
  readonly #run: Run
  readonly #stream: Stream

  constructor(run: Run, stream: Stream) {
    this.#run = run
    this.#stream = stream
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes, insertId } = await this.#run(this, query)
    return { rows: rows as R[], ...(changes === undefined ? {} : { numAffectedRows: changes }), ...(insertId === undefined ? {} : { insertId }) }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.#stream(this, query, chunkSize) as AsyncIterableIterator<QueryResult<R>>
  }
}

/** Raw SQL counts as a read when it begins like one; the reader's handle is read-only, so a mistake fails and writes nothing. */
function isRead(query: CompiledQuery): boolean {
  return SelectQueryNode.is(query.query) || (RawNode.is(query.query) && readsOnly(query.sql))
}

function toCommand(command: string, name: string): RawNode {
  return RawNode.createWithChildren([RawNode.createWithSql(`${command} `), IdentifierNode.create(name)])
}
