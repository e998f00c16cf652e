// Keyspace and table are there, and of the shape that this program knows.
import type { Client, types } from 'cassandra-driver'
import { errors } from '../errors.ts'
import { toCassandraError } from './cassandra-failure.ts'
import type { CassandraSettings } from './parse-cassandra-address.ts'
import { COLUMNS, type Table } from './table.ts'

const DEFINE_MS = 60_000

/** Throws `KEYSPACE_MISSING`, `TABLE_DIFFERS`, `LOGIN_REFUSED`. */
export async function prepareKeyspace(client: Client, settings: CassandraSettings, table: Table): Promise<void> {
  try {
    await findOrCreateKeyspace(client, settings)
    let columns = await readColumns(client, table)
    if (columns.length === 0) {
      await define(client, table.create)
      columns = await readColumns(client, table)
    }
    const difference = findDifference(columns)
    if (difference !== undefined) throw errors.tableDiffers({ table: `${table.keyspace}.${table.name}`, shown: settings.shown, difference })
  } catch (thrown) {
    throw toCassandraError(thrown, settings.shown)
  }
}

/** Whether an answered write is on disk, or will be within ten seconds: the node says so itself; one that does not say promises nothing. */
export async function readSurvivesPowerLoss(client: Client): Promise<boolean> {
  try {
    const { rows } = await ask(client, "SELECT value FROM system_views.settings WHERE name = 'commitlog_sync'", [])
    return ['batch', 'group'].includes(String(rows[0]?.['value']))
  } catch {
    return false
  }
}

async function findOrCreateKeyspace(client: Client, { shown, keyspace, datacenter, replication }: CassandraSettings): Promise<void> {
  const { rows } = await ask(client, 'SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?', [keyspace])
  if (rows.length > 0) return
  if (replication === undefined) throw errors.keyspaceMissing({ shown, keyspace, datacenter })
  await define(client, `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', '${datacenter}': ${replication}}`)
}

async function readColumns(client: Client, { keyspace, name }: Table): Promise<types.Row[]> {
  return (await ask(client, 'SELECT column_name, type, kind, clustering_order FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?', [keyspace, name])).rows
}

function findDifference(columns: types.Row[]): string | undefined {
  const there = new Map(columns.map((row) => [String(row['column_name']), `${row['type']} ${row['kind']} ${row['clustering_order']}`]))
  for (const [column, wanted] of Object.entries(COLUMNS)) {
    const found = there.get(column)
    if (found !== wanted) return found === undefined ? `it has no column "${column}"` : `its column "${column}" is "${found}", not "${wanted}"`
  }
  // More regular columns than ours harm nobody; another part of the key does.
  const other = columns.find((row) => !Object.hasOwn(COLUMNS, String(row['column_name'])) && row['kind'] !== 'regular')
  return other === undefined ? undefined : `its key has a column "${other['column_name']}"`
}

function ask(client: Client, query: string, values: string[]): Promise<types.ResultSet> {
  return client.execute(query, values, { isIdempotent: true })
}

/** The library waits until all nodes know it, which is slower than any other request. */
async function define(client: Client, statement: string): Promise<void> {
  await client.execute(statement, [], { prepare: false, isIdempotent: true, readTimeout: DEFINE_MS })
}
