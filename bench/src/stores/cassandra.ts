// The scales of the key-value store on Cassandra: what a call costs this process, beside the bare client library doing the same in the same run.
import { createCtx } from '@rondo/context'
import { openKeyValue, type Entry, type KeyValue } from '@rondo/key-value'
import { systemClock } from '@rondo/time'
import { engineUrl } from '@rondo/tools/engines'
import { Client, types } from 'cassandra-driver'
import type { BenchOptions, BenchResult } from '../result.ts'
import { compareCalls, type Comparison } from './compare-calls.ts'

const VALUE = Buffer.alloc(1_024, 7)
const PARTITIONS = 500
const TOGETHER = 50
const SCANNED = 200

export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const { url, skip } = engineUrl('cassandra')
  if (skip !== false) return [{ name: 'cassandra', figure: skip }]
  const { host } = new URL(url)
  const keyspace = `bench_${process.pid}`
  const store = await openKeyValue(`cassandra://${host}/${keyspace}?replication=1`, { clock: systemClock })
  const client = new Client({ contactPoints: [host], localDataCenter: 'datacenter1', queryOptions: { prepare: true, consistency: types.consistencies.localQuorum, serialConsistency: types.consistencies.localSerial } })
  try {
    await client.execute(`CREATE TABLE ${keyspace}.bare (partition text, sort text, value blob, PRIMARY KEY (partition, sort))`, [], { prepare: false })
    const results: BenchResult[] = []
    for (const row of makeRows(store, client, `${keyspace}.bare`, small)) results.push(await compareCalls({ ...row, name: `cassandra: ${row.name}`, client: 'cassandra-driver' }))
    return results
  } finally {
    await client.execute(`DROP KEYSPACE ${keyspace}`, [], { prepare: false })
    await client.shutdown()
    await store.close()
  }
}

/** The bare table has a key and a value; expiry, and writes that keep their order, are ours alone. */
function makeRows(store: KeyValue, client: Client, table: string, small: boolean): Omit<Comparison, 'client'>[] {
  const ctx = createCtx()
  const many = small ? 300 : 3_000
  const few = small ? 20 : 200
  const put = `INSERT INTO ${table} (partition, sort, value) VALUES (?, ?, ?)`
  const get = `SELECT value FROM ${table} WHERE partition = ? AND sort = ?`
  const again = { isIdempotent: true }
  const toPartition = (at: number): string => `listener-${at % PARTITIONS}`
  const toSort = (index: number): string => `track/${String(index).padStart(6, '0')}`
  const toEntries = (at: number, count: number): Entry[] => Array.from({ length: count }, (_, index) => ({ partition: toPartition(at), sort: toSort(index), value: VALUE }))
  const toKeys = (at: number): { partition: string; sort: string }[] => Array.from({ length: TOGETHER }, (_, index) => ({ partition: toPartition(at + index), sort: 'head' }))
  const sorts = Array.from({ length: TOGETHER }, (_, index) => toSort(index))
  return [
    { name: 'put 1 KiB', calls: many, atOnce: 64, ours: (at) => store.putMany([{ partition: toPartition(at), sort: 'head', value: VALUE }], {}, ctx), bare: (at) => client.execute(put, [toPartition(at), 'head', VALUE], again) },
    { name: 'get 1 KiB', calls: many, atOnce: 64, ours: (at) => store.get({ partition: toPartition(at), sort: 'head' }, ctx), bare: async (at) => (await client.execute(get, [toPartition(at), 'head'], again)).rows[0]?.['value'] },
    {
      name: `put ${SCANNED} of one partition`,
      calls: few,
      atOnce: 4,
      ours: (at) => store.putMany(toEntries(at, SCANNED), {}, ctx),
      bare: (at) => client.batch(toEntries(at, SCANNED).map(({ partition, sort, value }) => ({ query: put, params: [partition, sort, value] })), { prepare: true, logged: false, isIdempotent: true }),
    },
    { name: `get ${TOGETHER} of as many partitions`, calls: few, atOnce: 4, ours: (at) => store.getMany(toKeys(at), ctx), bare: (at) => Promise.all(toKeys(at).map(({ partition, sort }) => client.execute(get, [partition, sort], again))) },
    { name: `get ${TOGETHER} of one partition`, calls: few, atOnce: 4, ours: (at) => store.getMany(sorts.map((sort) => ({ partition: toPartition(at), sort })), ctx), bare: (at) => client.execute(`SELECT sort, value FROM ${table} WHERE partition = ? AND sort IN ?`, [toPartition(at), sorts], again) },
    {
      name: `scan ${SCANNED}`,
      calls: few,
      atOnce: 4,
      ours: (at) => store.scan({ partition: toPartition(at), prefix: 'track/' }, ctx),
      bare: (at) => client.execute(`SELECT sort, value FROM ${table} WHERE partition = ? AND sort >= 'track/' AND sort < 'track0'`, [toPartition(at)], again),
    },
    {
      name: 'putIf of 1 KiB: a read and a condition',
      calls: few,
      atOnce: 8,
      ours: (at) => store.putIf({ partition: `claim-${at}`, sort: 's', value: VALUE }, undefined, ctx),
      async bare(at) {
        await client.execute(get, [`claim-${at}`, 's'], { ...again, consistency: types.consistencies.localSerial })
        return client.execute(`${put} IF NOT EXISTS`, [`claim-${at}`, 's', VALUE])
      },
    },
  ]
}
