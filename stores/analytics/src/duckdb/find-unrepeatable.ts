// Finds in DuckDB's syntax tree what gives another answer another time over the same data: the clock, chance, samples.

/** `call`: what it is, as a reader of the query finds it. `position`: bytes before it. */
export type Unrepeatable = { call: string; why: string; position: number }

const CLOCK = 'tells another time at every run'
const CHANCE = 'gives something else at every run'

/** Functions whose stability the engine calls VOLATILE or CONSISTENT_WITHIN_QUERY, and what stands for them; held to its own list by a test. */
export const UNREPEATABLE: ReadonlyMap<string, string> = new Map([
  ...['now', 'today', 'current_date', 'current_time', 'current_timestamp', 'current_localtime', 'current_localtimestamp', 'localtime', 'localtimestamp', 'get_current_time', 'get_current_timestamp', 'transaction_timestamp', 'ago'].map((name) => [name, CLOCK] as const),
  ...['random', 'setseed', 'uuid', 'uuidv4', 'uuidv7', 'gen_random_uuid', 'txid_current', 'current_transaction_id', 'current_connection_id'].map((name) => [name, CHANCE] as const),
])

/** Written without brackets they look like columns. A column of that name is meant when its table stands before it. */
const KEYWORDS = new Set(['current_date', 'current_time', 'current_timestamp', 'localtime', 'localtimestamp'])

/** The first in the order of the text. `tree`: the answer of json_serialize_sql. */
export function findUnrepeatable(tree: unknown): Unrepeatable | undefined {
  const found: Unrepeatable[] = []
  walk(tree, 0, found)
  return found.sort((a, b) => a.position - b.position)[0]
}

/** `position`: of the nearest node around that has one. */
function walk(value: unknown, position: number, found: Unrepeatable[]): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, position, found)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const node: Record<string, unknown> = { ...value }
  const at = typeof node['query_location'] === 'number' ? node['query_location'] : position
  if (node['class'] === 'FUNCTION' || node['class'] === 'WINDOW') checkCall(node, at, found)
  if (node['class'] === 'COLUMN_REF') checkKeyword(node['column_names'], at, found)
  if (typeof node['sample'] === 'object') found.push({ call: 'a sample', why: 'takes other rows at every run', position: at })
  for (const [field, part] of Object.entries(node)) {
    // A constant may hold anything, also what looks like a call.
    if (field === 'value' && node['class'] === 'CONSTANT') continue
    walk(part, at, found)
  }
}

function checkCall(node: Record<string, unknown>, position: number, found: Unrepeatable[]): void {
  const name = String(node['function_name']).toLowerCase()
  const why = UNREPEATABLE.get(name)
  if (why !== undefined) found.push({ call: `${name}()`, why, position })
  const isOfOne = Array.isArray(node['children']) && node['children'].length === 1
  if (name === 'age' && isOfOne) found.push({ call: 'age() of one instant', why: 'counts up to the day of the run', position })
}

function checkKeyword(names: unknown, position: number, found: Unrepeatable[]): void {
  if (!Array.isArray(names) || names.length !== 1) return
  const name = String(names[0]).toLowerCase()
  if (KEYWORDS.has(name)) found.push({ call: name, why: CLOCK, position })
}
