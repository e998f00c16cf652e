// Which of the two shelves a listener gets, asked of the flag whose value names one.
import { experimentsContract, type Flag } from '@rondo/experiments/contract'
import { useRoute } from '@rondo/ui'
import type { Shelf } from '../src/contract.ts'

export type ShelfSeen = {
  shelf: Shelf
  flag: string
  rule: string | null
  /** Id of the running experiment that decided it. */
  experiment: string | undefined
}

/** Undefined while unknown, and where no flag chooses a shelf. */
export function useShelfSeen(user: string): ShelfSeen | undefined {
  const flags = useRoute(experimentsContract, 'listFlags', {})
  const flag = flags.data?.rows.find(choosesShelf)
  const found = useRoute(experimentsContract, 'resolveFlag', { key: flag?.key ?? '', body: { unit: user } }, { enabled: flag !== undefined && user !== '' }).data
  const shelf = found === undefined || found.unit !== user ? undefined : readShelf(found.value)
  if (flag === undefined || found === undefined || shelf === undefined) return undefined
  return { shelf, flag: flag.key, rule: found.rule, experiment: flag.inForce.find((rule) => rule.rule === found.rule)?.experiment ?? undefined }
}

function choosesShelf(flag: Flag): boolean {
  return flag.state === 'live' && Object.values(flag.definition.variants).some((value) => readShelf(value) !== undefined)
}

function readShelf(value: unknown): Shelf | undefined {
  const shelf = value !== null && typeof value === 'object' && 'shelf' in value ? value.shelf : undefined
  return shelf === 'discover-weekly' || shelf === 'popularity' ? shelf : undefined
}
