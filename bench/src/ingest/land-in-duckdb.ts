// The floor of landing: DuckDB alone reads the same events as a file of lines, sorts them by user, and writes the same columns as Parquet.
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

const SHAPE = `{id: 'VARCHAR', userId: 'VARCHAR', anonymousId: 'VARCHAR', occurredAt: 'TIMESTAMP', properties: 'STRUCT(trackId VARCHAR, artistId VARCHAR, trackMs BIGINT, playedMs BIGINT, source VARCHAR, listId VARCHAR, position BIGINT)'}`
const ROUNDS = 3

/** Of one thread and its files: rows per CPU-second, and bytes a row; the first round is thrown away. */
export async function landInDuckdb(folder: string, bodies: Buffer[], rows: number): Promise<{ rowsPerCpuSecond: number; bytesPerRow: number }> {
  const lines = join(folder, 'lines.ndjson')
  const parquet = join(folder, 'lines.parquet')
  await writeFile(lines, Buffer.concat(bodies.flatMap((body) => [body, Buffer.from('\n')])))
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const sql = `COPY (SELECT id, userId, anonymousId, occurredAt, now()::TIMESTAMP AS receivedAt, occurredAt < now()::TIMESTAMP AS late, properties.* FROM read_json('${lines}', format = 'newline_delimited', columns = ${SHAPE}) ORDER BY coalesce(userId, anonymousId)) TO '${parquet}' (FORMAT parquet, COMPRESSION zstd)`
  await connection.run(sql)
  const before = process.cpuUsage()
  for (let round = 0; round < ROUNDS; round += 1) await connection.run(sql)
  const { user, system } = process.cpuUsage(before)
  const { size } = await stat(parquet)
  connection.closeSync()
  instance.closeSync()
  return { rowsPerCpuSecond: (rows * ROUNDS * 1e6) / (user + system), bytesPerRow: size / rows }
}
