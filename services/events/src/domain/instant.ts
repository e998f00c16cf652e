// Instants on the wire: ISO 8601 with a zone, read from bytes where they come in their usual form.

/** Days since 1970-01-01 of a Gregorian date (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
export function computeDays(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && leap ? 29 : (MONTH_DAYS[month - 1] ?? 0)
}

function pair(bytes: Uint8Array, at: number): number {
  const a = (bytes[at] as number) - 48
  const b = (bytes[at + 1] as number) - 48
  return a < 0 || a > 9 || b < 0 || b > 9 ? -1 : a * 10 + b
}

/** Epoch ms of the 24 bytes "2026-09-21T09:00:00.000Z" (or 20 without the fraction); NaN for any other form. */
export function readInstant(bytes: Uint8Array, start: number, stop: number): number {
  const length = stop - start
  if ((length !== 24 && length !== 20) || bytes[stop - 1] !== 90) return NaN
  if (bytes[start + 4] !== 45 || bytes[start + 7] !== 45 || bytes[start + 10] !== 84 || bytes[start + 13] !== 58 || bytes[start + 16] !== 58) return NaN
  const century = pair(bytes, start)
  const years = pair(bytes, start + 2)
  const month = pair(bytes, start + 5)
  const day = pair(bytes, start + 8)
  const hour = pair(bytes, start + 11)
  const minute = pair(bytes, start + 14)
  const second = pair(bytes, start + 17)
  if (century < 0 || years < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return NaN
  const year = century * 100 + years
  if (day > daysIn(year, month)) return NaN
  let ms = 0
  if (length === 24) {
    const high = pair(bytes, start + 20)
    const low = (bytes[start + 22] as number) - 48
    if (bytes[start + 19] !== 46 || high < 0 || low < 0 || low > 9) return NaN
    ms = high * 10 + low
  }
  return computeDays(year, month, day) * 86_400_000 + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms
}

const FORM = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d{2}:?\d{2})$/

/** Epoch ms of an RFC 3339 instant, any fraction and offset; undefined for what is none. A leap second counts as the next second. */
export function parseInstant(text: string): number | undefined {
  const match = FORM.exec(text)
  if (match === null) return undefined
  const [, y, mo, d, h, mi, s = '00', fraction = '', zone = 'Z'] = match
  const year = Number(y)
  const month = Number(mo)
  const day = Number(d)
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || Number(h) > 23 || Number(mi) > 59 || Number(s) > 60) return undefined
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3))
  const local = computeDays(year, month, day) * 86_400_000 + Number(h) * 3_600_000 + Number(mi) * 60_000 + Number(s) * 1000 + ms
  if (zone === 'Z' || zone === 'z') return local
  const digits = zone.replace(':', '')
  const offset = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5))
  return local - (digits.startsWith('-') ? -offset : offset) * 60_000
}
