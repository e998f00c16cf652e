// The routes of the collector: every dialect's route, open to pages of other sites as far as the config says, with the answer to their preflight.
//
// A write key is public: it stands in every page that sends events. So any page may send by default, and no cookie is ever read here. A beacon
// (navigator.sendBeacon, text/plain, key in ?writeKey=) is sent without a preflight; the browser reads no answer, only that it was sent.
import type { RawRequest, RawRoute } from '@rondo/contract'

/** A POST route that finds out itself who calls. */
export type CollectorRoute = Pick<RawRoute, 'path' | 'bodyLimitBytes' | 'handle'>

/** `allowedOrigins`: "https://shop.example", or "*" for every page. */
export function createCollectorRoutes(routes: CollectorRoute[], allowedOrigins: readonly string[]): RawRoute[] {
  const always = (headers: RawRequest['headers']): Record<string, string> => {
    const { origin } = headers
    if (origin === undefined) return {}
    if (allowedOrigins.includes('*')) return { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED }
    return allowedOrigins.includes(origin) ? { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED, vary: 'Origin' } : { vary: 'Origin' }
  }
  return routes.flatMap((route): RawRoute[] => [
    { ...route, method: 'POST', access: 'open', always, isPlain: true },
    { path: route.path, method: 'OPTIONS', access: 'open', bodyLimitBytes: 0, always, handle: async ({ headers }) => ({ status: 204, headers: { ...answerPreflight(headers), ...answerHandshake(headers) } }) },
  ])
}

const EXPOSED = 'retry-after, x-trace-id'
const HEADERS = 'authorization, content-type, content-encoding'
/** Browsers ask again after two hours at the latest. */
const PREFLIGHT_S = 7200

function answerPreflight(headers: RawRequest['headers']): Record<string, string> {
  const asked = headers['access-control-request-headers']
  return {
    allow: 'POST, OPTIONS',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': asked !== undefined && /^[\w, -]{1,1000}$/.test(asked) ? asked : HEADERS,
    'access-control-max-age': String(PREFLIGHT_S),
  }
}

/** A sender of CloudEvents asks whether it may deliver here (HTTP 1.1 Web Hooks for Event Delivery, section 4). */
function answerHandshake(headers: RawRequest['headers']): Record<string, string> {
  return headers['webhook-request-origin'] === undefined ? {} : { 'webhook-allowed-origin': '*', 'webhook-allowed-rate': '*' }
}
