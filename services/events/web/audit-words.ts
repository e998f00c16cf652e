// An audit in sums, and where copies lie in words.
import type { AuditRow } from '@rondo/events/contract'
import { formatThings } from '@rondo/ui/format'

export const placeNames: Record<AuditRow['place'], string> = { log: 'log', dead: 'dead letters', buckets: 'buckets' }

export function sumAudit(rows: readonly AuditRow[]): { records: number; sealed: number; plain: number } {
  const of = (name: 'records' | 'sealed' | 'plain'): number => rows.reduce((sum, row) => sum + row[name], 0)
  return { records: of('records'), sealed: of('sealed'), plain: of('plain') }
}

/** What erasing does, before it is done: what nobody reads again, and what stays. `readable` holds the `plain` ones. */
export function sayErasure({ user, readable, plain, types }: { user: string; readable: number; plain: number; types: number }): { gone: string; stays: string } {
  const sealed = Math.max(0, readable - plain)
  return {
    gone: `${formatThings(sealed, 'copy', 'copies')} under a key, in ${formatThings(types, 'event type')}, can never be read again by anybody: not here, not in a backup, not in a sealed export. There is no undo.`,
    stays: `What stays: that events happened, when, and the fields that are not personal; counts and buckets do not change. Dead letters of ${user} become empty and cannot be replayed. Sent again, ${user} begins anew under a new key.${plain > 0 ? ` ${formatThings(plain, 'record')} from before there were keys ${plain === 1 ? 'stays' : 'stay'} readable until ${plain === 1 ? 'its' : 'their'} retention ends.` : ''}`,
  }
}
