// Losses of several hours together.
import type { LossRow } from '@rondo/events/contract'

/** Hours that were not heard whole are left out: what they miss may have arrived. `clients`: of the hour with most. */
export function sumLosses(rows: readonly LossRow[]): { numbered: number; lost: number; clients: number; wholeHours: number } {
  const whole = rows.filter((row) => row.isWhole)
  return {
    numbered: whole.reduce((sum, row) => sum + row.numbered, 0),
    lost: whole.reduce((sum, row) => sum + row.lost, 0),
    clients: Math.max(0, ...whole.map((row) => row.clients)),
    wholeHours: whole.length,
  }
}
