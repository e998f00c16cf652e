// The scales of the key-value store on Bigtable: what a call costs this process, beside the bare client library in the same run, twice: with the same requests on
// its generated client, which tells what our code costs; and with its table objects, which most programs use.
import { Bigtable, v2, type Table } from '@google-cloud/bigtable'
import { createCtx } from '@rondo/context'
import { openKeyValue, type Entry, type KeyValue } from '@rondo/key-value'
import { systemClock } from '@rondo/time'
import { engineUrl } from '@rondo/tools/engines'
import type { BenchOptions, BenchResult } from '../result.ts'
import { compareWithAll, type Comparisons } from './compare-calls.ts'

const VALUE = Buffer.alloc(1_024, 7)
/** What the store writes before a value, so that both carry the same. */
const HEAD = Buffer.alloc(17)
const PARTITIONS = 500
const TOGETHER = 50
const SCANNED = 200

export async function run({ small = false }: BenchOptions = {}): Promise<BenchResult[]> {
  const { url, skip } = engineUrl('bigtable')
  if (skip !== false) return [{ name: 'bigtable', figure: skip }]
  const { host: project, searchParams } = new URL(url)
  const apiEndpoint = searchParams.get('emulator') ?? ''
  const instance = `bench-${process.pid}`
  const store = await openKeyValue(`bigtable://${project}/${instance}?emulator=${apiEndpoint}`, { clock: systemClock })
  const library = new Bigtable({ projectId: project, apiEndpoint, metricsEnabled: false, clientOptions: { universeDomain: 'googleapis.com' } })
  const client = new v2.BigtableClient(library.options.BigtableClient)
  try {
    await library.instance(instance).createTable('bare', { families: [{ name: 'e', rule: { versions: 1 } }] })
    const results: BenchResult[] = []
    const same = toRequests(client, `projects/${project}/instances/${instance}/tables/bare`)
    const objects = toObjectCalls(library.instance(instance).table('bare'))
    for (const row of makeRows(store, small)) {
      const references = [
        { client: '@google-cloud/bigtable v2, same requests', call: same[row.kind], mark: true },
        { client: '@google-cloud/bigtable, its tables', call: objects[row.kind], mark: false },
      ]
      results.push(...(await compareWithAll({ ...row, name: `bigtable: ${row.name}`, references })))
    }
    return results
  } finally {
    await client.close()
    await library.close()
    await store.close()
  }
}

type Kind = 'put' | 'get' | 'putTogether' | 'getApart' | 'getTogether' | 'scan' | 'putIf'
type Row = Omit<Comparisons, 'references'> & { kind: Kind }
type Calls = Record<Kind, (at: number) => Promise<unknown>>

function makeRows(store: KeyValue, small: boolean): Row[] {
  const ctx = createCtx()
  const many = { calls: small ? 100 : 1_000, atOnce: 64 }
  const few = { calls: small ? 20 : 100, atOnce: 4 }
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

function toRequests(client: v2.BigtableClient, tableName: string): Calls {
  const newest = { cellsPerColumnLimitFilter: 1 }
  const toCell = (sort: string): object => ({ setCell: { familyName: 'e', columnQualifier: Buffer.from(`s${sort}`), timestampMicros: Date.now() * 1_000, value: Buffer.concat([HEAD, VALUE]) } })
  const only = (sort: string): object => ({ columnRangeFilter: { familyName: 'e', startQualifierClosed: Buffer.from(`s${sort}`), endQualifierClosed: Buffer.from(`s${sort}`) } })
  const read = async (rows: string[], filters: object[]): Promise<Buffer[]> => {
    const values: Buffer[] = []
    const request = { tableName, rows: { rowKeys: rows.map((row) => Buffer.from(row)) }, filter: { chain: { filters } } }
    for await (const { chunks = [] } of client.readRows(request) as AsyncIterable<{ chunks?: { value: Buffer }[] }>) for (const { value } of chunks) values.push(value)
    return values
  }
  const sorts = toSorts(TOGETHER)
  return {
    put: (at) => client.mutateRow({ tableName, rowKey: Buffer.from(toPartition(at)), mutations: [toCell('head')] }),
    get: (at) => read([toPartition(at)], [only('head'), newest]),
    putTogether: (at) => client.mutateRow({ tableName, rowKey: Buffer.from(toPartition(at)), mutations: toSorts(SCANNED).map(toCell) }),
    getApart: (at) => read(toHeads(at).map(({ partition }) => partition), [only('head'), newest]),
    getTogether: (at) => Promise.all([0, 16, 32, 48].map((from) => read([toPartition(at)], [{ interleave: { filters: sorts.slice(from, from + 16).map(only) } }, newest]))),
    scan: (at) => read([toPartition(at)], [{ columnRangeFilter: { familyName: 'e', startQualifierClosed: Buffer.from('strack/'), endQualifierOpen: Buffer.from('strack0') } }, newest]),
    async putIf(at) {
      await read([`claim-${at}`], [only('s'), newest])
      return client.checkAndMutateRow({ tableName, rowKey: Buffer.from(`claim-${at}`), predicateFilter: only('s'), falseMutations: [toCell('s')] })
    },
  }
}

function toObjectCalls(table: Table): Calls {
  const value = Buffer.concat([HEAD, VALUE])
  const column = (name: string): object => ({ column: { name, cellLimit: 1 } })
  const get = (keys: string[], filter: object[]): Promise<unknown> => table.getRows({ keys, filter, decode: false })
  const named = toSorts(TOGETHER).map((sort) => `s${sort}`).join('|')
  return {
    put: (at) => table.row(toPartition(at)).save({ e: { shead: value } }),
    get: (at) => get([toPartition(at)], [column('shead')]),
    putTogether: (at) => table.row(toPartition(at)).save({ e: Object.fromEntries(toSorts(SCANNED).map((sort) => [`s${sort}`, value])) }),
    getApart: (at) => get(toHeads(at).map(({ partition }) => partition), [column('shead')]),
    getTogether: (at) => get([toPartition(at)], [{ column: { name: new RegExp(named), cellLimit: 1 } }]),
    scan: (at) => get([toPartition(at)], [{ column: { start: { value: 'strack/', inclusive: true }, end: { value: 'strack0', inclusive: false }, family: 'e', cellLimit: 1 } }]),
    async putIf(at) {
      await get([`claim-${at}`], [column('ss')])
      return table.row(`claim-${at}`).filter([column('ss')], { onNoMatch: [{ method: 'insert', data: { e: { ss: value } } }] })
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
