// The requests that the store makes of Bigtable, on the generated client: no retries of its own, a limit of time on each, and all ended when it is closed.
import type { Readable } from 'node:stream'
import type { BigtableOptions, protos } from '@google-cloud/bigtable'
import type { BigtableLibrary } from './load-bigtable.ts'
import type { BigtableSettings } from './parse-bigtable-address.ts'

type Data = protos.google.bigtable.v2.IReadRowsRequest
export type Filter = protos.google.bigtable.v2.IRowFilter
export type Mutation = protos.google.bigtable.v2.IMutation
type RowSet = protos.google.bigtable.v2.IRowSet
type Chunk = protos.google.bigtable.v2.ReadRowsResponse.ICellChunk

export type ReadCell = { row: string; qualifier: Buffer; timestampUs: number; bytes: Buffer }

export type BigtableClient = {
  /** Cells in the order of rows and columns. `rowsLimit` 0: all. */
  readCells(rows: RowSet, filter: Filter, rowsLimit?: number): Promise<ReadCell[]>
  mutateRow(row: string, mutations: Mutation[]): Promise<unknown>
  /** What each row came to, in their order: 0, or the number of its error. */
  mutateRows(rows: { row: string; mutations: Mutation[] }[]): Promise<number[]>
  /** Whether the filter let anything of the row through. */
  checkAndMutateRow(row: string, predicate: Filter, whenMatched: Mutation[], whenNot: Mutation[]): Promise<boolean>
  close(): Promise<void>
}

type Options = { timeout: number; retry?: null; otherArgs: { headers: Record<string, string> }; retryRequestOptions: { retries: number; noResponseRetries: number } }
type Cancellable<T> = Promise<T> & { cancel(): void }
type CancellableStream = Readable & { cancel(): void }
type InnerCalls = {
  readRows(request: Data, options: Options): CancellableStream
  mutateRow(request: object, options: Options): Cancellable<unknown>
  mutateRows(request: object, options: Options): CancellableStream
  checkAndMutateRow(request: object, options: Options): Cancellable<[{ predicateMatched?: boolean }]>
}

/** Connections of its own: among shared ones, a store that opens when the engine is back would be told at once what another waits to try again. */
const RECONNECT = { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 2_000, 'grpc.use_local_subchannel_pool': 1 }

export function toClientOptions({ project, emulator }: BigtableSettings): BigtableOptions {
  // Its metrics count the calls of its table objects, which are not used here. Without a universe the library would ask the machine's metadata server, which only Google's own machines have.
  return { projectId: project, metricsEnabled: false, ...(emulator === undefined ? {} : { apiEndpoint: emulator, clientOptions: { universeDomain: 'googleapis.com' } }), ...RECONNECT }
}

export async function createBigtableClient({ Bigtable, v2 }: BigtableLibrary, settings: BigtableSettings, table: string): Promise<BigtableClient> {
  const tableName = `projects/${settings.project}/instances/${settings.instance}/tables/${table}`
  const client = new v2.BigtableClient(new Bigtable(toClientOptions(settings)).options.BigtableClient)
  await client.initialize()
  const calls = client.innerApiCalls as InnerCalls
  const target = { tableName, appProfileId: settings.profile }
  const options: Options = {
    timeout: settings.timeoutMs,
    otherArgs: { headers: { 'x-goog-request-params': `table_name=${encodeURIComponent(tableName)}&app_profile_id=${settings.profile}` } },
    retryRequestOptions: { retries: 0, noResponseRetries: 0 },
  }
  const active = new Set<{ cancel(): void }>()

  const once = <T>(request: Cancellable<T>): Promise<T> => {
    active.add(request)
    return request.finally(() => active.delete(request))
  }
  const all = <T>(stream: CancellableStream, take: (message: T) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      active.add(stream)
      stream.on('data', take)
      stream.on('end', () => {
        active.delete(stream)
        resolve()
      })
      stream.on('error', (thrown) => {
        active.delete(stream)
        reject(thrown)
      })
    })

  return {
    async readCells(rows, filter, rowsLimit = 0) {
      const assemble = createAssembly()
      await all<{ chunks?: Chunk[] }>(calls.readRows({ ...target, rows, filter, rowsLimit }, options), ({ chunks = [] }) => chunks.forEach(assemble.add))
      return assemble.cells
    },
    mutateRow: (row, mutations) => once(calls.mutateRow({ ...target, rowKey: Buffer.from(row), mutations }, { ...options, retry: null })),
    async mutateRows(rows) {
      const codes = rows.map(() => -1)
      const entries = rows.map(({ row, mutations }) => ({ rowKey: Buffer.from(row), mutations }))
      await all<protos.google.bigtable.v2.IMutateRowsResponse>(calls.mutateRows({ ...target, entries }, options), (message) => {
        for (const { index, status } of message.entries ?? []) codes[Number(index ?? 0)] = status?.code ?? 0
      })
      return codes
    },
    async checkAndMutateRow(row, predicateFilter, trueMutations, falseMutations) {
      const [{ predicateMatched = false }] = await once(calls.checkAndMutateRow({ ...target, rowKey: Buffer.from(row), predicateFilter, trueMutations, falseMutations }, options))
      return predicateMatched
    },
    async close() {
      active.forEach((call) => call.cancel())
      await client.close()
    },
  }
}

/** From chunks to cells: what a chunk leaves out is as in the one before, and a large value comes in pieces (bigtable.proto, ReadRowsResponse.CellChunk). */
function createAssembly(): { cells: ReadCell[]; add(chunk: Chunk): void } {
  const cells: ReadCell[] = []
  let row = ''
  let qualifier: Buffer = Buffer.alloc(0)
  let timestampUs = 0
  let pieces: Buffer[] = []
  let committed = 0
  return {
    cells,
    add(chunk) {
      if (chunk.resetRow === true) {
        cells.length = committed
        pieces = []
        return
      }
      if (chunk.rowKey && chunk.rowKey.length > 0) row = (chunk.rowKey as Buffer).toString()
      if (chunk.qualifier?.value) qualifier = chunk.qualifier.value as Buffer
      if (pieces.length === 0) timestampUs = Number(chunk.timestampMicros ?? 0)
      pieces.push((chunk.value ?? Buffer.alloc(0)) as Buffer)
      if (Number(chunk.valueSize ?? 0) > 0) return
      const [only = Buffer.alloc(0)] = pieces
      cells.push({ row, qualifier, timestampUs, bytes: pieces.length === 1 ? only : Buffer.concat(pieces) })
      pieces = []
      if (chunk.commitRow === true) committed = cells.length
    },
  }
}
