// What of a value JSON would carry, without writing and reading the text: texts are shared, objects never.

/**
 * As `JSON.parse(JSON.stringify(value))` for everything a contract may hold. Undefined, functions and symbols are left out (null in arrays),
 * numbers that are not finite become null, what has `toJSON` is what that gives. Throws TypeError for a bigint and for circles.
 */
export function copyAsJson(value: unknown): unknown {
  return copy(value, '', 0)
}

/** Deeper than any contract: a circle, or something that JSON.stringify should judge. */
const DEEPEST = 1_000

function copy(value: unknown, key: string, depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return Number.isFinite(value) ? (value === 0 ? 0 : value) : null
  if (typeof value === 'bigint') throw new TypeError('A bigint cannot be told as JSON.')
  if (typeof value !== 'object') return undefined
  if (depth > DEEPEST) throw new TypeError('A value that contains itself, or is nested too deep, cannot be told as JSON.')
  if (hasToJson(value)) return copy(value.toJSON(key), key, depth + 1)
  if (Array.isArray(value)) {
    const copies: unknown[] = new Array(value.length)
    for (let i = 0; i < value.length; i += 1) copies[i] = copy(value[i], '', depth + 1) ?? null
    return copies
  }
  if (value instanceof String || value instanceof Number || value instanceof Boolean) return copy(value.valueOf(), key, depth)
  const copies: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    const one = copy((value as Record<string, unknown>)[name], name, depth + 1)
    if (one === undefined) continue
    if (name === '__proto__') Object.defineProperty(copies, name, { value: one, enumerable: true, configurable: true, writable: true })
    else copies[name] = one
  }
  return copies
}

function hasToJson(value: object): value is { toJSON(key: string): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function'
}
