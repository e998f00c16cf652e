// What Kysely holds as a connection while it works: checks what goes in, gives errors their meaning, and repeats what is safe to repeat.
//
//   outside a transaction   conflict → again;  connection lost → a read again on another connection, a write fails and says so
//   inside one              a failure is noted in the attempt; whoever started the transaction decides (run-transaction.ts)
import { throwIfCancelled } from '@rondo/context'
import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type { PoolClient, Submittable } from 'pg'
import { errors } from '../errors.ts'
import { readsOnly } from '../reads-only.ts'
import type { Attempt } from './attempt.ts'
import { classify, isStalePlan, toPostgresError, wasNotSent } from './postgres-errors.ts'
import { toPostgres } from './postgres-values.ts'
import { CONFLICT_TRIES, type Sessions } from './sessions.ts'

export class PostgresSession implements PostgresPoolClient {
  readonly #sessions: Sessions
  #client: PoolClient
  #isInTransaction = false
  #attempt: Attempt | undefined
  /** Of the engine's process that serves this session. */
  #pid: number | undefined
  #isLost = false

  constructor(client: PoolClient, sessions: Sessions) {
    this.#client = client
    this.#sessions = sessions
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
  query<R>(query: string | PostgresCursor<R>, parameters: readonly unknown[] = []): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof query !== 'string') return this.#openCursor(query)
    if (query === 'begin' || query.startsWith('start transaction')) return this.#begin(query)
    if (query === 'commit') return this.#commit()
    if (query === 'rollback') return this.#rollback()
    return this.#isInTransaction ? this.#runInside(query, parameters) : this.#runAlone(query, parameters)
  }

  /** Afterwards it is as new, for whoever is given the connection next. */
  release(destroy = false): void {
    const isLost = destroy || this.#isLost
    this.#end()
    this.#attempt = undefined
    this.#pid = undefined
    this.#isLost = false
    this.#client.release(isLost)
  }

  async #begin<R>(sql: string): Promise<PostgresQueryResult<R>> {
    const attempt = this.#sessions.attempts.getStore()
    if (attempt?.phase === 'working') throw errors.writeOutside({ sql })
    this.#isInTransaction = true
    if (attempt?.phase !== 'before') return this.#note(sql, () => this.#send<R>(sql, []))
    this.#attempt = attempt
    // Two statements in one message: the engine's number of the transaction costs no round trip.
    const answers: unknown = await this.#note(sql, () => this.#send(`${sql}; select pg_current_xact_id()::text as id, pg_backend_pid() as pid`, []))
    const [begun, numbered] = answers as [PostgresQueryResult<R>, PostgresQueryResult<{ id: string; pid: number }>]
    const { id = '', pid } = numbered.rows[0] ?? {}
    this.#pid = pid
    attempt.id = { transaction: id, incarnation: this.#sessions.connections.getIncarnation(this.#client) }
    attempt.phase = 'working'
    attempt.ctx.signal.addEventListener('abort', this.#leave)
    return begun
  }

  async #commit<R>(): Promise<PostgresQueryResult<R>> {
    if (this.#attempt !== undefined) {
      throwIfCancelled(this.#attempt.ctx)
      this.#attempt.phase = 'committing'
    }
    this.#end()
    return this.#note('commit', () => this.#send<R>('commit', []))
  }

  async #rollback<R>(): Promise<PostgresQueryResult<R>> {
    this.#end()
    // A lost connection has rolled back by itself.
    if (this.#isLost) return { command: 'ROLLBACK', rowCount: 0, rows: [] }
    return this.#note('rollback', () => this.#send<R>('rollback', []))
  }

  #end(): void {
    this.#isInTransaction = false
    this.#attempt?.ctx.signal.removeEventListener('abort', this.#leave)
  }

  /** The caller has gone: what waits for an answer stops waiting, and the engine is told, which would work on without noticing. */
  #leave = (): void => {
    if (this.#attempt?.phase !== 'working') return
    this.#isLost = true
    void this.#client.end()
    if (this.#pid !== undefined) void this.#sessions.connections.terminate(this.#pid)
  }

  #runInside<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (this.#attempt !== undefined) throwIfCancelled(this.#attempt.ctx)
    return this.#note(sql, () => this.#send<R>(sql, toPostgres(parameters, sql)))
  }

  /** Notes in the attempt how it failed, so that it does not matter what the work makes of the error. */
  async #note<T>(sql: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send()
    } catch (thrown) {
      const kind = classify(thrown)
      if (this.#attempt !== undefined) {
        if (this.#attempt.phase === 'working') throwIfCancelled(this.#attempt.ctx)
        if (kind !== 'other') this.#attempt.failure = kind
      }
      throw this.#toError(thrown, sql, kind === 'lost' && sql === 'commit' ? 'unknown' : 'nothing')
    }
  }

  async #runAlone<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    const isRead = readsOnly(sql)
    if (!isRead && this.#sessions.attempts.getStore()?.phase === 'working') throw errors.writeOutside({ sql })
    const values = toPostgres(parameters, sql)
    const startedAt = performance.now()
    for (let tries = 1; ; tries += 1) {
      try {
        // What has lost against others goes one by one from then on.
        return await (tries === 1 ? this.#send<R>(sql, values) : this.#sessions.second(() => this.#send<R>(sql, values)))
      } catch (thrown) {
        const kind = classify(thrown)
        const isRepeatable = kind === 'conflict' ? tries < CONFLICT_TRIES : kind === 'lost' && (isRead || wasNotSent(thrown)) && performance.now() - startedAt < this.#sessions.awayLimitMs
        if (!isRepeatable) throw this.#toError(thrown, sql, isRead || wasNotSent(thrown) ? 'nothing' : 'unknown', tries)
      }
      await this.#sessions.pauseBefore(tries)
      if (this.#isLost) await this.#replaceConnection()
    }
  }

  async #replaceConnection(): Promise<void> {
    this.#client.release(true)
    this.#client = await this.#sessions.connections.acquire(this.#sessions.awayLimitMs)
    this.#isLost = false
  }

  async #send<R>(text: string, values: unknown[]): Promise<PostgresQueryResult<R>> {
    const { watch, names } = this.#sessions
    const client = this.#client
    const isWatched = this.#attempt?.isPatient !== true
    const name = values.length === 0 ? undefined : names.find(text)
    if (isWatched) watch.begin(client)
    try {
      return await new Promise<PostgresQueryResult<R>>((resolve, reject) => {
        // Made here, since the library would copy what it makes one of, property by property.
        const callback = (error: Error | null | undefined, answer: PostgresQueryResult<R>): void => (error ? reject(error) : resolve(answer))
        client.query(Object.assign(new this.#sessions.Query(text, values), { name, callback }))
      })
    } catch (thrown) {
      if (classify(thrown) === 'lost') this.#isLost = true
      if (isStalePlan(thrown)) names.renew()
      throw thrown
    } finally {
      if (isWatched) watch.end(client)
    }
  }

  #openCursor<R>(cursor: PostgresCursor<R>): PostgresCursor<R> {
    const opened = this.#client.query(cursor as PostgresCursor<R> & Submittable)
    return {
      read: (count) => this.#note('stream', () => opened.read(count)),
      close: () => opened.close(),
    }
  }

  #toError(thrown: unknown, sql: string, done: 'nothing' | 'unknown', tries = 1): unknown {
    const { shown } = this.#sessions.connections.settings
    switch (classify(thrown)) {
      case 'lost':
        return errors.connectionLost({ shown, sql, done, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown)
      case 'conflict':
        return errors.transactionConflict({ tries }, thrown)
      default:
        return toPostgresError(thrown, shown, sql)
    }
  }
}
