// The suite that every driver of the analytics store passes. Titles begin with the rule of SPEC.md.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { createCtx } from '@rondo/context'
import { hostileQueries, plainQueries, repeatableQueries, unrepeatableQueries } from './conformance-queries.ts'
import type { Analytics, Table } from './port.ts'

export type AnalyticsHarness = {
  analytics: Analytics
  /** An empty folder that the engine may write to and read from. */
  folder: string
  dispose(): Promise<void>
}

const ctx = createCtx()

const playsSql = `
  SELECT 'user-' || (n % 3) AS "userId", n AS "playedMs", TIMESTAMP '2026-09-21 00:00:00' + INTERVAL (n) MINUTE AS "occurredAt"
  FROM range($from::BIGINT, $to::BIGINT) AS numbers(n)`

export function testAnalytics(name: string, createHarness: () => Promise<AnalyticsHarness>): void {
  const withEngine = async (work: (analytics: Analytics, folder: string) => Promise<void>): Promise<void> => {
    const harness = await createHarness()
    try {
      await work(harness.analytics, harness.folder)
    } finally {
      await harness.analytics.close()
      await harness.dispose()
    }
  }
  const withPlays = (work: (analytics: Analytics, plays: Table, folder: string) => Promise<void>): Promise<void> =>
    withEngine(async (analytics, folder) => {
      const files = [join(folder, 'a.parquet'), join(folder, 'b [*].parquet')]
      for (const [index, file] of files.entries()) await analytics.writeParquet(playsSql, file, { params: { from: index * 10, to: index * 10 + 10 } }, ctx)
      await work(analytics, { name: 'track-played', files }, folder)
    })

  describe(name, () => {
    test('AN1 a dataset is the union of its files, under its quoted name or with underscores, in any case', () =>
      withPlays(async (analytics, plays) => {
        for (const table of ['"track-played"', 'track_played', 'TRACK_PLAYED', '"Track-Played"']) {
          const { rows } = await analytics.query(`SELECT count(*) AS n, sum("playedMs") AS ms FROM ${table}`, { tables: [plays] }, ctx)
          assert.deepEqual(rows, [{ n: 20, ms: 190 }])
        }
      }))

    test('AN1 files are united by the names of their columns; a column that a file lacks is null there', () =>
      withEngine(async (analytics, folder) => {
        const files = [join(folder, 'old.parquet'), join(folder, 'new.parquet')]
        await analytics.writeParquet('SELECT 1 AS a, 2 AS b', files[0] ?? '', {}, ctx)
        await analytics.writeParquet('SELECT 3 AS b, 4 AS c', files[1] ?? '', {}, ctx)
        const { rows } = await analytics.query('SELECT a, b, c FROM t ORDER BY b', { tables: [{ name: 't', files }] }, ctx)
        assert.deepEqual(rows, [{ a: 1, b: 2, c: null }, { a: null, b: 3, c: 4 }])
      }))

    test('AN2 without files, columns say what an empty dataset looks like; with files, they are there even when no file has them', () =>
      withPlays(async (analytics, plays) => {
        const columns = [{ name: 'userId', type: 'VARCHAR' }, { name: 'device', type: 'STRUCT("os" VARCHAR, "versions" INTEGER[])' }, { name: 'kind', type: `ENUM('a', 'b''c')` }]
        const empty = await analytics.query('SELECT * FROM t', { tables: [{ name: 't', files: [], columns }] }, ctx)
        assert.deepEqual(empty.columns.map((column) => column.name), ['userId', 'device', 'kind'])
        assert.deepEqual(empty.rows, [])
        const { rows } = await analytics.query('SELECT count(*) AS n, count(device) AS devices FROM track_played', { tables: [{ ...plays, columns }] }, ctx)
        assert.deepEqual(rows, [{ n: 20, devices: 0 }])
        await assert.rejects(analytics.query('SELECT * FROM t', { tables: [{ name: 't', files: [] }] }, ctx), { code: 'BAD_TABLE' })
        for (const type of ['INTEGER) AS b, (SELECT 1', 'INTEGER, 1', `VARCHAR' `, '']) {
          const bad = { name: 't', files: [], columns: [{ name: 'a', type }] }
          await assert.rejects(analytics.query('SELECT * FROM t', { tables: [bad] }, ctx), { code: 'BAD_TABLE' }, type)
        }
      }))

    test('AN3 datasets that a query does not name are not touched', () =>
      withEngine(async (analytics, folder) => {
        const missing: Table = { name: 'missing', files: [join(folder, 'none.parquet')] }
        assert.deepEqual((await analytics.query('SELECT 1 AS one', { tables: [missing] }, ctx)).rows, [{ one: 1 }])
        await assert.rejects(analytics.query('SELECT * FROM missing', { tables: [missing] }, ctx), { code: 'DATA_UNREADABLE', kind: 'unavailable' })
      }))

    test('AN4 cells are JSON: whole numbers within 2^53, larger as text, instants and dates in ISO, NaN as null, lists and structs themselves', () =>
      withEngine(async (analytics) => {
        const { rows } = await analytics.query(
          `SELECT 9007199254740991 AS safe, 9007199254740993 AS big, sum(2) AS hugeint, 'NaN'::DOUBLE AS nan, '-inf'::DOUBLE AS inf, 1.5::DOUBLE AS half,
             TIMESTAMP '2026-09-21 08:00:00' AS ts, TIMESTAMPTZ '2026-09-21 08:00:00+02' AS tz, TIMESTAMP '1960-01-01 00:00:00.000001' AS micros, DATE '2026-09-21' AS day,
             12.50::DECIMAL(4,2) AS decimal, 12345678901234567890.12::DECIMAL(30,2) AS exact, '\\x00\\xFF'::BLOB AS bytes, true AS yes, NULL AS nothing,
             [1, NULL] AS list, {'a': [DATE '2026-09-21'], 'b': 2} AS struct, MAP {'k': 1} AS map, '00:01:00'::TIME AS time, UUID '00000000-0000-0000-0000-000000000001' AS id`,
          {},
          ctx,
        )
        assert.deepEqual(rows[0], {
          safe: Number.MAX_SAFE_INTEGER, big: '9007199254740993', hugeint: 2, nan: null, inf: null, half: 1.5,
          ts: '2026-09-21T08:00:00.000Z', tz: '2026-09-21T06:00:00.000Z', micros: '1960-01-01T00:00:00.000001Z', day: '2026-09-21',
          decimal: 12.5, exact: '12345678901234567890.12', bytes: 'AP8=', yes: true, nothing: null,
          list: [1, null], struct: { a: ['2026-09-21'], b: 2 }, map: { k: 1 }, time: '00:01:00', id: '00000000-0000-0000-0000-000000000001',
        })
        assert.deepEqual(JSON.parse(JSON.stringify(rows)), rows)
      }))

    test('AN4 a column name that comes twice loses no cell', () =>
      withEngine(async (analytics) => {
        const { columns, rows } = await analytics.query('SELECT 1 AS x, 2 AS x', {}, ctx)
        assert.equal(new Set(columns.map((column) => column.name)).size, 2)
        assert.deepEqual(Object.values(rows[0] ?? {}), [1, 2])
      }))

    test('AN5 parameters go by place or by name; instants are ISO texts; names that are not used are ignored', () =>
      withPlays(async (analytics, plays) => {
        const tables = [plays]
        const named = { start: '2026-09-21T00:05:00.000Z', end: '2026-09-21T00:10:00.000Z', partition: '2026-09-21' }
        const byName = await analytics.query('SELECT count(*) AS n FROM track_played WHERE "occurredAt" >= $start AND "occurredAt" < $end', { tables, params: named }, ctx)
        assert.deepEqual(byName.rows, [{ n: 5 }])
        assert.deepEqual((await analytics.query('SELECT ?::INTEGER + ? AS sum', { params: [1, 2] }, ctx)).rows, [{ sum: 3 }])
        const byPlace = await analytics.query('SELECT $2::VARCHAR AS b, $1 AS a, $3 AS c, $4 AS d', { params: [1.5, 'x', null, true] }, ctx)
        assert.deepEqual(byPlace.rows, [{ b: 'x', a: 1.5, c: null, d: true }])
        await assert.rejects(analytics.query('SELECT $start', { params: {} }, ctx), { code: 'SQL_INVALID' })
        await assert.rejects(analytics.query('SELECT ?', { params: [1, 2] }, ctx), { code: 'SQL_INVALID' })
      }))

    test('AN6 rows beyond maxRows are cut off and said to be', () =>
      withEngine(async (analytics) => {
        const all = await analytics.query('SELECT * FROM range(5000)', { maxRows: 5_000 }, ctx)
        assert.equal(all.rows.length, 5_000)
        assert.equal(all.truncated, false)
        const some = await analytics.query('SELECT * FROM range(1000000000)', { maxRows: 3 }, ctx)
        assert.deepEqual(some.rows, [{ range: 0 }, { range: 1 }, { range: 2 }])
        assert.equal(some.truncated, true)
        assert.equal((await analytics.query('SELECT * FROM range(10001)', {}, ctx)).rows.length, 10_000)
      }))

    test('AN7 anything but one SELECT over the given datasets is refused and does nothing', () =>
      withPlays(async (analytics, plays, folder) => {
        const written = join(folder, 'written')
        for (const sql of hostileQueries(plays.files[0] ?? '', written)) {
          await assert.rejects(analytics.query(sql, { tables: [plays] }, ctx), { code: 'SQL_REFUSED' }, sql)
          await assert.rejects(analytics.describe(sql, { tables: [plays] }, ctx), { code: 'SQL_REFUSED' }, sql)
          await assert.rejects(analytics.writeParquet(sql, join(folder, 'out.parquet'), { tables: [plays] }, ctx), { code: 'SQL_REFUSED' }, sql)
        }
        assert.equal(existsSync(written), false)
        assert.equal(existsSync(join(folder, 'out.parquet')), false)
      }))

    test('AN8 what people write in one SELECT runs', () =>
      withPlays(async (analytics, plays) => {
        for (const sql of plainQueries) await analytics.query(sql, { tables: [plays] }, ctx)
      }))

    test('AN9 what the engine rejects is SQL_INVALID with its message and where it is', () =>
      withEngine(async (analytics) => {
        const at = async (sql: string): Promise<unknown> => analytics.query(sql, {}, ctx).then(
          () => assert.fail(`${sql} ran`),
          (error: { code: string; details: { line?: number; column?: number } }) => [error.code, error.details.line, error.details.column],
        )
        assert.deepEqual(await at('SELEC 1'), ['SQL_INVALID', 1, 1])
        assert.deepEqual(await at("SELECT 'ä',\n  nope\nFROM (SELECT 1 AS a)"), ['SQL_INVALID', 2, 3])
        assert.deepEqual((await at("SELECT x::INTEGER FROM (SELECT 'a' AS x)") as unknown[])[0], 'SQL_INVALID')
        const inside = { code: 'SQL_INVALID', details: { line: 1, column: 8 } }
        for (const run of [() => analytics.describe('SELECT nope', {}, ctx), () => analytics.writeParquet('SELECT nope', 'nowhere/x', {}, ctx)]) {
          await assert.rejects(run(), (error: { code: string; details: { line: number; column: number } }) => {
            assert.deepEqual({ code: error.code, details: { line: error.details.line, column: error.details.column } }, inside)
            return true
          })
        }
      }))

    test('AN10 a query past its time is SQL_TIMEOUT, one whose caller has gone CANCELLED, and the engine goes on', () =>
      withEngine(async (analytics, folder) => {
        const endless = 'SELECT count(*) FROM range(1000000000) AS a(x), range(1000000000) AS b(y) WHERE x + y = -1'
        await assert.rejects(analytics.query(endless, { timeoutMs: 30 }, ctx), { code: 'SQL_TIMEOUT' })
        await assert.rejects(analytics.writeParquet(endless, join(folder, 'late.parquet'), { timeoutMs: 30 }, ctx), { code: 'SQL_TIMEOUT' })
        const caller = new AbortController()
        const running = Array.from({ length: 5 }, () => analytics.query(endless, {}, createCtx({ signal: caller.signal })))
        setImmediate(() => caller.abort())
        for (const { status, reason } of (await Promise.allSettled(running)) as PromiseRejectedResult[]) {
          assert.equal(status, 'rejected')
          assert.equal((reason as { code: string }).code, 'CANCELLED')
        }
        assert.deepEqual((await analytics.query('SELECT 1 AS one', {}, ctx)).rows, [{ one: 1 }])
      }))

    test('AN11 describe tells names and types and runs nothing', () =>
      withPlays(async (analytics, plays) => {
        const sql = 'SELECT "userId", count(*) AS n, max("occurredAt") AS last, error(\'ran\') AS never FROM track_played WHERE "occurredAt" >= $start GROUP BY ALL;'
        assert.deepEqual((await analytics.describe(sql, { tables: [plays], params: { start: '2026-09-21' } }, ctx)).slice(0, 3), [
          { name: 'userId', type: 'VARCHAR' },
          { name: 'n', type: 'BIGINT' },
          { name: 'last', type: 'TIMESTAMP' },
        ])
      }))

    test('AN12 writeParquet writes one file that reads back the same, and counts its rows', () =>
      withPlays(async (analytics, plays, folder) => {
        const path = join(folder, `it's out.parquet`)
        const sql = 'SELECT "userId", sum("playedMs") AS ms FROM track_played GROUP BY ALL ORDER BY ALL -- by user;'
        const { rows } = await analytics.query(sql, { tables: [plays] }, ctx)
        const written = await analytics.writeParquet(sql, path, { tables: [plays] }, ctx)
        assert.deepEqual(written, { rows: 3 })
        assert.deepEqual((await analytics.query('SELECT * FROM t ORDER BY ALL', { tables: [{ name: 't', files: [path] }] }, ctx)).rows, rows)
        const none = await analytics.writeParquet('SELECT 1 AS a WHERE false', path, {}, ctx)
        assert.deepEqual(none, { rows: 0 })
        assert.deepEqual(await analytics.describe('SELECT * FROM t', { tables: [{ name: 't', files: [path] }] }, ctx), [{ name: 'a', type: 'INTEGER' }])
      }))

    test('AN20 asked for what is repeatable, the clock, chance and samples are refused, by name and place', () =>
      withPlays(async (analytics, plays) => {
        for (const [sql, call] of unrepeatableQueries) {
          const options = { tables: [plays], repeatable: true }
          await assert.rejects(analytics.describe(sql, options, ctx), (error: Error & { code: string }) => {
            assert.equal(error.code, 'SQL_UNREPEATABLE', sql)
            assert.ok(error.message.includes(`uses ${call}, which`), `${sql}: ${error.message}`)
            return true
          })
          await analytics.describe(sql, { tables: [plays] }, ctx)
        }
        await assert.rejects(analytics.query('SELECT 1,\n  now()', { repeatable: true }, ctx), { message: /line 2, column 3/ })
        for (const sql of repeatableQueries) await analytics.describe(sql, { tables: [plays], repeatable: true }, ctx)
      }))

    test('AN13 queries at the same time do not see each other: one name, different files', () =>
      withPlays(async (analytics, plays) => {
        const counts = await Promise.all(
          Array.from({ length: 12 }, async (_, index) => {
            const files = plays.files.slice(0, 1 + (index % 2))
            return (await analytics.query('SELECT count(*) AS n FROM t', { tables: [{ name: 't', files }] }, ctx)).rows[0]?.['n']
          }),
        )
        assert.deepEqual(counts, counts.map((_, index) => (index % 2 === 0 ? 10 : 20)))
      }))

    test('AN14 a closed engine says so, and closing again is nothing', () =>
      withEngine(async (analytics) => {
        await analytics.ready(ctx)
        await analytics.close()
        await analytics.close()
        await assert.rejects(analytics.query('SELECT 1', {}, ctx), { code: 'STORE_CLOSED' })
      }))
  })
}
