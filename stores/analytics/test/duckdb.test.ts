// DuckDB under the suite, and its own limits: memory, folders, and an end in the middle.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { createCtx } from '@rondo/context'
import type { AppError } from '@rondo/errors'
import { createTempFolder } from '@rondo/testing'
import { testAnalytics } from '../src/conformance.ts'
import { UNREPEATABLE } from '../src/duckdb/find-unrepeatable.ts'
import { openAnalytics } from '../src/index.ts'

const ctx = createCtx()

testAnalytics('duckdb', async () => {
  const folder = await createTempFolder()
  return { analytics: await openAnalytics('duckdb:'), folder: folder.path, dispose: async () => folder[Symbol.asyncDispose]() }
})

testAnalytics('duckdb kept to its folders', async () => {
  const folder = await createTempFolder()
  return { analytics: await openAnalytics('duckdb:', { folders: [folder.path] }), folder: folder.path, dispose: async () => folder[Symbol.asyncDispose]() }
})

test('AN15 kept to its folders, the engine itself refuses every other path', async () => {
  await using inside = await createTempFolder()
  await using outside = await createTempFolder()
  const free = await openAnalytics('duckdb:')
  await free.writeParquet('SELECT 1 AS a', outside.join('a.parquet'), {}, ctx)
  await free.close()
  const kept = await openAnalytics('duckdb:', { folders: [inside.path] })
  await kept.writeParquet('SELECT 1 AS a', inside.join('a.parquet'), {}, ctx)
  for (const path of [outside.join('a.parquet'), inside.join('..', 'a.parquet')]) {
    await assert.rejects(kept.query('SELECT * FROM t', { tables: [{ name: 't', files: [path] }] }, ctx), { code: 'SQL_REFUSED' })
    await assert.rejects(kept.writeParquet('SELECT 1 AS a', path, {}, ctx), { code: 'SQL_REFUSED' })
  }
  await kept.close()
})

test('AN16 a query that needs more memory than there is is SQL_TOO_LARGE, and the engine goes on', async () => {
  const analytics = await openAnalytics('duckdb:?memoryMb=32&threads=1')
  await assert.rejects(analytics.query('SELECT list(x) AS all FROM range(20000000) AS t(x)', {}, ctx), { code: 'SQL_TOO_LARGE', kind: 'too-large' })
  assert.deepEqual((await analytics.query('SELECT 1 AS one', {}, ctx)).rows, [{ one: 1 }])
  await analytics.close()
})

test('AN16 a query that spills more than it may is SQL_TOO_LARGE with the way out, and the engine goes on', async () => {
  const analytics = await openAnalytics('duckdb:?memoryMb=64&spillMb=5&threads=1')
  const sql = "SELECT max(s) FROM (SELECT md5(x::VARCHAR) || md5(x::VARCHAR || 'a') AS s, row_number() OVER (ORDER BY md5(x::VARCHAR || 'b')) AS r FROM range(3000000) AS t(x)) WHERE r % 3 = 1"
  await assert.rejects(analytics.query(sql, {}, ctx), (error: AppError) => {
    assert.deepEqual([error.code, error.kind], ['SQL_TOO_LARGE', 'too-large'])
    assert.match(error.message, /more room on disk than queries may have/)
    assert.match(error.help ?? '', /spillMb/)
    return true
  })
  assert.deepEqual((await analytics.query('SELECT 1 AS one', {}, ctx)).rows, [{ one: 1 }])
  await analytics.close()
})

test('AN20 every function that the engine itself calls unstable is known', async () => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const rows = await (await connection.run(`SELECT DISTINCT function_name FROM duckdb_functions() WHERE stability IN ('VOLATILE', 'CONSISTENT_WITHIN_QUERY') ORDER BY ALL`)).getRows()
  // What only tells of the database is the same for all, ends the query, or is refused to everybody.
  const others = ['current_database', 'current_query', 'current_query_id', 'current_schema', 'current_schemas', 'currval', 'error', 'in_search_path', 'nextval', 'sleep_ms', 'stats', 'write_log']
  assert.deepEqual(rows.map(([name]) => String(name)).filter((name) => !UNREPEATABLE.has(name) && !others.includes(name)), [])
  connection.disconnectSync()
  instance.closeSync()
})

test('AN17 a file that is no Parquet is DATA_UNREADABLE with its name, a type that does not exist BAD_TABLE with its column', async () => {
  await using folder = await createTempFolder()
  const path = folder.join('a.parquet')
  await writeFile(path, 'no parquet')
  const analytics = await openAnalytics('duckdb:')
  await assert.rejects(analytics.query('SELECT * FROM t', { tables: [{ name: 't', files: [path] }] }, ctx), (error: Error & { code: string }) => {
    assert.equal(error.code, 'DATA_UNREADABLE')
    assert.match(error.message, /a\.parquet/)
    return true
  })
  const columns = [{ name: 'age', type: 'YEARS' }]
  await assert.rejects(analytics.query('SELECT * FROM t', { tables: [{ name: 't', files: [], columns }] }, ctx), { code: 'BAD_TABLE', message: /YEARS/ })
  await analytics.close()
})

test('AN14 closing ends what runs', async () => {
  const analytics = await openAnalytics('duckdb:', { concurrency: 1 })
  await analytics.ready(ctx)
  const endless = 'SELECT count(*) FROM range(1000000000) AS a(x), range(1000000000) AS b(y) WHERE x + y = -1'
  const running = [analytics.query(endless, {}, ctx), analytics.query(endless, {}, ctx)]
  setImmediate(() => void analytics.close())
  for (const query of await Promise.allSettled(running)) assert.equal(query.status === 'rejected' && query.reason.code, 'STORE_CLOSED')
})

test('AN18 the file that replaced another under the same name is the one that is read', async () => {
  await using folder = await createTempFolder()
  const analytics = await openAnalytics('duckdb:')
  const table = { name: 't', files: [folder.join('a.parquet')] }
  for (let version = 0; version < 5; version += 1) {
    await analytics.writeParquet(`SELECT ${version} AS version`, folder.join('a.parquet'), {}, ctx)
    assert.deepEqual((await analytics.query('SELECT version FROM t', { tables: [table] }, ctx)).rows, [{ version }])
  }
  await analytics.close()
})

test('AN19 addresses that name no engine are refused', async () => {
  for (const address of ['', 'duckdb', 'duckdb:?memoryMb=none', 'duckdb:?threads=0', 'duckdb:?spillMb=-1', 'duckdb:?memory=2', 'duckdb:?toString=2', 'spark://host']) await assert.rejects(openAnalytics(address), { code: 'BAD_STORE_ADDRESS' })
})
