// Where a page has no IndexedDB or no locks: unsent events go to localStorage when the page goes, and to the page that comes next.
import { isEvent } from '../is-event.ts'
import type { EventStore, WireEvent } from '../types.ts'
import { page } from './page.ts'

/** Each page is a client of its own. */
export function openStorageStore(name: string, newId: () => string): EventStore {
  const key = `${name}.unsent`
  const waiting = new Map<string, WireEvent>()
  /** What is no event there is forgotten. */
  const left = (): WireEvent[] => {
    try {
      return (JSON.parse(recall(key)!) as (WireEvent | null)[]).filter(isEvent)
    } catch {
      return []
    }
  }
  const append = (event: WireEvent): void => void waiting.set(event.id, event)
  return {
    append,
    open() {
      const unsent = left()
      remember(key)
      unsent.forEach(append)
      return { client: { id: newId(), sequence: 0 }, unsent }
    },
    remove: (events) => events.forEach(({ id }) => waiting.delete(id)),
    close() {
      if (waiting.size) remember(key, JSON.stringify([...left(), ...waiting.values()]))
    },
  }
}

export function recall(key: string): string | null {
  try {
    return page.localStorage.getItem(key)
  } catch {
    // Not every page may remember.
    return null
  }
}

export function remember(key: string, value?: string): void {
  try {
    if (value) page.localStorage.setItem(key, value)
    else page.localStorage.removeItem(key)
  } catch {
    // Not every page may remember.
  }
}
