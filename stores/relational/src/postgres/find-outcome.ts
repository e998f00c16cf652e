// How a transaction ended whose commit was not answered: the engine still knows, by the number it gave it.
import { setTimeout as pause } from 'node:timers/promises'
import type { Attempt } from './attempt.ts'
import type { Connections } from './connections.ts'

const POLL_MS = 50
/** "transaction ID … is in the future" */
const INVALID_PARAMETER = '22023'

/**
 * - `kept` is believed only in the same run of the engine: numbers whose transactions left no trace before a crash are given out again after it.
 * - `undone` is believed on the same history (cluster and timeline) at any time: the number of a kept transaction is never given out again.
 */
export async function findOutcome(connections: Connections, id: NonNullable<Attempt['id']>, limitMs: number): Promise<'kept' | 'undone' | 'unknown'> {
  const startedAt = performance.now()
  const leftMs = (): number => limitMs - (performance.now() - startedAt)
  while (leftMs() > 0) {
    const status = await askStatus(connections, id, leftMs()).catch(() => 'away' as const)
    if (status === 'kept' || status === 'undone') return status
    if (status === 'unknown') return 'unknown'
    await pause(POLL_MS)
  }
  return 'unknown'
}

async function askStatus(connections: Connections, { transaction, incarnation }: NonNullable<Attempt['id']>, limitMs: number): Promise<'kept' | 'undone' | 'unknown' | 'away' | 'running'> {
  const client = await connections.acquire(limitMs)
  let isFit = false
  try {
    const now = connections.getIncarnation(client)
    if (toHistory(now) !== toHistory(incarnation)) return 'unknown'
    const status = await client.query<{ status: string | null }>('select pg_xact_status($1::xid8) as status', [transaction]).then(
      ({ rows }) => rows[0]?.status ?? 'forgotten',
      (thrown: Error & { code?: string }) => (thrown.code === INVALID_PARAMETER ? 'aborted' : Promise.reject(thrown)),
    )
    isFit = true
    if (status === 'aborted') return 'undone'
    if (now !== incarnation) return 'unknown'
    return status === 'committed' ? 'kept' : status === 'in progress' ? 'running' : 'unknown'
  } finally {
    client.release(!isFit)
  }
}

/** "cluster/statistics since/started at/timeline" → "cluster/timeline" */
function toHistory(incarnation: string): string {
  const [cluster, , , timeline] = incarnation.split('/')
  return `${cluster}/${timeline}`
}
