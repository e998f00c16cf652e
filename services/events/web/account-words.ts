// Accounts of closed hours: summed, and in words where they do not add up.
import type { ReportRow } from '@rondo/events/contract'
import { formatExact } from '@rondo/ui/format'

export type AccountSums = { wrong: ReportRow[]; delivered: number; landed: number; duplicate: number; dead: number }

/** `wrong`: those with a difference, as they came. */
export function sumAccounts(rows: readonly ReportRow[]): AccountSums {
  const of = (name: 'delivered' | 'landed' | 'duplicate' | 'dead'): number => rows.reduce((sum, row) => sum + row[name], 0)
  return { wrong: rows.filter((row) => row.difference !== 0), delivered: of('delivered'), landed: of('landed'), duplicate: of('duplicate'), dead: of('dead') }
}

/** "21 Sep 04:00 UTC: 50 delivered, 47 in the bucket: 3 are missing." */
export function sayAccount({ hour, delivered, landed, inFlight, difference }: ReportRow): string {
  const count = Math.abs(difference)
  const verb = count === 1 ? 'is' : 'are'
  return `${hour.slice(0, 10)} ${hour.slice(11)}:00 UTC: ${formatExact(delivered)} delivered, ${formatExact(landed)} in the bucket${inFlight > 0 ? `, ${formatExact(inFlight)} on the way` : ''}: ${formatExact(count)} ${verb} ${difference > 0 ? 'missing' : 'too many'}.`
}
