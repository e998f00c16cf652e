// Picks the driver by the scheme of the address; a driver is loaded only when it is named.
import { errors } from './errors.ts'
import type { Analytics } from './port.ts'

export type AnalyticsOptions = {
  /** What the engine may hold in memory; beyond it, it spills to disk. Default 512. */
  memoryMb?: number
  /** What all queries together may have spilled to disk at one moment. Default 8192. */
  spillMb?: number
  /** Threads of the engine, shared by all queries. Default 2. */
  threads?: number
  /** Queries that run at once; the others wait their turn. Default 2. */
  concurrency?: number
  /** Where the engine may read and write, besides its own temporary folder; it refuses every other path by itself. Default: anywhere the caller's tables lie. */
  folders?: string[]
}

const NAMES = ['memoryMb', 'spillMb', 'threads', 'concurrency']

/** `duckdb:`, or with options in the address: `duckdb:?memoryMb=2048&spillMb=50000&threads=4`. Opens at the first query. Throws `BAD_STORE_ADDRESS`. */
export async function openAnalytics(address: string, options: AnalyticsOptions = {}): Promise<Analytics> {
  const [, scheme, query] = /^([a-z]+):(?:\?(.*))?$/.exec(address) ?? []
  if (scheme !== 'duckdb') throw errors.badAddress({ address })
  const { openDuckdb } = await import('./duckdb/open-duckdb.ts')
  const given = new URLSearchParams(query)
  for (const name of given.keys()) if (!NAMES.includes(name)) throw errors.badAddress({ address })
  const read = (name: 'memoryMb' | 'spillMb' | 'threads' | 'concurrency', usual: number): number => {
    const value = given.has(name) ? Number(given.get(name)) : (options[name] ?? usual)
    if (!Number.isInteger(value) || value < 1) throw errors.badAddress({ address })
    return value
  }
  return openDuckdb({ memoryMb: read('memoryMb', 512), spillMb: read('spillMb', 8192), threads: read('threads', 2), concurrency: read('concurrency', 2), folders: options.folders ?? [] })
}
