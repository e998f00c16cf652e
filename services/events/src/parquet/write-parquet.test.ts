// Files are what was written, to DuckDB and to hyparquet: values, nulls, statistics, pages, row groups.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { zstdDecompressSync } from 'node:zlib'
import { openAnalytics } from '@rondo/analytics'
import { createCtx } from '@rondo/context'
import { createRandom } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { toBinaries, toCoded, toFlags, toNumbers, toTexts } from './cells.ts'
import { encodeRuns } from './encode-runs.ts'
import { toIdentity, writeParquet, type FileColumn } from './write-parquet.ts'

type Row = { id: string; few: string | null; many: string | null; whole: number | null; real: number | null; at: number; flag: boolean | null; nothing: null }

function makeRows(count: number): Row[] {
  const random = createRandom(count)
  const orNull = <T>(value: T): T | null => (random.int(5) === 0 ? null : value)
  return Array.from({ length: count }, (_, i) => ({
    id: `ïd-${i}-${'x'.repeat(random.int(200))}`,
    few: orNull(['', 'a', 'ü', '😀'][random.int(4)] as string),
    many: orNull(`text ${random.int(1_000_000)}`),
    whole: orNull([0, -1, 4_294_967_296, -4_294_967_297, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, random.int(1_000)][random.int(7)] as number),
    real: orNull([0, -0, 1.5, -1e300, 5e-324][random.int(5)] as number),
    at: 1_700_000_000_000 + Math.floor(i / 9),
    flag: orNull(random.int(2) === 0),
    nothing: null,
  }))
}

function toColumns(rows: Row[]): FileColumn[] {
  return [
    { name: 'id', type: 'STRING', nullable: false, plain: true, statistics: false, cells: toBinaries(rows.map(({ id }) => Buffer.from(id))) },
    { name: 'few', type: 'STRING', nullable: true, cells: toTexts(rows.map(({ few }) => few)) },
    { name: 'many', type: 'STRING', nullable: true, cells: toTexts(rows.map(({ many }) => many)) },
    { name: 'whole', type: 'INT64', nullable: true, cells: toNumbers(rows.map(({ whole }) => whole)) },
    { name: 'real', type: 'DOUBLE', nullable: true, cells: toNumbers(rows.map(({ real }) => real)) },
    { name: 'at', type: 'INT64', nullable: false, cells: toCoded(rows.map(({ at }) => at)) },
    { name: 'flag', type: 'BOOLEAN', nullable: true, cells: toFlags(rows.map(({ flag }) => flag)) },
    { name: 'nothing', type: 'STRING', nullable: true, cells: toTexts(rows.map(({ nothing }) => nothing)) },
  ]
}

test('EV161 bucket files hold what was written, whoever reads them, in any order and number of rows', async () => {
  await using folder = await createTempFolder()
  const ctx = createCtx()
  const analytics = await openAnalytics('duckdb:')
  for (const [count, groupRows] of [[1, 100], [17, 100], [399, 100], [400, 400], [25_000, 10_000]] as const) {
    const rows = makeRows(count)
    const order = toIdentity(count).reverse()
    const bytes = writeParquet(toColumns(rows), order, groupRows)
    const expected = [...rows].reverse()
    const read = await parquetReadObjects({ file: bytes.buffer, compressors: { ZSTD: (input) => zstdDecompressSync(input) } })
    assert.deepEqual(read.map((row) => ({ ...row, whole: row['whole'] === null ? null : Number(row['whole']), at: Number(row['at']) })), expected, `${count} rows by hyparquet`)
    const path = folder.join(`${count}.parquet`)
    await writeFile(path, bytes)
    const found = await analytics.query('select * from t', { tables: [{ name: 't', files: [path] }], maxRows: count }, ctx)
    assert.deepEqual(found.rows.map((row) => ({ ...row, whole: row['whole'] === null ? null : Number(row['whole']), real: row['real'] === 0 ? Math.abs(row['real']) : row['real'] })), expected.map((row) => ({ ...row, real: row.real === 0 ? 0 : row.real })), `${count} rows by DuckDB`)
    // Statistics leave out whole groups: what they say has to be so.
    const least = await analytics.query(`select count(*)::int as n from t where whole = ${Number.MIN_SAFE_INTEGER} or many = 'text 7' or real < -1 or few = '😀'`, { tables: [{ name: 't', files: [path] }] }, ctx)
    assert.equal(least.rows[0]?.['n'], rows.filter(({ whole, many, real, few }) => whole === Number.MIN_SAFE_INTEGER || many === 'text 7' || (real ?? 0) < -1 || few === '😀').length)
    const { row_groups: groups } = parquetMetadata(bytes.buffer)
    assert.equal(groups.length, Math.ceil(count / groupRows))
    for (const [g, group] of groups.entries()) {
      const own = expected.slice(g * groupRows, (g + 1) * groupRows)
      const statistics = group.columns.map(({ meta_data }) => meta_data?.statistics)
      assert.equal(statistics[0], undefined)
      const times = own.map(({ at }) => at)
      assert.deepEqual([Number(statistics[5]?.min_value), Number(statistics[5]?.max_value), Number(statistics[5]?.null_count)], [Math.min(...times), Math.max(...times), 0])
      assert.equal(Number(statistics[7]?.null_count), own.length)
    }
  }
  await analytics.close()
})

test('EV161 runs and packed bits are those of the format', () => {
  // The example of Encodings.md: 0 to 7, three bits each.
  assert.deepEqual([...encodeRuns(Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7), 3)], [3, 0b1000_1000, 0b1100_0110, 0b1111_1010])
  assert.deepEqual([...encodeRuns(new Int32Array(300).fill(513), 10)], [0b1101_1000, 0b100, 1, 2])
  assert.deepEqual([...encodeRuns(new Int32Array(9), 0)], [18])
})
