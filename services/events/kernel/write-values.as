// Texts, numbers and instants as JSON text.
import { DAY } from './scan-state'

/** May read and write up to 15 bytes more. */
@inline export function copyText(target: usize, source: usize, size: usize): void {
  for (let i: usize = 0; i < size; i += 16) v128.store(target + i, v128.load(source + i))
}

/** Decimal, and gives where it ends. */
export function writeInteger(at: usize, value: i64): usize {
  let p = at
  let left = <u64>value
  if (value < 0) {
    store<u8>(p++, 45)
    left = <u64>-value
  }
  let digits: usize = 1
  for (let bound: u64 = 10; left >= bound && digits < 19; bound *= 10) digits++
  for (let q = p + digits; q > p; ) {
    store<u8>(--q, <u8>(48 + left % 10))
    left /= 10
  }
  return p + digits
}

/** The day that was written last, and its text: events come in runs of one day. */
let lastDay: i32 = -1
let lastYear: i32 = 0
let lastMonth: i32 = 0
let lastDate: i32 = 0

/** `"2026-09-21T09:00:00.000Z"` with its quotes, of whole ms from 1970 to 9999. */
export function writeInstant(at: usize, ms: f64): usize {
  const day = <i32>Math.floor(ms / DAY)
  let rest = <i32>(ms - <f64>day * DAY)
  if (day != lastDay) split(day)
  store<u8>(at, 34)
  pair(at + 1, lastYear / 100)
  pair(at + 3, lastYear % 100)
  store<u8>(at + 5, 45)
  pair(at + 6, lastMonth)
  store<u8>(at + 8, 45)
  pair(at + 9, lastDate)
  store<u8>(at + 11, 84)
  const hour = rest / 3600000
  rest -= hour * 3600000
  const minute = rest / 60000
  rest -= minute * 60000
  const second = rest / 1000
  rest -= second * 1000
  pair(at + 12, hour)
  store<u8>(at + 14, 58)
  pair(at + 15, minute)
  store<u8>(at + 17, 58)
  pair(at + 18, second)
  store<u8>(at + 20, 46)
  store<u8>(at + 21, <u8>(48 + rest / 100))
  pair(at + 22, rest % 100)
  store<u8>(at + 24, 90)
  store<u8>(at + 25, 34)
  return at + 26
}

@inline function pair(at: usize, value: i32): void {
  store<u8>(at, <u8>(48 + value / 10))
  store<u8>(at, <u8>(48 + value % 10), 1)
}

/** Howard Hinnant, "chrono-compatible low-level date algorithms", civil_from_days. */
function split(day: i32): void {
  lastDay = day
  const z = day + 719468
  const era = z / 146097
  const dayOfEra = z - era * 146097
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  const month = (5 * dayOfYear + 2) / 153
  lastDate = dayOfYear - (153 * month + 2) / 5 + 1
  lastMonth = month < 10 ? month + 3 : month - 9
  lastYear = yearOfEra + era * 400 + (lastMonth <= 2 ? 1 : 0)
}
