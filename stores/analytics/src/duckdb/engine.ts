// The one DuckDB instance behind the driver: opened at the first use, in memory, without extensions from the network, and anew after it broke.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { errors } from '../errors.ts'
import { isFatal } from './duckdb-errors.ts'
import { quoteText } from './view-sql.ts'

export type EngineOptions = { memoryMb: number; threads: number; folders: string[] }

export type Engine = {
  /** Lends a connection of its own, with its own temporary views, for as long as `work` runs. */
  borrow<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** Interrupts what runs. */
  close(): void
}

type Opened = { instance: DuckDBInstance; spill: string }

export function createEngine(options: EngineOptions): Engine {
  let opened: Promise<Opened> | undefined
  const lent = new Set<DuckDBConnection>()
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
    async borrow(work) {
      if (closed) throw errors.closed({})
      opened ??= open(options)
      const connection = await (await opened).instance.connect()
      lent.add(connection)
      try {
        if (closed) throw errors.closed({})
        return await work(connection)
      } catch (thrown) {
        if (isFatal(thrown)) drop()
        throw thrown
      } finally {
        lent.delete(connection)
        connection.disconnectSync()
      }
    },
    close() {
      if (closed) return
      closed = true
      for (const connection of lent) connection.interrupt()
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
