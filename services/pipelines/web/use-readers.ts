// Asks the catalog who reads a dataset.
import { catalogContract } from '@rondo/catalog/contract'
import { useRoute } from '@rondo/ui'
import { toReaders, type Reader } from './readers.ts'

/** Empty while the catalog does not answer. */
export function useReaders(name: string): Reader[] {
  const found = useRoute(catalogContract, 'getEntity', { ref: `resource:default/${name}` }, { refetchMs: 15_000 })
  return toReaders(found.data?.relations ?? [])
}
