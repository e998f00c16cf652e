// What the SDK uses of a page, named here because the house's sources are checked without the browser's own types.

type DoneRequest<T> = { result: T; error: unknown; onsuccess: (() => void) | null; onerror: (() => void) | null }
export type Records = {
  put(value: unknown, key: unknown): unknown
  delete(key: unknown): unknown
  getAll(): DoneRequest<unknown[]>
  getAllKeys(): DoneRequest<unknown[]>
}
type Transaction = { objectStore(name: string): Records; error: unknown; oncomplete: (() => void) | null; onabort: (() => void) | null }
export type Database = { transaction(name: string, mode: string): Transaction; createObjectStore(name: string): void; close(): void }
type OpenRequest = DoneRequest<Database> & { onupgradeneeded: (() => void) | null }

export type Page = {
  indexedDB: { open(name: string): OpenRequest }
  navigator: {
    locks: { request(name: string, options: { ifAvailable: boolean }, held: (lock: unknown) => Promise<unknown> | undefined): Promise<unknown> }
    sendBeacon(url: string, body: string): boolean
  }
  localStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void; removeItem(key: string): void }
  document: { visibilityState: string }
  addEventListener(type: string, listener: (event: { persisted?: boolean }) => void): void
  Request: { prototype: object }
}

/** The page that this runs in. */
export const page = globalThis as typeof globalThis & Page
