// Tells reads from writes by their text.

/** True of SQL that begins like a read. What it takes for a write by mistake is only treated with more care. */
export function readsOnly(sql: string): boolean {
  return /^\s*(select|values|explain|with(?![^]*\b(insert|update|delete)\b))\b/i.test(sql)
}
