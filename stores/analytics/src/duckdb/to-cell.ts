// DuckDB's values as what JSON can carry.
import {
  DuckDBArrayValue, DuckDBBlobValue, DuckDBDateValue, DuckDBDecimalValue, DuckDBListValue, DuckDBMapValue, DuckDBStructValue,
  DuckDBTimestampMillisecondsValue, DuckDBTimestampNanosecondsValue, DuckDBTimestampSecondsValue, DuckDBTimestampTZValue, DuckDBTimestampValue,
  DuckDBUnionValue, type DuckDBValue,
} from '@duckdb/node-api'
import type { Cell } from '../port.ts'

/** NaN and infinities become null; 64- and 128-bit integers and decimals numbers within ±2^53, else strings; dates "2026-09-21". */
export function toCell(value: DuckDBValue): Cell {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : null
    case 'bigint':
      return isSafe(value) ? Number(value) : value.toString()
    default:
      return value === null || value === undefined ? null : toCellOfObject(value)
  }
}

function toCellOfObject(value: object): Cell {
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return value.isFinite ? toIso(value.micros * 1000n) : null
  if (value instanceof DuckDBDateValue) return value.isFinite ? value.toString() : null
  if (value instanceof DuckDBDecimalValue) return isSafe(value.value) ? Number(value.toString()) : value.toString()
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(toCell)
  if (value instanceof DuckDBStructValue) return Object.fromEntries(Object.entries(value.entries).map(([name, part]) => [name, toCell(part)]))
  if (value instanceof DuckDBMapValue) return Object.fromEntries(value.entries.map(({ key, value: part }) => [String(toCell(key)), toCell(part)]))
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.isFinite ? toIso(value.millis * 1_000_000n) : null
  if (value instanceof DuckDBTimestampSecondsValue) return value.isFinite ? toIso(value.seconds * 1_000_000_000n) : null
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.isFinite ? toIso(value.nanos) : null
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  if (value instanceof DuckDBUnionValue) return toCell(value.value)
  return String(value)
}

/** Milliseconds, as everywhere in the house; finer digits only when there are any. Beyond the years a Date holds: null. */
function toIso(nanos: bigint): string | null {
  const millis = nanos / 1_000_000n - (nanos % 1_000_000n < 0n ? 1n : 0n)
  const rest = nanos - millis * 1_000_000n
  if (millis > 8_640_000_000_000_000n || millis < -8_640_000_000_000_000n) return null
  const iso = new Date(Number(millis)).toISOString()
  return rest === 0n ? iso : `${iso.slice(0, -1)}${rest.toString().padStart(6, '0').replace(/0+$/, '')}Z`
}

function isSafe(value: bigint): boolean {
  return value <= 9007199254740991n && value >= -9007199254740991n
}
