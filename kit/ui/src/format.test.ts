/// <reference types="node" />
// The portal's spelling of numbers and time, as the design language states it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAge, formatBytes, formatCount, formatDuration, formatEffect, formatExact, formatInstant, formatInterval, formatLate, formatNumber, formatP, formatRate, formatShare, formatThings, formatWhen, toMs } from './format.ts'

const now = Date.parse('2026-09-21T09:42:00Z')
const minute = 60_000

test('UI1 counts are grouped, and shortened above ten million', () => {
  assert.equal(formatCount(1842), '1,842')
  assert.equal(formatCount(9_999_999), '9,999,999')
  assert.equal(formatCount(61_204_118), '61.2\u202fM')
  assert.equal(formatCount(110_287_742), '110\u202fM')
  assert.equal(formatCount(1_240_000_000), '1.24\u202fB')
  assert.equal(formatExact(110_287_742), '110,287,742')
  assert.equal(formatNumber(0.0712), '0.07')
  assert.equal(formatNumber(9), '9.0')
  assert.equal(formatThings(1, 'endpoint'), '1 endpoint')
  assert.equal(formatThings(3, 'query', 'queries'), '3 queries')
})

test('UI2 rates name the unit in which they are at least one', () => {
  assert.equal(formatRate(1842), '1,842 /s')
  assert.equal(formatRate(2.4), '2.4 /s')
  assert.equal(formatRate(0.1), '6.0 /min')
  assert.equal(formatRate(0), '0 /s')
  assert.equal(formatRate(3 / 86_400), '3.0 /day')
})

test('UI3 shares stand before a thin space and the sign', () => {
  assert.equal(formatShare(0.64), '64\u202f%')
  assert.equal(formatShare(0.032), '3.2\u202f%')
  assert.equal(formatShare(0.0007), '0.07\u202f%')
  assert.equal(formatShare(0), '0\u202f%')
})

test('UI4 effects carry a sign, with a true minus', () => {
  assert.equal(formatEffect(0.0214), '+2.1\u202f%')
  assert.equal(formatEffect(-0.008), '\u22120.8\u202f%')
  assert.equal(formatEffect(-0.0001), '0.0\u202f%')
  assert.equal(formatInterval(0.009, 0.033), '0.9 to 3.3')
  assert.equal(formatInterval(-0.002, 0.016), '\u22120.2 to 1.6')
})

test('UI5 p has two significant digits and no powers of ten', () => {
  assert.equal(formatP(0.7123), '0.71')
  assert.equal(formatP(0.0000412), '0.000041')
  assert.equal(formatP(0.05), '0.050')
  assert.equal(formatP(1e-9), '< 0.000001')
})

test('UI6 durations have two units at most', () => {
  assert.equal(formatDuration(850), '850 ms')
  assert.equal(formatDuration(4100), '4.1 s')
  assert.equal(formatDuration(42_000), '42 s')
  assert.equal(formatDuration(12.5 * minute), '12 min 30 s')
  assert.equal(formatDuration(72 * minute), '1 h 12 min')
  assert.equal(formatDuration((26 * 60 + 14) * minute), '26 h 14 min')
  assert.equal(formatDuration(12.9 * 24 * 60 * minute), '12 d 22 h')
  assert.equal(formatDuration(59.8 * 1000), '1 min')
  assert.equal(formatDuration(0), '0 s')
  assert.equal(formatLate(41 * minute), '41 min late')
  assert.equal(formatAge(2.9 * 60 * minute), '2 h')
})

test('UI7 instants are relative within a day, then dated', () => {
  assert.equal(formatWhen(now - 41 * minute, now, 'UTC'), '41 min ago')
  assert.equal(formatWhen(now + 18 * minute, now, 'UTC'), 'in 18 min')
  assert.equal(formatWhen(now, now, 'UTC'), 'now')
  assert.equal(formatWhen(now - 48 * 60 * minute, now, 'UTC'), 'Sat 19 Sep 09:42')
  assert.equal(formatInstant(now, 'UTC'), 'Mon 21 Sep 09:42')
  assert.equal(formatInstant(Date.parse('2024-02-03T04:05:00Z'), 'UTC', now), 'Sat 3 Feb 2024 04:05')
})

test('UI8 a missing value is a dash, and only zero is 0', () => {
  for (const format of [formatCount, formatShare, formatEffect, formatP, formatDuration, formatAge, formatRate, formatBytes]) {
    assert.equal(format(null), '—')
    assert.equal(format(undefined), '—')
    assert.equal(format(Number.NaN), '—')
  }
  assert.equal(formatCount(0), '0')
  assert.equal(formatBytes(18_400_000_000), '18.4 GB')
  assert.equal(toMs('nonsense'), null)
  assert.equal(toMs('2026-09-21T09:42:00Z'), now)
})
