// Picks the driver by the scheme of the address; a driver is loaded only when it is named.
import { hidePassword } from '@rondo/errors'
import { errors } from './errors.ts'
import { openFileCache } from './file-cache.ts'
import type { Analytics } from './port.ts'
import type { RemoteFiles } from './remote-files.ts'

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
  /** What remote files may take on this machine. Default 8192. */
  cacheMb?: number
  /** Files of tables that lie elsewhere: they are fetched into `folder`, which is made when missing and may be used by several processes. */
  remote?: { files: RemoteFiles; folder: string }
}

const NUMBERS = { memoryMb: 512, spillMb: 8192, cacheMb: 8192, threads: 2, concurrency: 2 }

/** `duckdb:`, or with options in the address: `duckdb:?memoryMb=2048&spillMb=50000&cacheMb=50000&threads=4`. Opens at the first query. Throws `BAD_STORE_ADDRESS`. */
export async function openAnalytics(address: string, options: AnalyticsOptions = {}): Promise<Analytics> {
  const [, scheme, query] = /^([a-z]+):(?:\?(.*))?$/.exec(address) ?? []
  if (scheme !== 'duckdb') throw errors.badAddress({ address: hidePassword(address) })
  const { openDuckdb } = await import('./duckdb/open-duckdb.ts')
  const given = new URLSearchParams(query)
  for (const name of given.keys()) if (!Object.hasOwn(NUMBERS, name)) throw errors.badAddress({ address })
  const read = (name: keyof typeof NUMBERS): number => {
    const value = given.has(name) ? Number(given.get(name)) : (options[name] ?? NUMBERS[name])
    if (!Number.isInteger(value) || value < 1) throw errors.badAddress({ address })
    return value
  }
  const { folders = [], remote } = options
  const numbers = { memoryMb: read('memoryMb'), spillMb: read('spillMb'), threads: read('threads'), concurrency: read('concurrency') }
  const limitBytes = read('cacheMb') * 1e6
  if (remote === undefined) return openDuckdb({ ...numbers, folders })
  const cache = await openFileCache({ remote: remote.files, folder: remote.folder, limitBytes })
  return openDuckdb({ ...numbers, folders: folders.length === 0 ? [] : [...folders, remote.folder] }, cache)
}
