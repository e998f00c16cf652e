// The one DuckDB instance behind the driver: opened at the first use, in memory, without extensions from the network.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { errors } from '../errors.ts'
import { quoteText } from './view-sql.ts'

export type EngineOptions = { memoryMb: number; threads: number; folders: string[] }

export type Engine = {
  /** A connection of its own, with its own temporary views. Disconnect it. */
  connect(): Promise<DuckDBConnection>
  /** The next use opens a new instance; after the engine has declared this one broken. */
  renew(): void
  close(): void
}

type Opened = { instance: DuckDBInstance; spill: string }

export function createEngine(options: EngineOptions): Engine {
  let opened: Promise<Opened> | undefined
  let closed = false
  const drop = (): void => {
    void opened?.then(
      ({ instance, spill }) => {
        instance.closeSync()
        rmSync(spill, { recursive: true, force: true })
      },
      () => undefined,
    )
    opened = undefined
  }
  return {
    async connect() {
      if (closed) throw errors.closed({})
      opened ??= open(options)
      return (await opened).instance.connect()
    },
    renew: drop,
    close() {
      closed = true
      drop()
    },
  }
}

async function open(options: EngineOptions): Promise<Opened> {
  const spill = mkdtempSync(join(tmpdir(), 'rondo-analytics-'))
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads),
    memory_limit: `${options.memoryMb}MB`,
    temp_directory: spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    errors_as_json: 'true',
  })
  const connection = await instance.connect()
  await connection.run(`SET GLOBAL TimeZone = 'UTC'`)
  await connection.run('SET GLOBAL parquet_metadata_cache = true')
  if (options.folders.length > 0) {
    await connection.run(`SET GLOBAL allowed_directories = [${[...options.folders, spill].map(quoteText).join(', ')}]`)
    await connection.run('SET GLOBAL enable_external_access = false')
  }
  await connection.run('SET GLOBAL lock_configuration = true')
  connection.disconnectSync()
  return { instance, spill }
}
