// The events part for a page: it survives a reload, leaves with the page, and remembers who and whether.
import { createEvents, randomId, trimUrl } from '../create-events.ts'
import type { EventMap, EventStore, RondoEvents, RondoOptions } from '../types.ts'
import { openPageStore } from './open-page-store.ts'
import { openStorageStore, recall, remember } from './open-storage-store.ts'
import { page } from './page.ts'

/** What a browser lets a page send while it goes: 64 KiB, all in all. */
const PIECE_BYTES = 60_000

/** `name`: of the database and the entries in `localStorage`; default "rondo". Pages of one origin share what they left behind. */
export type BrowserOptions = Omit<RondoOptions, 'numbered'> & { name?: string }

/** `createBrowserRondo({ url, writeKey })`; with flags: `withFlags(createBrowserRondo(options), options)`. */
export function createBrowserRondo<Events extends EventMap = EventMap>(options: BrowserOptions): RondoEvents<Events> {
  const { name = 'rondo', uuid = randomId } = options
  const openStore = (): EventStore => withFallback(openPageStore(name, uuid), openStorageStore(name, uuid))
  const optedOutKey = `${name}.optedOut`
  const optedOut = options.optedOut ?? !!recall(optedOutKey)
  const { events, queue } = createEvents<Events>({
    store: openStore(),
    ...options,
    optedOut,
    anonymousId: options.anonymousId ?? (optedOut ? undefined : recallOrMake(`${name}.anonymousId`, uuid)),
  })

  // No header of its own: so no other origin is asked first whether it may come.
  const address = `${trimUrl(options.url)}/v1/events?writeKey=${encodeURIComponent(options.writeKey ?? '')}`
  const send = async (body: string): Promise<Response> => {
    if ('keepalive' in page.Request.prototype) return (options.fetch ?? page.fetch)(address, { method: 'POST', body, keepalive: true })
    if (page.navigator.sendBeacon(address, body)) return new Promise(() => {})
    throw new Error('no room')
  }
  const leave = (): void => queue.leave(send, PIECE_BYTES)
  page.addEventListener('visibilitychange', () => page.document.visibilityState === 'hidden' && leave())
  // A page that holds a lock or a database is not kept for the way back.
  page.addEventListener('pagehide', () => {
    leave()
    queue.detach()
  })
  page.addEventListener('pageshow', ({ persisted }) => persisted && queue.attach(openStore()))
  page.addEventListener('online', queue.wake)

  return {
    ...events,
    optOut() {
      remember(optedOutKey, '1')
      remember(`${name}.anonymousId`)
      events.optOut()
    },
    optIn() {
      remember(optedOutKey)
      events.optIn()
    },
  }
}

function withFallback(first: EventStore, second: EventStore): EventStore {
  let store = first
  return {
    open: async () => {
      try {
        return await first.open()
      } catch {
        store = second
        return store.open()
      }
    },
    append: (event) => store.append(event),
    remove: (events) => store.remove(events),
    close: () => store.close?.(),
  }
}

function recallOrMake(key: string, make: () => string): string {
  const id = recall(key) ?? make()
  remember(key, id)
  return id
}
