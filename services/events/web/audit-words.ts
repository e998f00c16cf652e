// An audit in sums, and where copies lie in words.
import type { AuditRow } from '@rondo/events/contract'

export const placeNames: Record<AuditRow['place'], string> = { log: 'log', dead: 'dead letters', buckets: 'buckets' }

export function sumAudit(rows: readonly AuditRow[]): { records: number; sealed: number; plain: number } {
  const of = (name: 'records' | 'sealed' | 'plain'): number => rows.reduce((sum, row) => sum + row[name], 0)
  return { records: of('records'), sealed: of('sealed'), plain: of('plain') }
}
