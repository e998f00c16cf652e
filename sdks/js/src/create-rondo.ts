// The client that a product's code holds: events out, flags in.
import { createEvents, trimUrl } from './create-events.ts'
import { createWarner } from './create-warner.ts'
import { createFlagClient } from './flag-client.ts'
import { RondoClientError } from './rondo-error.ts'
import type { EventMap, Rondo, RondoEvents, RondoOptions } from './types.ts'

/** `createRondo<{ 'track-played': { trackId: string } }>({ url, writeKey })`; type parameters make `track` know the events. */
export function createRondo<Events extends EventMap = EventMap>(options: RondoOptions): Rondo<Events> {
  return withFlags(createEvents<Events>(options).events, options)
}

/** Adds flags and `fetchJson` to a client that has events: `withFlags(createBrowserRondo(options), options)`. */
export function withFlags<Events extends EventMap>(events: RondoEvents<Events>, options: RondoOptions): Rondo<Events> {
  const url = trimUrl(options.url)
  const send = options.fetch ?? ((...request) => globalThis.fetch(...request))
  const { track }: Pick<RondoEvents<EventMap>, 'track'> = events
  return {
    ...events,
    flags: createFlagClient({
      url,
      fetch: send,
      ...(options.clientSecret === undefined ? {} : { clientSecret: options.clientSecret }),
      onError: options.onError ?? createWarner(options.now ?? Date.now),
      expose: (exposure) => void track('flag-exposed', exposure, { userId: exposure.unit }),
    }),
    async fetchJson<T>(path: string): Promise<T> {
      const secret = options.clientSecret ?? options.writeKey
      const response = await send(url + path, { headers: { accept: 'application/json', ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }) } })
      const body = (await response.json().catch(() => ({}))) as T & { code?: string; detail?: string }
      if (!response.ok) throw new RondoClientError(body.code ?? `HTTP_${response.status}`, body.detail ?? `"${path}" answered ${response.status}.`, response.status)
      return body
    },
  }
}
