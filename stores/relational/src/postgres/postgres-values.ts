// Parameters as PostgreSQL takes them, and cells as the port gives them.
import { errors } from '../errors.ts'

type Parse = (text: string) => unknown

const BOOL = 16
const INT8 = 20
const INT2 = 21
const INT4 = 23
const FLOAT4 = 700
const FLOAT8 = 701
const NUMERIC = 1700

const PARSERS = new Map<number, Parse>([
  [BOOL, (text) => (text === 't' ? 1 : 0)],
  [INT2, Number],
  [INT4, Number],
  [FLOAT4, Number],
  [FLOAT8, Number],
  [INT8, parseInteger],
  // What a sum of bigints is; of fractions, the nearest double.
  [NUMERIC, (text) => (/^-?\d+$/.test(text) ? parseInteger(text) : Number(text))],
])

const asText: Parse = (text) => text

/** What the client library takes as `types`: numbers within ±2^53 as numbers, beyond as BigInt; yes and no as 1 and 0; all else as its text. */
export const types = { getTypeParser: (oid: number): Parse => PARSERS.get(oid) ?? asText }

/** Throws `BAD_PARAMETER`. */
export function toPostgres(parameters: readonly unknown[], sql: string): unknown[] {
  return parameters.map((value, index) => {
    switch (typeof value) {
      case 'string':
        if (value.includes('\0')) throw errors.badParameter({ position: index + 1, type: 'text with a zero byte', sql })
        return value
      case 'number':
        return value
      case 'bigint':
        return String(value)
      case 'boolean':
        return value ? 1 : 0
      case 'undefined':
        return null
      default:
        if (value === null || value instanceof Uint8Array) return value
        throw errors.badParameter({ position: index + 1, type: value instanceof Date ? 'Date' : typeof value, sql })
    }
  })
}

function parseInteger(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}
