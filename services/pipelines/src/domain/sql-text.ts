// Reads SQL just far enough to type a partition's parameters and to see which names it mentions; strings and comments stay untouched.

// token   = string | quoted | comment | dollarQuoted | parameter | word | other
const TOKEN =
  /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|\$[A-Za-z_]\w*|[A-Za-z_]\w*|[^]/g

/** Makes `$start` and `$end` timestamps for the engine's planner; the text stays the same for every partition, values go as parameters. */
export function typeParameters(sql: string): string {
  return sql.replace(TOKEN, (token) => (token === '$start' || token === '$end' ? `CAST(${token} AS TIMESTAMP)` : token === '$partition' ? `CAST(${token} AS VARCHAR)` : token))
}

/** Named parameters that nothing will fill, e.g. "$from". */
export function findUnknownParameters(sql: string): string[] {
  return (sql.match(TOKEN) ?? []).filter((token) => isParameter(token) && !['$start', '$end', '$partition'].includes(token))
}

/** Every identifier, quoted or not, in lower case: DuckDB compares names so. */
export function findIdentifiers(sql: string): Set<string> {
  const names = new Set<string>()
  for (const token of sql.match(TOKEN) ?? []) {
    if (token.startsWith('"') && token.length > 2) names.add(token.slice(1, -1).replaceAll('""', '"').toLowerCase())
    else if (/^[A-Za-z_]/.test(token) && !token.endsWith("'")) names.add(token.toLowerCase())
  }
  return names
}

/** Without the semicolons at its end, so that it can stand in brackets. A comment at the end keeps its line. */
export function toSubquery(sql: string): string {
  const tokens = sql.match(TOKEN) ?? []
  let at = tokens.length - 1
  for (; at >= 0 && /^(;|\s|--|\/\*)/.test(tokens[at] ?? ''); at -= 1) if (tokens[at] === ';') tokens[at] = ''
  return `(${tokens.join('')}\n)`
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function isParameter(token: string): boolean {
  return token.length > 1 && token.startsWith('$') && !token.endsWith('$')
}
