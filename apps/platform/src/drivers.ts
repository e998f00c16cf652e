// The only place that names a driver: from a workspace's store addresses to open stores.
import { join } from 'node:path'
import { openAnalytics, type Analytics } from '@rondo/analytics'
import { openEventLog, type EventLog } from '@rondo/event-log'
import { EVENT_EXPANDERS } from '@rondo/events'
import { openKeyValue, type KeyValue } from '@rondo/key-value'
import { openObjects, type Objects } from '@rondo/objects'
import { openRelational, type Relational } from '@rondo/relational'
import type { Clock } from '@rondo/time'
import type { StoreAddresses } from 'rondo'
import { closeAll } from './close-all.ts'

/** Each is opened when a room first asks for it: a process needs no engine that only rooms elsewhere use. */
export type Stores = {
  openEventLog(): Promise<EventLog>
  openObjects(): Promise<Objects>
  openAnalytics(): Promise<Analytics>
  /** Each service owns a database and a key-value store of its own; nobody else opens them. */
  openDatabase<DB>(service: string): Promise<Relational<DB>>
  openKeyValue(service: string): Promise<KeyValue>
  close(): Promise<void>
}

const DEFAULTS: Required<StoreAddresses> = {
  eventLog: 'file:./log',
  relational: 'sqlite:./state',
  keyValue: 'lmdb:./key-value',
  objects: 'file:./objects',
  analytics: 'duckdb:',
}

/** Relative addresses are inside `dataFolder`. `close` closes what was opened, in reverse order. */
export function createStores(addresses: StoreAddresses, dataFolder: string, clock: Clock): Stores {
  const at = { ...DEFAULTS, ...addresses }
  const stagingFolder = join(dataFolder, 'staging')
  const opened: (() => Promise<void>)[] = []
  const keep = <T extends { close(): Promise<void> }>(store: T): T => {
    opened.push(() => store.close())
    return store
  }
  const openShared = once(async () => keep(await openObjects(toAbsolute(at.objects, dataFolder), { stagingFolder })))
  return {
    openEventLog: once(async () => keep(await openEventLog(toAbsolute(at.eventLog, dataFolder), { expand: EVENT_EXPANDERS }))),
    openObjects: openShared,
    openAnalytics: once(async () => {
      const objects = await openShared()
      // Either way the engine is refused every other folder.
      const reach = objects.capabilities.isLocal ? { folders: toFolders(at.objects, dataFolder) } : { folders: [stagingFolder], remote: { files: objects, folder: join(dataFolder, 'cache') } }
      return keep(await openAnalytics(at.analytics, reach))
    }),
    async openDatabase<DB>(service: string) {
      return keep(await openRelational<DB>(toAbsolute(at.relational, dataFolder), { name: service }))
    },
    openKeyValue: async (service) => keep(await openKeyValue(toAbsolute(at.keyValue, dataFolder), { clock, namespace: service })),
    close: () => closeAll(opened),
  }
}

/** Rooms share what they open. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opening: Promise<T> | undefined
  return () => (opening ??= open())
}

/** "file:./log" inside the data folder; addresses with a host or an absolute path stay as they are. */
export function toAbsolute(url: string, dataFolder: string): string {
  const [, scheme, path] = /^([a-z0-9]+):(?!\/)(.+)$/.exec(url) ?? []
  if (scheme === undefined || path === undefined || path.startsWith(':')) return url
  return `${scheme}:${join(dataFolder, path)}`
}

/** Where an embedded engine finds objects that lie on this machine. */
function toFolders(url: string, dataFolder: string): string[] {
  const absolute = toAbsolute(url, dataFolder)
  return absolute.startsWith('file:') ? [absolute.slice('file:'.length)] : []
}
