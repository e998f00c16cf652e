// Asks the catalog what is made from a type.
import { catalogContract } from '@rondo/catalog/contract'
import { useRoute } from '@rondo/ui'
import { listMade, type Made } from './read-by.ts'

const DEPTH = 5
const MOST = 300

/** Empty while the catalog does not answer, or knows nothing. */
export function useMade(type: string): Made[] {
  const ref = `resource:default/${type}`
  const graph = useRoute(catalogContract, 'graph', { ref, depth: DEPTH, relations: 'depends', most: MOST }, { refetchMs: 30_000 })
  return graph.data === undefined ? [] : listMade(graph.data, graph.data.focus ?? ref)
}
