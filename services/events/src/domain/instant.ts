// Instants on the wire: ISO 8601 with a zone.

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

function pair(text: string, at: number): number {
  const a = text.charCodeAt(at) - 48
  const b = text.charCodeAt(at + 1) - 48
  return a < 0 || a > 9 || b < 0 || b > 9 ? -1 : a * 10 + b
}

/** Epoch ms of "2026-09-21T09:00:00.000Z", the form that almost all clients write; undefined for any other. */
function parseUsual(text: string): number | undefined {
  if (text.length !== 24 || text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':' || text[19] !== '.' || text[23] !== 'Z') return undefined
  const year = pair(text, 0) * 100 + pair(text, 2)
  const month = pair(text, 5)
  const day = pair(text, 8)
  const hour = pair(text, 11)
  const minute = pair(text, 14)
  const second = pair(text, 17)
  const ms = pair(text, 20) * 10 + text.charCodeAt(22) - 48
  if (!(year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60 && ms >= 0 && ms < 1000)) return undefined
  return computeDays(year, month, day) * 86_400_000 + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms
}

const FORM = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d{2}:?\d{2})$/

/** Epoch ms of an RFC 3339 instant, any fraction and offset; undefined for what is none. A leap second counts as the next second. */
export function parseInstant(text: string): number | undefined {
  const usual = parseUsual(text)
  if (usual !== undefined) return usual
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
