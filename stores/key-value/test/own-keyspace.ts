// A keyspace that no other test has: made by the driver itself, since the address says how, and dropped at the end.
import { connect } from '../src/cassandra/connect.ts'
import { loadCassandra } from '../src/cassandra/load-cassandra.ts'
import { parseCassandraAddress } from '../src/cassandra/parse-cassandra-address.ts'

export type OwnKeyspace = AsyncDisposable & {
  address: string
  name: string
  /** One statement with the bare library; 64-bit numbers come as its own. */
  run(statement: string): Promise<Record<string, unknown>[]>
}

/** `await using own = withOwnKeyspace(url)` */
export function withOwnKeyspace(url: string): OwnKeyspace {
  const { host } = new URL(url)
  const name = `kv_test_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`
  const run = async (statement: string): Promise<Record<string, unknown>[]> => {
    const { client, shutDown } = await connect(await loadCassandra(), parseCassandraAddress(`cassandra://${host}/${name}`), Date.now)
    try {
      const { rows } = await client.execute(statement, [], { prepare: false, readTimeout: 60_000 })
      // What is no SELECT has none.
      return ((rows as typeof rows | undefined) ?? []).map((row) => Object.fromEntries(row.keys().map((column) => [column, row.get(column)])))
    } finally {
      await shutDown()
    }
  }
  return {
    address: `cassandra://${host}/${name}?replication=1`,
    name,
    run,
    async [Symbol.asyncDispose]() {
      await run(`DROP KEYSPACE IF EXISTS ${name}`)
    },
  }
}
