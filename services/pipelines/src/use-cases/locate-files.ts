// Files of event types: most are of one type; small hours of many types share one.
import type { Packed } from '@rondo/analytics'

const FOLDER = 'events/packed/'
/** Columns that a shared file has by their names; the others are fields of its column `cells`. */
const OWN = ['id', 'userId', 'anonymousId', 'occurredAt', 'receivedAt', 'late', 'context']

export function locateFiles(type: string, keys: string[], locate: (key: string) => string): { files: string[]; packed?: Packed } {
  const { own = [], shared = [] } = Object.groupBy(keys, (key) => (key.startsWith(FOLDER) ? 'shared' : 'own'))
  return { files: own.map(locate), ...(shared.length === 0 ? {} : { packed: { files: shared.map(locate), type, own: OWN } }) }
}
