// Whether a page that could not be fetched may reload by itself: never in a circle.

const PAUSE_MS = 60_000

/** `last` is what the last reload left behind: `{"path":"/events","at":1727}`; after one of the same path a minute must pass. */
export function isReloadDue(last: string | null, path: string, nowMs: number): boolean {
  if (last === null) return true
  const said: { path?: unknown; at?: unknown } = JSON.parse(last)
  return said.path !== path || typeof said.at !== 'number' || nowMs - said.at >= PAUSE_MS
}
