// The events part for a page: it survives a reload, leaves with the page, and remembers who and whether.
import { createEvents, randomId } from '../create-events.ts'
import type { EventMap, RondoEvents, RondoOptions } from '../types.ts'
import { openPageStore } from './open-page-store.ts'
import { page } from './page.ts'

/** What a browser lets a page send while it goes: 64 KiB, all in all. */
const PIECE_BYTES = 60_000

/** `name`: of the database and the entries in `localStorage`; default "rondo". Pages of one origin share what they left behind. */
export type BrowserOptions = Omit<RondoOptions, 'numbered'> & { name?: string }

/** `createBrowserRondo({ url, writeKey })`; with flags: `withFlags(createBrowserRondo(options), options)`. */
export function createBrowserRondo<Events extends EventMap = EventMap>(options: BrowserOptions): RondoEvents<Events> {
  const { name = 'rondo', uuid = randomId } = options
  const optedOutKey = `${name}.optedOut`
  const optedOut = options.optedOut ?? !!recall(optedOutKey)
  const { events, queue } = createEvents<Events>({
    store: openPageStore(name, uuid),
    ...options,
    optedOut,
    anonymousId: options.anonymousId ?? (optedOut ? undefined : recallOrMake(`${name}.anonymousId`, uuid)),
  })

  // No header of its own: so no other origin is asked first whether it may come.
  const address = `${options.url.replace(/\/+$/, '')}/v1/events?writeKey=${encodeURIComponent(options.writeKey ?? '')}`
  const send = async (body: string): Promise<Response> => {
    if ('keepalive' in page.Request.prototype) return (options.fetch ?? page.fetch)(address, { method: 'POST', body, keepalive: true })
    if (page.navigator.sendBeacon(address, body)) return new Promise(() => {})
    throw 'no room'
  }
  const leave = (): void => queue.leave(send, PIECE_BYTES)
  page.addEventListener('visibilitychange', () => page.document.visibilityState === 'hidden' && leave())
  // A page that holds a lock or a database is not kept for the way back.
  page.addEventListener('pagehide', () => {
    leave()
    queue.detach()
  })
  page.addEventListener('pageshow', ({ persisted }) => persisted && queue.attach(openPageStore(name, uuid)))
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

function recall(key: string): string | null | undefined {
  try {
    return page.localStorage.getItem(key)
  } catch {
    // Not every page may remember.
    return undefined
  }
}

function remember(key: string, value?: string): void {
  try {
    if (value) page.localStorage.setItem(key, value)
    else page.localStorage.removeItem(key)
  } catch {
    // Not every page may remember.
  }
}

function recallOrMake(key: string, make: () => string): string {
  const id = recall(key) ?? make()
  remember(key, id)
  return id
}
