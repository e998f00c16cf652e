// Datasets whose values lie sealed, or in files shared with others.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import { createTempFolder } from '@rondo/testing'
import { openAnalytics, type Sealed, type Table } from '../src/index.ts'

const ctx = createCtx()

test('AN24 sealed values are opened where a query looks at them, with keys asked for once; what has no key is null', async () => {
  await using folder = await createTempFolder()
  const analytics = await openAnalytics('duckdb:', { folders: [folder.path] })
  const path = folder.join('a.parquet')
  await analytics.writeParquet(`SELECT n, NULL::VARCHAR AS word, NULL::BIGINT AS size, (n::VARCHAR)::BLOB AS _s, 'k' || (n % 3) AS _k FROM range(6) AS t(n) UNION ALL SELECT 9, 'plain', 1, NULL, NULL`, path, {}, ctx)
  const asked: string[][] = []
  const sealed: Sealed = {
    data: '_s',
    key: '_k',
    columns: ['word', 'size'],
    open: async (keyIds) => {
      asked.push(keyIds.toSorted())
      return (keyId, data, column) => (keyId === 'k2' ? null : column === 'size' ? Buffer.from(data).toString() : `${column} ${Buffer.from(data).toString()} of ${keyId}`)
    },
  }
  const tables: Table[] = [{ name: 't', files: [path], columns: [{ name: 'n', type: 'BIGINT' }, { name: 'word', type: 'VARCHAR' }, { name: 'size', type: 'BIGINT' }], sealed }]
  const query = async (sql: string): Promise<unknown[]> => (await analytics.query(sql, { tables }, ctx)).rows
  assert.deepEqual(await query('SELECT count(*) AS n FROM t WHERE n > 1'), [{ n: 5 }])
  assert.deepEqual(await analytics.describe('SELECT * FROM t', { tables }, ctx), tables[0]?.columns)
  assert.deepEqual(asked, [])
  assert.deepEqual(await query('SELECT * FROM t WHERE n IN (1, 2, 9) ORDER BY n'), [{ n: 1, word: 'word 1 of k1', size: 1 }, { n: 2, word: null, size: null }, { n: 9, word: 'plain', size: 1 }])
  assert.deepEqual(asked, [['k0', 'k1', 'k2']])
  assert.deepEqual(await query('WITH own AS (SELECT sum(size) AS s FROM t) SELECT s FROM own'), [{ s: 0 + 1 + 3 + 4 + 1 }])
  assert.deepEqual(await query('WITH t AS (SELECT count(word) AS c FROM t) SELECT c FROM t'), [{ c: 5 }])
  const copy = folder.join('copy.parquet')
  assert.deepEqual(await analytics.writeParquet('SELECT word FROM t', copy, { tables }, ctx), { rows: 7 })
  await assert.rejects(query(`SELECT rondo_unseal('x', 'k1', 'a'::BLOB, 'word')`), { code: 'SQL_REFUSED' })
  await analytics.close()
})

test('AN25 rows of a dataset are found in files that others share, beside its own', async () => {
  await using folder = await createTempFolder()
  const analytics = await openAnalytics('duckdb:', { folders: [folder.path] })
  const [own, shared] = [folder.join('own.parquet'), folder.join('shared.parquet')]
  await analytics.writeParquet(`SELECT 'a' AS id, 1::BIGINT AS n, 'x' AS "a/b~c"`, own, {}, ctx)
  await analytics.writeParquet(`SELECT 'one' AS type, 'b' AS id, '{"n": 2, "a/b~c": "y", "on": true}' AS cells UNION ALL SELECT 'two', 'c', '{"n": 3}'`, shared, {}, ctx)
  const columns = [{ name: 'id', type: 'VARCHAR' }, { name: 'n', type: 'BIGINT' }, { name: 'a/b~c', type: 'VARCHAR' }, { name: 'on', type: 'BOOLEAN' }]
  const packed = { files: [shared], type: 'one', own: ['id'] }
  const read = async (table: Table): Promise<unknown[]> => (await analytics.query('SELECT * FROM t ORDER BY id', { tables: [table] }, ctx)).rows
  const second = { id: 'b', n: 2, 'a/b~c': 'y', on: true }
  assert.deepEqual(await read({ name: 't', files: [own], columns, packed }), [{ id: 'a', n: 1, 'a/b~c': 'x', on: null }, second])
  assert.deepEqual(await read({ name: 't', files: [], columns, packed }), [second])
  await analytics.close()
})
