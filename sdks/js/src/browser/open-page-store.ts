// Unsent events in IndexedDB: key [client, sequence] → event, and [client, 0] → the last number that the client gave.
// A page holds its client's lock as long as it lives, so no two pages are one client; what pages left that are gone is taken over.
import { isEvent } from '../is-event.ts'
import type { ClientMark, EventStore, WireEvent } from '../types.ts'
import { page, type Database, type Records } from './page.ts'

const STORE = 'events'

/** `newId` names a client when none is free. */
export function openPageStore(name: string, newId: () => string): EventStore {
  let database: Database
  let clientId = ''
  const releases: (() => void)[] = []

  function change(work: (records: Records) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, 'readwrite')
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
      work(transaction.objectStore(STORE))
    })
  }

  /** True: this page has it, until it goes. */
  const hold = (id: string): Promise<boolean> =>
    new Promise((resolve, reject) => {
      page.navigator.locks
        .request(`${name} ${id}`, { ifAvailable: true }, (lock) => {
          resolve(!!lock)
          return lock ? new Promise<void>((release) => releases.push(release)) : undefined
        })
        .catch(reject)
    })

  return {
    async open() {
      database = await openDatabase(name)
      const found: [[string, number], unknown][] = []
      await change((records) => {
        const keys = records.getAllKeys()
        const values = records.getAll()
        values.onsuccess = () => keys.result.forEach((key, i) => found.push([key as [string, number], values.result[i]]))
      })
      const unsent: WireEvent[] = []
      let client: ClientMark | undefined
      for (const id of new Set(found.map(([[owner]]) => owner))) {
        if (!(await hold(id))) continue
        for (const [key, value] of found) {
          if (key[0] !== id) continue
          if (key[1] && isEvent(value as WireEvent)) unsent.push(value as WireEvent)
          else if (!client && !key[1] && (value as number) >= 0) client = { id, sequence: value as number }
          else await change((records) => records.delete(key))
        }
      }
      client ??= { id: newId(), sequence: 0 }
      clientId = client.id
      await hold(clientId)
      return { client, unsent }
    },
    append: (event) =>
      change((records) => {
        const { sequence } = event.context!.client!
        records.put(event, [clientId, sequence])
        records.put(sequence, [clientId, 0])
      }),
    remove: (events) =>
      change((records) => {
        for (const { context } of events) records.delete([context!.client!.id, context!.client!.sequence])
      }),
    close() {
      database.close()
      for (const release of releases) release()
    },
  }
}

function openDatabase(name: string): Promise<Database> {
  return new Promise((resolve, reject) => {
    const request = page.indexedDB.open(name)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
