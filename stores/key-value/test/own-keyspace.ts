// A keyspace that no other test has: made by the driver itself, since the address says how, and dropped afterwards.
import { Client } from 'cassandra-driver'

export type OwnKeyspace = { address: string; name: string; drop(): Promise<void>; /** With the bare library. */ run(statement: string, values?: unknown[]): Promise<Record<string, unknown>[]> }

export function openOwnKeyspace(url: string): OwnKeyspace {
  const { host } = new URL(url)
  const name = `kv_test_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`
  const run = async (statement: string, values: unknown[] = []): Promise<Record<string, unknown>[]> => {
    const client = new Client({ contactPoints: [host], localDataCenter: 'datacenter1' })
    try {
      const { rows } = await client.execute(statement, values, { prepare: values.length > 0 })
      // What is no SELECT has none.
      return ((rows as typeof rows | undefined) ?? []).map((row) => Object.fromEntries(row.keys().map((column) => [column, row.get(column)])))
    } finally {
      await client.shutdown()
    }
  }
  return {
    address: `cassandra://${host}/${name}?replication=1`,
    name,
    run,
    drop: async () => {
      await run(`DROP KEYSPACE IF EXISTS ${name}`)
    },
  }
}
