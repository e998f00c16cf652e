// What clients that number their events sent and never arrived: the loss on the way, which no server could know by itself.
import type { LossRow } from '@rondo/events/contract'
import { formatCount, formatShare, formatThings } from '@rondo/ui'
import { sumLosses } from './sum-losses.ts'

export function Losses({ rows }: { rows: readonly LossRow[] }) {
  const { numbered, lost, clients, wholeHours } = sumLosses(rows)
  if (numbered === 0) return <span className="quiet" title="Clients that number their events (as the SDKs do) let the loss on the way be measured.">No numbered events in a closed hour yet</span>
  const share = lost / (numbered + lost)
  return <span className={share > 0.01 ? 'late' : 'soft'} title={`Of ${formatCount(numbered + lost)} events that up to ${formatThings(clients, 'client')} an hour numbered, in ${formatThings(wholeHours, 'hour')} that were heard whole.`}>{lost === 0 ? 'Nothing lost on the way' : `${formatCount(lost)} lost on the way, ${formatShare(share)}`}</span>
}
