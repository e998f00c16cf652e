// The one DuckDB instance behind the driver: opened at the first use, in memory, without extensions from the network, and anew after it broke.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { errors } from '../errors.ts'
import { isFatal } from './duckdb-errors.ts'
import { quoteText } from './table-sql.ts'
import { createUnsealFunction, type Openings } from './unseal.ts'

export type EngineOptions = { memoryMb: number; spillMb: number; threads: number; folders: string[] }

export type Engine = {
  /** Lends a connection of its own, with its own temporary views, for as long as `work` runs. */
  borrow<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** What running queries may open. */
  openings: Openings
  /** Aborted by `close`, with `STORE_CLOSED` as reason: whoever has borrowed stops and gives back. */
  closing: AbortSignal
  /** Waits until everything lent has come back. */
  close(): Promise<void>
}

type Opened = { instance: DuckDBInstance; spill: string }

export function createEngine(options: EngineOptions): Engine {
  let opened: Promise<Opened> | undefined
  const openings: Openings = new Map()
  const lent = new Set<Promise<unknown>>()
  const closing = new AbortController()
  const drop = async (): Promise<void> => {
    const dropped = opened
    opened = undefined
    if (dropped === undefined) return
    const { instance, spill } = await dropped
    instance.closeSync()
    await rm(spill, { recursive: true, force: true })
  }
  return {
    openings,
    closing: closing.signal,
    async borrow(work) {
      closing.signal.throwIfAborted()
      opened ??= open(options, openings).catch((thrown: unknown) => {
        opened = undefined
        throw thrown
      })
      const lending = lend(opened, work)
      lent.add(lending)
      try {
        return await lending
      } catch (thrown) {
        if (isFatal(thrown)) await drop()
        throw thrown
      } finally {
        lent.delete(lending)
      }
    },
    async close() {
      closing.abort(errors.closed({}))
      await Promise.allSettled(lent)
      await drop()
    },
  }
}

async function lend<T>(opened: Promise<Opened>, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const connection = await (await opened).instance.connect()
  try {
    return await work(connection)
  } finally {
    connection.disconnectSync()
  }
}

async function open(options: EngineOptions, openings: Openings): Promise<Opened> {
  const spill = await mkdtemp(join(tmpdir(), 'rondo-analytics-'))
  try {
    return { instance: await openInstance(options, openings, spill), spill }
  } catch (thrown) {
    await rm(spill, { recursive: true, force: true })
    throw thrown
  }
}

async function openInstance(options: EngineOptions, openings: Openings, spill: string): Promise<DuckDBInstance> {
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
  // Given at the opening it shows among the settings, and holds nothing back.
  await connection.run(`SET GLOBAL max_temp_directory_size = '${options.spillMb}MB'`)
  await connection.run('SET GLOBAL parquet_metadata_cache = true')
  if (options.folders.length > 0) {
    await connection.run(`SET GLOBAL allowed_directories = [${[...options.folders, spill].map((folder) => quoteText(resolve(folder))).join(', ')}]`)
    await connection.run('SET GLOBAL enable_external_access = false')
  }
  connection.registerScalarFunction(createUnsealFunction(openings))
  await connection.run('SET GLOBAL lock_configuration = true')
  connection.disconnectSync()
  return instance
}
