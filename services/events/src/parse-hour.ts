// Bounds of ranges as callers write them.
import { errors } from './errors.ts'
import { parseInstant } from './domain/instant.ts'

/** "2026-09-21T09" or an ISO instant, as epoch ms. Throws INSTANT_INVALID. */
export function parseHour(value: string, field: string): number {
  const instant = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : /^\d{4}-\d{2}-\d{2}T\d{2}$/.test(value) ? `${value}:00:00Z` : value)
  if (instant === undefined) throw errors.instantWrong({ field, value })
  return instant
}
