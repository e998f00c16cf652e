// Which numbers of which clients came in an hour: `context.client` is {id, sequence}, and a client counts its events over all types. What is
// missing between the lowest and the highest number was lost on the way, or comes in another hour.
import { isRecord } from '@rondo/contract'
import type { DeliveredEvent } from '../domain/delivered-event.ts'

/** Of one client. Numbers come once each, since events do. */
export type ClientRun = { low: number; high: number; count: number }

export type HourLoss = { clients: number; numbered: number; lost: number }

/** By client id. */
export function findClientRuns(events: Iterable<DeliveredEvent>): Map<string, ClientRun> {
  const runs = new Map<string, ClientRun>()
  for (const { context } of events) addClient(runs, context)
  return runs
}

/** The one number in the context of an event, if there is any. */
export function addClient(runs: Map<string, ClientRun>, context: Record<string, unknown> | null): void {
  const client = context?.['client']
  if (!isRecord(client)) return
  const { id, sequence } = client
  if (typeof id === 'string' && typeof sequence === 'number' && Number.isSafeInteger(sequence)) addRun(runs, id, { low: sequence, high: sequence, count: 1 })
}

export function addRun(runs: Map<string, ClientRun>, id: string, { low, high, count }: ClientRun): void {
  const known = runs.get(id)
  if (known === undefined) runs.set(id, { low, high, count })
  else {
    known.low = Math.min(known.low, low)
    known.high = Math.max(known.high, high)
    known.count += count
  }
}

export function computeLoss(runs: ReadonlyMap<string, ClientRun>): HourLoss {
  const loss: HourLoss = { clients: runs.size, numbered: 0, lost: 0 }
  for (const { low, high, count } of runs.values()) {
    loss.numbered += count
    loss.lost += Math.max(0, high - low + 1 - count)
  }
  return loss
}
