// Says what a query may be: one SELECT over the given names. It works on the engine's own syntax tree (json_serialize_sql), not on the text,
// and lets through only what it knows: kinds of relations, table functions, and names of tables within the scope of their WITH.
import { errors } from '../errors.ts'

type Node = { [field: string]: unknown }

/** Query nodes, relations and modifiers of DuckDB's tree; anything else is refused. */
const STRUCTURE = new Set([
  'SELECT_NODE', 'SET_OPERATION_NODE', 'RECURSIVE_CTE_NODE', 'CTE_NODE',
  'EMPTY', 'BASE_TABLE', 'SUBQUERY', 'JOIN', 'TABLE_FUNCTION', 'EXPRESSION_LIST', 'PIVOT',
  'ORDER_MODIFIER', 'LIMIT_MODIFIER', 'LIMIT_PERCENT_MODIFIER', 'DISTINCT_MODIFIER', 'ORDER_DEFAULT', 'ASCENDING', 'DESCENDING',
])

const TABLE_FUNCTIONS = new Set(['range', 'generate_series', 'unnest', 'repeat', 'repeat_row', 'json_each', 'json_tree'])

/** Functions that change the engine, wait, or tell of the machine and of other datasets. */
const FUNCTIONS_REFUSED =
  /^(getenv|current_setting|getvariable|write_log|sleep_ms|nextval|currval|current_query|current_query_id|which_secret|query|query_table|json_execute_serialized_sql|json_serialize_plan|parse_duckdb_log_message|read_.*|rondo_.*|duckdb_.*|pg_(?!typeof$|size_pretty$).*|pragma_.*|has_.*_privilege)$/

export type Screened = { /** Lower case, each once. */ tables: string[] }

/**
 * Returns the names that must exist as datasets. `tree` is the answer of json_serialize_sql. Throws `SQL_REFUSED`.
 */
export function screenSql(tree: unknown): Screened {
  const statements = isNode(tree) && Array.isArray(tree['statements']) ? tree['statements'] : []
  if (statements.length !== 1) throw errors.refused({ what: `${statements.length} statements`, why: 'exactly one is run' })
  const tables = new Set<string>()
  walk(statements[0], new Set(), tables)
  return { tables: [...tables] }
}

/** `scope`: names that a WITH around this node has made, lower case. */
function walk(value: unknown, scope: ReadonlySet<string>, tables: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, scope, tables)
    return
  }
  if (!isNode(value)) return
  const type = value['type']
  if (typeof value['class'] === 'string') return walkExpression(value, scope, tables)
  if (typeof type === 'string' && !STRUCTURE.has(type)) throw errors.refused({ what: describe(type), why: 'only SELECT is run' })
  let inner = scope
  if (isNode(value['cte_map'])) inner = walkWith(value['cte_map'], scope, tables)
  if (type === 'BASE_TABLE') screenTable(value, inner, tables)
  if (type === 'TABLE_FUNCTION') screenTableFunction(value)
  for (const [field, part] of Object.entries(value)) {
    // `type_info` belongs to a type, which holds no queries.
    if (field === 'cte_map' || field === 'type_info') continue
    // Only the recursive half sees the name; the first half would read a table of that name.
    const seesItself = type === 'RECURSIVE_CTE_NODE' && field === 'right'
    walk(part, seesItself ? new Set([...inner, nameOf(value['cte_name']), `recurring.${nameOf(value['cte_name'])}`]) : inner, tables)
  }
}

function walkExpression(value: Node, scope: ReadonlySet<string>, tables: Set<string>): void {
  const name = nameOf(value['function_name'])
  if (name !== '' && FUNCTIONS_REFUSED.test(name)) throw errors.refused({ what: `the function "${name}"`, why: 'it reaches outside the data' })
  for (const [field, part] of Object.entries(value)) {
    // A constant's value and a cast's type hold no queries; a constant may hold anything that looks like one.
    if (field === 'cast_type' || (field === 'value' && value['class'] === 'CONSTANT')) continue
    walk(part, scope, tables)
  }
}

/** Each WITH sees those before it. Returns the scope of the query behind them. */
function walkWith(cteMap: Node, scope: ReadonlySet<string>, tables: Set<string>): ReadonlySet<string> {
  const inner = new Set(scope)
  for (const item of Array.isArray(cteMap['map']) ? cteMap['map'] : []) {
    if (!isNode(item)) continue
    walk(item['value'], inner, tables)
    inner.add(nameOf(item['key']))
  }
  return inner
}

function screenTable(value: Node, scope: ReadonlySet<string>, tables: Set<string>): void {
  const name = nameOf(value['table_name'])
  const schema = nameOf(value['schema_name'])
  if (schema === 'recurring' && scope.has(`recurring.${name}`)) return
  if (schema !== '' || nameOf(value['catalog_name']) !== '') {
    throw errors.refused({ what: `"${[value['catalog_name'], value['schema_name'], value['table_name']].filter(Boolean).join('.')}"`, why: 'datasets have no schema before their name' })
  }
  if (!scope.has(name)) tables.add(name)
}

function screenTableFunction(value: Node): void {
  const called = value['function']
  const name = isNode(called) ? nameOf(called['function_name']) : ''
  if (!TABLE_FUNCTIONS.has(name)) throw errors.refused({ what: `the table function "${name}"`, why: 'it reads what is no dataset' })
}

function describe(type: string): string {
  return type === 'SHOW_REF' ? 'SHOW, DESCRIBE or SUMMARIZE' : `"${type}"`
}

function nameOf(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
