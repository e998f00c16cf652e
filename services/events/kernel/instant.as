// Instants in ISO 8601, UTC only.
import { DAY, from, to } from './scan-state'

@inline function pair(at: usize): i32 {
  const a = <i32>load<u8>(at) - 48
  const b = <i32>load<u8>(at, 1) - 48
  return <u32>a > 9 || <u32>b > 9 ? -1 : a * 10 + b
}

/** Epoch ms of the last string as "2026-09-21T09:00:00.000Z", with or without the fraction; NaN for any other form. */
export function instant(): f64 {
  const size = to - from
  if ((size != 24 && size != 20) || load<u8>(to - 1) != 90) return NaN
  if (load<u8>(from, 4) != 45 || load<u8>(from, 7) != 45 || load<u8>(from, 10) != 84 || load<u8>(from, 13) != 58 || load<u8>(from, 16) != 58) return NaN
  const century = pair(from), years = pair(from + 2), month = pair(from + 5), day = pair(from + 8), hour = pair(from + 11), minute = pair(from + 14), second = pair(from + 17)
  if ((century | years | month | day | hour | minute | second) < 0) return NaN
  const year = century * 100 + years
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return NaN
  let ms: i32 = 0
  if (size == 24) {
    const high = pair(from + 20), low = <i32>load<u8>(from, 22) - 48
    if (load<u8>(from, 19) != 46 || high < 0 || <u32>low > 9) return NaN
    ms = high * 10 + low
  }
  return <f64>days(year, month, day) * DAY + <f64>((hour * 60 + minute) * 60 + second) * 1000.0 + <f64>ms
}

/** Epoch ms of the last string in any form of RFC 3339 that instant.ts takes; NaN for what is none. */
export function anyInstant(): f64 {
  const usual = instant()
  return isNaN(usual) ? zoned() : usual
}

/** `YYYY-MM-DD[Tt ]hh:mm[:ss[.,]f{1,9}](Z|z|±hh:mm|±hhmm)`, as Python writes it. A leap second counts as the next second; what is finer than ms is cut off. */
function zoned(): f64 {
  if (to - from < 17) return NaN
  const between = load<u8>(from, 10)
  if (load<u8>(from, 4) != 45 || load<u8>(from, 7) != 45 || (between != 84 && between != 116 && between != 32) || load<u8>(from, 13) != 58) return NaN
  const century = pair(from), years = pair(from + 2), month = pair(from + 5), day = pair(from + 8), hour = pair(from + 11), minute = pair(from + 14)
  if ((century | years | month | day | hour | minute) < 0) return NaN
  const year = century * 100 + years
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59) return NaN
  let at = from + 16
  let second: i32 = 0
  let ms: i32 = 0
  if (load<u8>(at) == 58) {
    if (to - at < 4) return NaN
    second = pair(at + 1)
    if (second < 0 || second > 60) return NaN
    at += 3
    const point = load<u8>(at)
    if (point == 46 || point == 44) {
      const first = ++at
      let unit: i32 = 100
      for (; at < to && load<u8>(at) >= 48 && load<u8>(at) <= 57; at++) {
        ms += <i32>(load<u8>(at) - 48) * unit
        unit /= 10
      }
      if (at == first || at - first > 9) return NaN
    }
  }
  if (at >= to) return NaN
  const zone = load<u8>(at)
  let offset: i32 = 0
  if (zone == 90 || zone == 122) at++
  else {
    if (zone != 43 && zone != 45) return NaN
    const colon: usize = to - at == 6 && load<u8>(at, 3) == 58 ? 1 : 0
    if (to - at != 5 + colon) return NaN
    const hours = pair(at + 1), minutes = pair(at + 3 + colon)
    if ((hours | minutes) < 0) return NaN
    offset = (hours * 60 + minutes) * (zone == 45 ? -60 : 60)
    at = to
  }
  if (at != to) return NaN
  return <f64>days(year, month, day) * DAY + <f64>((hour * 60 + minute) * 60 + second - offset) * 1000.0 + <f64>ms
}

/** Since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms"); years are 0 to 9999. */
@inline function days(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year + 399 : year + 400
  const era = y / 400
  const yearOfEra = y - era * 400
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  return (era - 1) * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
}

function daysIn(year: i32, month: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}
