// Numbers, durations and instants as the portal writes them; every page counts and tells time the same way.
const THIN = '\u202f'
const MINUS = '\u2212'
const NONE = '—'
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

type Maybe = number | null | undefined

const isMissing = (value: Maybe): value is null | undefined => value === null || value === undefined || !Number.isFinite(value)
const signed = (text: string): string => text.replace('-', MINUS)
const grouped = (value: number, digits = 0): string => signed(value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }))

/** "1,842"; above ten million three figures with a letter: "61.2 M", "1.24 B". */
export function formatCount(value: Maybe): string {
  if (isMissing(value)) return NONE
  const size = Math.abs(value)
  if (size >= 1e9) return `${signed((value / 1e9).toPrecision(3))}${THIN}B`
  if (size >= 1e7) return `${signed((value / 1e6).toFixed(size >= 1e8 ? 0 : 1))}${THIN}M`
  return grouped(Number.isInteger(value) ? value : Math.round(value))
}

/** Every figure, grouped: "110,287,742". For sums that must add up before the reader's eyes. */
export function formatExact(value: Maybe): string {
  return isMissing(value) ? NONE : grouped(Math.round(value))
}

/** A measured quantity with two to three figures: "9.0", "0.07", "318". */
export function formatNumber(value: Maybe, digits?: number): string {
  if (isMissing(value)) return NONE
  if (digits !== undefined) return grouped(value, digits)
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size >= 100) return formatCount(value)
  if (size >= 10) return grouped(value, Number.isInteger(value) ? 0 : 1)
  if (size >= 1) return grouped(value, 1)
  return size >= 0.01 ? signed(value.toFixed(2)) : signed(value.toPrecision(2))
}

/** Per second, or the largest unit in which the number is at least one: "1,842 /s", "9.0 /min", "3 /day". */
export function formatRate(perSecond: Maybe): string {
  if (isMissing(perSecond)) return NONE
  if (perSecond === 0) return '0 /s'
  for (const [unit, seconds] of [['s', 1], ['min', 60], ['h', 3600]] as const) {
    const value = perSecond * seconds
    if (value >= 1) return `${value >= 10 ? formatCount(value) : grouped(value, 1)} /${unit}`
  }
  return `${formatNumber(perSecond * 86_400)} /day`
}

/** A share from 0 to 1: "64 %", "3.2 %", "0.07 %"; digits follow the size unless given. */
export function formatShare(share: Maybe, digits?: number): string {
  if (isMissing(share)) return NONE
  const percent = share * 100
  const size = Math.abs(percent)
  const places = digits ?? (size === 0 || (size >= 10 && size <= 100) ? 0 : size >= 1 ? 1 : 2)
  return `${grouped(percent, places)}${THIN}%`
}

/** A relative effect, always with its sign: 0.021 is "+2.1 %", -0.008 is "−0.8 %". */
export function formatEffect(effect: Maybe, digits = 1): string {
  if (isMissing(effect)) return NONE
  const rounded = Number((effect * 100).toFixed(digits))
  return `${rounded > 0 ? '+' : ''}${grouped(rounded === 0 ? 0 : rounded, digits)}${THIN}%`
}

/** The two ends of an interval of shares: "0.9 to 3.3", "−0.2 to 1.6"; the unit stands with the estimate. */
export function formatInterval(low: Maybe, high: Maybe, digits = 1): string {
  if (isMissing(low) || isMissing(high)) return NONE
  return `${grouped(low * 100, digits)} to ${grouped(high * 100, digits)}`
}

/** Two significant digits, never in powers of ten: "0.71", "0.000041"; below a millionth "< 0.000001". */
export function formatP(p: Maybe): string {
  if (isMissing(p)) return NONE
  if (p < 1e-6) return '< 0.000001'
  const places = Math.max(0, 1 - Math.floor(Math.log10(p)))
  return p >= 1 ? '1.0' : p.toFixed(Math.min(places, 8))
}

/** "850 ms", "4.1 s", "12 min 30 s", "26 h 14 min", "12 d 22 h": two units at most, minutes and hours never padded. */
export function formatDuration(ms: Maybe): string {
  if (isMissing(ms)) return NONE
  if (ms < 0) return MINUS + formatDuration(-ms)
  if (ms < 1) return ms === 0 ? '0 s' : '< 1 ms'
  if (ms < SECOND) return `${Math.round(ms)} ms`
  if (ms < 10 * SECOND) return `${grouped(ms / SECOND, 1)} s`
  if (ms < 59.5 * SECOND) return `${Math.round(ms / SECOND)} s`
  if (ms < HOUR - SECOND / 2) return units(ms, MINUTE, 'min', SECOND, 's')
  if (ms < 2 * DAY - MINUTE / 2) return units(ms, HOUR, 'h', MINUTE, 'min')
  return units(ms, DAY, 'd', HOUR, 'h')
}

function units(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const total = Math.round(ms / small)
  const per = large / small
  const rest = total % per
  return rest === 0 ? `${total / per} ${largeName}` : `${Math.floor(total / per)} ${largeName} ${rest} ${smallName}`
}

/** One unit, for tight places: "41 min", "2 h", "1 d". */
export function formatAge(ms: Maybe): string {
  if (isMissing(ms)) return NONE
  const size = Math.max(0, ms)
  if (size < MINUTE) return `${Math.floor(size / SECOND)} s`
  if (size < HOUR) return `${Math.floor(size / MINUTE)} min`
  if (size < DAY) return `${Math.floor(size / HOUR)} h`
  return `${Math.floor(size / DAY)} d`
}

const clock = (zone?: string): Intl.DateTimeFormat => new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone })
const day = (zone?: string): Intl.DateTimeFormat => new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: zone })

/** "Mon 21 Sep 09:42" in the viewer's zone unless one is named; another year than `nowMs`'s is written out. */
export function formatInstant(epochMs: Maybe, zone?: string, nowMs?: number): string {
  if (isMissing(epochMs)) return NONE
  const date = new Date(epochMs)
  const year = nowMs !== undefined && date.getUTCFullYear() !== new Date(nowMs).getUTCFullYear() ? ` ${date.getUTCFullYear()}` : ''
  return `${formatDay(epochMs, zone)}${year} ${clock(zone).format(date)}`
}

/** "Mon 21 Sep" */
export function formatDay(epochMs: Maybe, zone?: string): string {
  if (isMissing(epochMs)) return NONE
  return day(zone).format(new Date(epochMs)).replace(',', '').replace('Sept', 'Sep')
}

/** "09:42" */
export function formatClock(epochMs: Maybe, zone?: string): string {
  return isMissing(epochMs) ? NONE : clock(zone).format(new Date(epochMs))
}

/** "Monday 21 September 2026, 09:42" */
export function formatLongInstant(epochMs: Maybe, zone?: string): string {
  if (isMissing(epochMs)) return NONE
  const date = new Date(epochMs)
  const long = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: zone }).format(date)
  return `${long.replace(',', '')}, ${clock(zone).format(date)}`
}

/** Under 24 hours "41 min ago" or "in 18 min", then "Mon 21 Sep 09:42". */
export function formatWhen(epochMs: Maybe, nowMs: number, zone?: string): string {
  if (isMissing(epochMs)) return NONE
  const past = nowMs - epochMs
  if (Math.abs(past) >= DAY) return formatInstant(epochMs, zone, nowMs)
  if (Math.abs(past) < SECOND) return 'now'
  return past > 0 ? `${formatAge(past)} ago` : `in ${formatAge(-past)}`
}

/** How far past its promise: "41 min late", "2 h 5 min late". */
export function formatLate(ms: Maybe): string {
  return isMissing(ms) ? NONE : `${formatDuration(ms)} late`
}

/** Decimal units: "840 B", "18.4 GB". */
export function formatBytes(bytes: Maybe): string {
  if (isMissing(bytes)) return NONE
  const names = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  const step = bytes < 1 ? 0 : Math.min(names.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${names[step]}`
}

/** "1 endpoint", "3 endpoints"; irregular plurals are given. */
export function formatThings(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** Epoch milliseconds of an ISO instant; null stays null. */
export function toMs(iso: string | null | undefined): number | null {
  if (iso === null || iso === undefined || iso === '') return null
  const value = Date.parse(iso)
  return Number.isNaN(value) ? null : value
}
