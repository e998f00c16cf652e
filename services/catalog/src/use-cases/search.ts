// One search over things, and over listeners, who are no things of the catalog but have pages.
import { withDeadline, type Ctx } from '@rondo/context'
import type { Peer } from '@rondo/contract'
import { recommendationsContract } from '@rondo/recommendations/contract'
import type { SearchRow } from '../contract.ts'
import type { CatalogIndex } from '../domain/catalog-index.ts'
import { toRow } from '../domain/entity-table.ts'
import { searchRows } from '../domain/search-entries.ts'

const listenersAtMost = 5
const patienceMs = 500

export async function search(index: CatalogIndex, peer: Peer, text: string, limit: number, ctx: Ctx): Promise<SearchRow[]> {
  const found = searchRows([...index.entries.values()].map(toRow), text, limit)
  const listeners = await findListeners(peer, text, ctx)
  return [...found.slice(0, Math.max(limit - listeners.length, 1)), ...listeners].slice(0, limit)
}

/** None when the room of recommendations does not answer. */
async function findListeners(peer: Peer, text: string, ctx: Ctx): Promise<SearchRow[]> {
  try {
    const { rows } = await peer(recommendationsContract).listUsers({ q: text.trim(), limit: listenersAtMost }, withDeadline(ctx, patienceMs))
    return rows.map(({ user, plays }) => ({ title: user, kind: 'listener', detail: `${plays} plays`, owner: null, path: `/listeners/${encodeURIComponent(user)}` }))
  } catch {
    return []
  }
}
