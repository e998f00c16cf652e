// The scales of the key-value store on Cassandra: what a call costs this process, beside the bare client library in the same run, twice: with the same statements
// on a table of the same columns, which tells what our code costs; and on a table of key and value, which tells what expiry, order and conditions cost besides.
import { createCtx } from '@rondo/context'
import { openKeyValue, type Entry, type KeyValue } from '@rondo/key-value'
import { systemClock } from '@rondo/time'
import { engineUrl } from '@rondo/tools/engines'
import { Client, types } from 'cassandra-driver'
import type { BenchOptions, BenchResult } from '../result.ts'
import { compareWithAll, type Comparisons } from './compare-calls.ts'

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
    await client.execute(`CREATE TABLE ${keyspace}.same (partition text, sort text, value blob, expires_ms double, written_us double, agreed blob, agreed_over_us double, agreed_by frozen<list<uuid>>, PRIMARY KEY (partition, sort))`, [], { prepare: false })
    await client.execute(`CREATE TABLE ${keyspace}.plain (partition text, sort text, value blob, PRIMARY KEY (partition, sort))`, [], { prepare: false })
    const results: BenchResult[] = []
    const same = toCalls(client, `${keyspace}.same`, 'expires_ms, written_us', 'value, expires_ms, written_us, agreed, agreed_over_us')
    const plain = toCalls(client, `${keyspace}.plain`, '', 'value')
    for (const row of makeRows(store, small)) {
      const references = [
        { client: 'cassandra-driver, same statements', call: same[row.kind], mark: true },
        { client: 'cassandra-driver, key and value', call: plain[row.kind], mark: false },
      ]
      results.push(...(await compareWithAll({ ...row, name: `cassandra: ${row.name}`, references })))
    }
    return results
  } finally {
    await client.execute(`DROP KEYSPACE ${keyspace}`, [], { prepare: false })
    await client.shutdown()
    await store.close()
  }
}

type Kind = 'put' | 'get' | 'putTogether' | 'getApart' | 'getTogether' | 'scan' | 'putIf'
type Row = Omit<Comparisons, 'references'> & { kind: Kind }

function makeRows(store: KeyValue, small: boolean): Row[] {
  const ctx = createCtx()
  const many = { calls: small ? 300 : 3_000, atOnce: 64 }
  const few = { calls: small ? 20 : 200, atOnce: 4 }
  return [
    { kind: 'put', name: 'put 1 KiB', ...many, ours: (at) => store.putMany([{ partition: toPartition(at), sort: 'head', value: VALUE }], {}, ctx) },
    { kind: 'get', name: 'get 1 KiB', ...many, ours: (at) => store.get({ partition: toPartition(at), sort: 'head' }, ctx) },
    { kind: 'putTogether', name: `put ${SCANNED} of one partition`, ...few, ours: (at) => store.putMany(toEntries(at), {}, ctx) },
    { kind: 'getApart', name: `get ${TOGETHER} of as many partitions`, ...few, ours: (at) => store.getMany(toHeads(at), ctx) },
    { kind: 'getTogether', name: `get ${TOGETHER} of one partition`, ...few, ours: (at) => store.getMany(toSorts(TOGETHER).map((sort) => ({ partition: toPartition(at), sort })), ctx) },
    { kind: 'scan', name: `scan ${SCANNED}`, ...few, ours: (at) => store.scan({ partition: toPartition(at), prefix: 'track/' }, ctx) },
    { kind: 'putIf', name: 'putIf of 1 KiB: a read and a condition', calls: few.calls, atOnce: 8, ours: (at) => store.putIf({ partition: `claim-${at}`, sort: 's', value: VALUE }, undefined, ctx) },
  ]
}

/** `marks`: columns that a write fills beside the value. */
function toCalls(client: Client, table: string, marks: string, read: string): Record<Kind, (at: number) => Promise<unknown>> {
  const columns = marks === '' ? [] : marks.split(', ')
  const again = { isIdempotent: true }
  const put = `UPDATE ${table} SET ${['value', ...columns].map((column) => `${column} = ?`).join(', ')} WHERE partition = ? AND sort = ?`
  const toParams = (partition: string, sort: string): unknown[] => [VALUE, ...columns.map(() => 0), partition, sort]
  const get = `SELECT ${read} FROM ${table} WHERE partition = ? AND sort = ?`
  return {
    put: (at) => client.execute(put, toParams(toPartition(at), 'head'), again),
    get: (at) => client.execute(get, [toPartition(at), 'head'], again),
    putTogether: (at) => client.batch(toEntries(at).map(({ partition, sort }) => ({ query: put, params: toParams(partition, sort) })), { prepare: true, logged: false, ...again }),
    getApart: (at) => Promise.all(toHeads(at).map(({ partition, sort }) => client.execute(get, [partition, sort], again))),
    getTogether: (at) => client.execute(`SELECT sort, ${read} FROM ${table} WHERE partition = ? AND sort IN ?`, [toPartition(at), toSorts(TOGETHER)], again),
    scan: (at) => client.execute(`SELECT sort, ${read} FROM ${table} WHERE partition = ? AND sort >= 'track/' AND sort < 'track0'`, [toPartition(at)], again),
    async putIf(at) {
      await client.execute(get, [`claim-${at}`, 's'], { ...again, consistency: types.consistencies.localSerial })
      return client.execute(`${put} IF value = NULL`, toParams(`claim-${at}`, 's'))
    },
  }
}

function toPartition(at: number): string {
  return `listener-${at % PARTITIONS}`
}

function toSorts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `track/${String(index).padStart(6, '0')}`)
}

function toEntries(at: number): Entry[] {
  return toSorts(SCANNED).map((sort) => ({ partition: toPartition(at), sort, value: VALUE }))
}

function toHeads(at: number): { partition: string; sort: string }[] {
  return Array.from({ length: TOGETHER }, (_, index) => ({ partition: toPartition(at + index), sort: 'head' }))
}
