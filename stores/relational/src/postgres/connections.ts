// The pool of one store: connections that are set up, tried again while the engine is away, and never crash the process when they break.
import { setTimeout as pause } from 'node:timers/promises'
import type { Client, ClientBase, ClientConfig, Pool, PoolClient } from 'pg'
import { errors } from '../errors.ts'
import type { PgLibrary } from './load-pg.ts'
import type { PostgresSettings } from './parse-postgres-address.ts'
import { toConnectError } from './postgres-errors.ts'
import { types } from './postgres-values.ts'

/** The first with `pg_current_xact_id` and `pg_xact_status`, by which it is known how a transaction ended. */
const OLDEST_VERSION = 13
const RETRY_PAUSE_MS = 100
const IDLE_MS = 30_000

export type Connections = {
  readonly settings: PostgresSettings
  /** While the engine is away it is tried again, for `limitMs` at most. Throws `DATABASE_UNREACHABLE`, `LOGIN_REFUSED`, `POOL_EXHAUSTED` and others. */
  acquire(limitMs: number): Promise<PoolClient>
  /** The run of the engine that this connection belongs to: another one after a crash, a restart or a failover. */
  getIncarnation(client: ClientBase): string
  /** Throws when the engine does not answer now. */
  check(): Promise<void>
  /** Ends the engine's process `pid`, through another connection. When that does not succeed, the engine's limits end its work. */
  terminate(pid: number): Promise<void>
  readonly isClosed: boolean
  /** Waits for what is under way. */
  close(): Promise<void>
}

export function openConnections({ pg }: Pick<PgLibrary, 'pg'>, settings: PostgresSettings): Connections {
  const incarnations = new WeakMap<ClientBase, string>()
  const config: ClientConfig = {
    host: settings.host,
    port: settings.port,
    user: settings.user,
    // As a function, so that the library looks for no other one in the environment or in files.
    password: () => settings.password ?? '',
    database: settings.database,
    ssl: settings.tls,
    application_name: 'rondo',
    keepAlive: true,
    // Here and not at the pool, where it would be a timer each time that a connection is taken.
    connectionTimeoutMillis: settings.connectTimeoutMs,
    options: [
      `search_path="${settings.schema}"`,
      'default_transaction_isolation=serializable',
      `statement_timeout=${settings.statementTimeoutMs}`,
      `lock_timeout=${settings.lockTimeoutMs}`,
      `idle_in_transaction_session_timeout=${settings.idleTransactionTimeoutMs}`,
      'client_min_messages=warning',
    ].map((setting) => `-c ${setting}`).join(' '),
    types,
  }
  const pool: Pool = new pg.Pool({ Client: createClientClass(pg, config), max: settings.pool, idleTimeoutMillis: IDLE_MS })
  // A connection that breaks between two statements reports it here, and again to the next statement.
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('error', () => undefined)
  const setUp = async (client: PoolClient): Promise<PoolClient> => {
    try {
      if (!incarnations.has(client)) incarnations.set(client, await prepareSession(client, settings))
      return client
    } catch (thrown) {
      client.release(true)
      throw thrown
    }
  }
  let closing: Promise<void> | undefined
  return {
    settings,
    async acquire(limitMs) {
      const startedAt = performance.now()
      for (;;) {
        if (closing !== undefined) throw errors.closed({ file: settings.shown })
        try {
          return await setUp(await (pool.idleCount + settings.pool - pool.totalCount > pool.waitingCount ? pool.connect() : waitForConnection(pool, settings)))
        } catch (thrown) {
          const { error, isAway } = toConnectError(thrown, settings)
          if (!isAway || performance.now() - startedAt >= limitMs) throw error
        }
        await pause(RETRY_PAUSE_MS)
      }
    },
    getIncarnation: (client) => incarnations.get(client) ?? '',
    async check() {
      // What has lain idle may be dead without having said so; the second is a new one, or the engine is away.
      if (!(await isAnswering(await this.acquire(0), settings.connectTimeoutMs))) {
        const client = await this.acquire(0)
        if (!(await isAnswering(client, settings.connectTimeoutMs))) throw errors.unreachable({ shown: settings.shown, reason: `no answer within ${settings.connectTimeoutMs} ms` })
      }
    },
    async terminate(pid) {
      const query = { text: 'select pg_terminate_backend($1)', values: [pid], query_timeout: settings.connectTimeoutMs }
      await this.acquire(0).then((client) => client.query(query).then(() => client.release(), () => client.release(true)), () => undefined)
    },
    get isClosed() {
      return closing !== undefined
    },
    close: () => (closing ??= pool.end()),
  }
}

/** Throws `POOL_EXHAUSTED` when none is given back in time; one that comes later is given back at once. */
async function waitForConnection(pool: Pool, { pool: size, connectTimeoutMs }: PostgresSettings): Promise<PoolClient> {
  let timer: NodeJS.Timeout | undefined
  const connecting = pool.connect()
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      connecting.then((client) => client.release(), () => undefined)
      reject(errors.poolExhausted({ pool: size, waitedMs: connectTimeoutMs }))
    }, connectTimeoutMs)
  })
  return Promise.race([connecting, late]).finally(() => clearTimeout(timer))
}

/** A login that fails on this side would otherwise leave its socket open, and the engine waiting for the rest of it for a minute. */
function createClientClass(pg: PgLibrary['pg'], config: ClientConfig): new () => Client {
  return class extends pg.Client {
    constructor() {
      super(config)
      this.connection.on('error', () => this.connection.stream.destroy())
    }
  }
}

async function isAnswering(client: PoolClient, limitMs: number): Promise<boolean> {
  const query = { text: 'select 1', query_timeout: limitMs }
  return client.query(query).then(
    () => (client.release(), true),
    () => (client.release(true), false),
  )
}

/** Refuses an engine that is too old or only follows another; returns its incarnation. */
async function prepareSession(client: ClientBase, { shown }: PostgresSettings): Promise<string> {
  const version = Number((await client.query<{ server_version_num: string }>('show server_version_num')).rows[0]?.server_version_num)
  if (version < OLDEST_VERSION * 10_000) throw errors.versionTooOld({ shown, version: toVersion(version), oldest: String(OLDEST_VERSION) })
  const { rows } = await client.query<{ follows: number; incarnation: string }>(`
    select pg_is_in_recovery() as follows,
      concat_ws('/', (select system_identifier from pg_control_system()), (select stats_reset from pg_stat_bgwriter), pg_postmaster_start_time(),
        case when pg_is_in_recovery() then '' else left(pg_walfile_name(pg_current_wal_lsn()), 8) end) as incarnation,
      set_config('synchronous_commit', case current_setting('synchronous_commit') when 'off' then 'on' else current_setting('synchronous_commit') end, false)`)
  if (rows[0]?.follows === 1) throw errors.databaseReadOnly({ shown })
  return rows[0]?.incarnation ?? ''
}

/** 120007 → "12.7", 90624 → "9.6.24" */
function toVersion(number: number): string {
  const major = Math.floor(number / 10_000)
  return major >= 10 ? `${major}.${number % 10_000}` : `${major}.${Math.floor(number / 100) % 100}.${number % 100}`
}
