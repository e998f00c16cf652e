// Queries of the suite: those that must be refused whatever they try, and those that must run.

/** `file` is a Parquet file that exists; nothing may ever be written to `target`. */
export function hostileQueries(file: string, target: string): string[] {
  return [
    // More or other than one SELECT.
    '', ';', '-- nothing', 'SELECT 1; SELECT 2', `SELECT 1; COPY (SELECT 1) TO '${target}'`,
    `COPY (SELECT 1) TO '${target}'`, `COPY track_played TO '${target}'`, `EXPORT DATABASE '${target}'`, `ATTACH '${target}' AS other`,
    'CREATE TABLE t AS SELECT 1', 'CREATE TEMP VIEW v AS SELECT 1', 'DROP VIEW track_played', 'INSERT INTO track_played VALUES (1)', 'DELETE FROM track_played',
    'UPDATE track_played SET "userId" = 1', 'CREATE MACRO f() AS 1', 'INSTALL httpfs', 'LOAD httpfs', 'SET threads = 1', 'RESET threads', `SET VARIABLE x = 1`,
    'PRAGMA version', 'PRAGMA enable_profiling', 'CALL pragma_version()', 'EXPLAIN SELECT 1', 'EXPLAIN ANALYZE SELECT 1', 'BEGIN', 'CHECKPOINT', 'USE memory',
    'PREPARE p AS SELECT 1', 'EXECUTE p', 'SHOW TABLES', 'DESCRIBE track_played', 'SUMMARIZE track_played', 'CREATE SECRET (TYPE s3)', 'PIVOT track_played ON "userId" USING count(*)',
    'WITH w AS (SELECT 1) INSERT INTO track_played SELECT * FROM w',
    // Files by name.
    `SELECT * FROM '${file}'`, `SELECT * FROM "${file}"`, `FROM '${file}'`, `SELECT (SELECT count(*) FROM '${file}')`, `SELECT 1 WHERE EXISTS (FROM '${file}')`,
    `SELECT 1 ORDER BY (SELECT count(*) FROM '${file}')`, `SELECT 1 LIMIT (SELECT count(*) FROM '${file}')`, `SELECT * FROM track_played JOIN '${file}' ON true`,
    `SELECT * FROM track_played UNION ALL SELECT * FROM '${file}'`, `SELECT * FROM (PIVOT '${file}' ON "userId" IN ('a') USING count(*))`, `VALUES ((SELECT count(*) FROM '${file}'))`,
    `SELECT sum(1) FILTER ((SELECT true FROM '${file}')) OVER () FROM track_played`, `SELECT list_transform([1], x -> (SELECT count(*) FROM '${file}'))`,
    "SELECT * FROM '/etc/passwd'", "SELECT * FROM 'https://example.org/x.parquet'", "SELECT * FROM 's3://bucket/x.parquet'", "SELECT * FROM 'x.csv'", "SELECT * FROM 'x.json'",
    // Files by function.
    `SELECT * FROM read_parquet('${file}')`, `SELECT * FROM Parquet_Scan('${file}')`, "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_csv_auto('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM read_blob('/etc/passwd')", "SELECT * FROM read_json('/etc/passwd')", "SELECT * FROM glob('/*')", "SELECT * FROM sniff_csv('/etc/passwd')",
    `SELECT * FROM parquet_metadata('${file}')`, `SELECT * FROM parquet_schema('${file}')`, "SELECT * FROM query('SELECT 1')", `SELECT * FROM query_table('${file}')`,
    `SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))`, 'SELECT * FROM main.range(3), duckdb_settings()', "SELECT getenv('HOME')",
    `WITH w AS (SELECT * FROM read_text('/etc/passwd')) SELECT 1`, `SELECT * FROM track_played, LATERAL (SELECT * FROM read_text("userId"))`,
    // The engine's own tables, settings and clock.
    'SELECT * FROM duckdb_settings()', 'SELECT * FROM duckdb_secrets()', 'SELECT * FROM duckdb_views', 'SELECT * FROM sqlite_master', 'SELECT * FROM information_schema.tables',
    'SELECT * FROM pg_catalog.pg_class', 'SELECT * FROM memory.main.track_played', 'SELECT * FROM temp.track_played', 'SELECT * FROM pragma_version()', "SELECT current_setting('temp_directory')",
    'SELECT pg_sleep(1)', 'SELECT sleep_ms(1)', "SELECT write_log('x')", "SELECT nextval('s')", "SELECT getvariable('x')",
    // Names made by a WITH that does not reach there.
    `WITH w AS (WITH "${file}" AS (SELECT 1) SELECT * FROM "${file}") SELECT * FROM "${file}"`, `SELECT * FROM (WITH "${file}" AS (SELECT 1) SELECT 1), "${file}"`,
    'WITH a AS (SELECT * FROM duckdb_views), duckdb_views AS (SELECT 1) SELECT * FROM a', 'WITH duckdb_views AS (SELECT * FROM duckdb_views) SELECT * FROM duckdb_views',
    'WITH RECURSIVE duckdb_views AS (SELECT * FROM duckdb_views UNION ALL SELECT * FROM duckdb_views) SELECT * FROM duckdb_views',
    // Datasets of others.
    'SELECT * FROM track_skipped', 'SELECT * FROM "track-skipped"',
  ]
}

export const plainQueries: string[] = [
  'SELECT * FROM track_played;', 'FROM track_played', 'SELECT 1 -- the end', 'SELECT 1; -- the end; really', "SELECT ';' AS semicolon, 'x;y'; ; ", 'VALUES (1.5), (2)', 'TABLE track_played',
  'WITH a AS (SELECT * FROM track_played), b AS (SELECT * FROM a) SELECT * FROM a JOIN b USING ("userId")',
  'WITH track_played AS (SELECT * FROM track_played WHERE "playedMs" > 3) SELECT * FROM track_played', '/* two */ -- three\n with a AS (FROM track_played) SELECT * FROM a, track_played AS b',
  'WITH track_played AS (SELECT 1 AS x) SELECT x FROM track_played', 'WITH w AS MATERIALIZED (FROM track_played) FROM w',
  'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT sum(n) FROM r',
  'WITH RECURSIVE r(a, b) USING KEY (a) AS (SELECT 1, 1 UNION SELECT a, b + 1 FROM recurring.r WHERE b < 3) SELECT * FROM r',
  'SELECT "userId", row_number() OVER w AS n FROM track_played WINDOW w AS (PARTITION BY "userId" ORDER BY "occurredAt") QUALIFY n = 1',
  'SELECT time_bucket(INTERVAL 1 HOUR, "occurredAt") AS hour, count(*) FROM track_played GROUP BY ALL ORDER BY ALL LIMIT 3 OFFSET 1',
  `SELECT * FROM (PIVOT track_played ON "userId" IN ('user-0', 'user-1') USING count(*))`, 'SELECT * FROM track_played AS a ASOF JOIN track_played AS b ON a."occurredAt" >= b."occurredAt"',
  'SELECT * FROM track_played TABLESAMPLE 50%', 'SELECT count(DISTINCT "userId") FILTER ("playedMs" > 3), quantile_cont("playedMs", 0.5), approx_count_distinct("userId") FROM track_played',
  'SELECT unnest([1, 2]) AS x', 'SELECT * FROM unnest([1, 2]) AS t(x), generate_series(1, 3) AS s(y)', `SELECT * FROM json_each('{"a": [1]}')`, `SELECT '{"a": {"b": 1}}'::JSON -> 'a' ->> 'b' AS b`,
  'SELECT * EXCLUDE ("userId"), COLUMNS(c -> c LIKE \'user%\') FROM track_played', 'SELECT list_filter([1, 2, 3], x -> x > 1), [x * 2 FOR x IN [1, 2]], {\'type\': \'PRAGMA\'}.type',
  `SELECT strftime("occurredAt" AT TIME ZONE 'Europe/Stockholm', '%Y-%m-%d') AS day FROM track_played`, 'SELECT * FROM track_played WHERE "userId" IN (SELECT max("userId") FROM track_played) INTERSECT FROM track_played',
  'SELECT 1.5::DECIMAL(4,2) + 1, CAST(1 AS DECIMAL(10,3)), try_cast(\'x\' AS STRUCT(a DECIMAL(3,1)))', 'SELECT a.x FROM (SELECT 1 AS x) AS a LEFT JOIN LATERAL (SELECT a.x + 1 AS y) ON true',
  'SELECT typeof(1), pg_typeof(1), hash("userId"), md5("userId") FROM track_played',
]

/** With what is refused in each when it has to be repeatable. */
export const unrepeatableQueries: [sql: string, call: string][] = [
  ['SELECT now()', 'now()'], ['SELECT NOW() AS "at" FROM track_played', 'now()'], ['SELECT current_date', 'current_date'], ['SELECT Current_Timestamp', 'current_timestamp'], ['SELECT localtimestamp', 'localtimestamp'],
  ['SELECT today()', 'today()'], ['SELECT random()', 'random()'], ['SELECT uuid(), random()', 'uuid()'], ['SELECT gen_random_uuid()', 'gen_random_uuid()'], ['SELECT get_current_timestamp()', 'get_current_timestamp()'],
  ['SELECT age(timestamp \'2026-01-01\')', 'age() of one instant'], ['SELECT * FROM track_played USING SAMPLE 10%', 'a sample'], ['SELECT * FROM track_played TABLESAMPLE reservoir(5) REPEATABLE (3)', 'a sample'],
  ['WITH recent AS (SELECT * FROM track_played WHERE "occurredAt" > now() - INTERVAL 1 DAY) SELECT count(*) FROM recent', 'now()'],
  ['SELECT min_by("userId", random()) OVER () FROM track_played', 'random()'], ['SELECT * FROM track_played ORDER BY random() LIMIT 3', 'random()'], ['SELECT list_transform([1], x -> x + random())', 'random()'],
  ['SELECT 1 WHERE EXISTS (SELECT current_date)', 'current_date'], ['SELECT ago(INTERVAL 1 DAY)', 'ago()'],
]

export const repeatableQueries: string[] = [
  `SELECT 'now()' AS text, 'current_date' AS other -- now()`, 'SELECT p.current_date FROM (SELECT 1 AS current_date) AS p', 'SELECT age(timestamp \'2026-01-02\', timestamp \'2026-01-01\')',
  'SELECT hash("userId") % 10 = 0 FROM track_played', 'SELECT CASE WHEN "playedMs" < 0 THEN error(\'no\') END FROM track_played', 'SELECT "playedMs" AS now FROM track_played',
]
