// Which keys and prefixes there may be: never one that leaves the store's folder.
import { errors } from './errors.ts'

const SEGMENT = /^[A-Za-z0-9._=-]{1,200}$/
const MAX_KEY = 800

export function checkKey(key: string): void {
  if (!isKey(key)) throw errors.badKey({ key })
}

export function isKey(key: string): boolean {
  return key.length <= MAX_KEY && key.split('/').every(isSegment)
}

/** Any beginning of a key; the empty one too. */
export function checkPrefix(prefix: string): void {
  const segments = prefix.split('/')
  const last = segments.pop() as string
  const isLastFine = last === '' || /^[A-Za-z0-9._=-]{1,200}$/.test(last)
  if (prefix.length > MAX_KEY || !isLastFine || !segments.every(isSegment)) throw errors.badPrefix({ prefix })
}

export function checkRange(key: string, range: { start: number; end: number } | undefined): void {
  if (range === undefined) return
  const { start, end } = range
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) throw errors.badRange({ key, start, end })
}

export function checkLimit(limit: number | undefined): void {
  if (limit !== undefined && !(limit >= 1)) throw errors.badLimit({ limit })
}

/** A leading ".rondo-" is the driver's own. */
function isSegment(segment: string): boolean {
  return SEGMENT.test(segment) && segment !== '.' && segment !== '..' && !segment.startsWith('.rondo-')
}
