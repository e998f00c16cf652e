// PostgreSQL of a test's own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tmpdir } from 'node:os'
import { createAuthority } from '../certificates.ts'
import { postgres } from '../definitions/postgres.ts'
import { createInstaller } from '../install/installer.ts'
import { runProgram } from '../install/run-program.ts'
import { startEngine } from '../start-engine.ts'
import { testOwnEngine } from './own-engine.ts'

const software = await postgres.install(createInstaller(tmpdir(), () => {}))
const sql = (port: number, statement: string, user = 'rondo'): Promise<string> =>
  runProgram(`${software}/psql`, ['-w', '-h', '127.0.0.1', '-p', String(port), '-U', user, '-d', 'rondo', '-Atc', statement])

testOwnEngine('postgres', {
  write: (port) => sql(port, 'CREATE TABLE kept AS SELECT 42 AS answer'),
  read: async (port) => (await sql(port, 'SELECT answer FROM kept')) === '42',
})

test('EN14 PostgreSQL asks every user but "rondo" for a password, and brings its version', async () => {
  await using engine = await startEngine('postgres')
  const port = Number(/:(\d+)\//.exec(engine.url)?.[1])
  await sql(port, "CREATE ROLE guest LOGIN PASSWORD 'guest'")
  await assert.rejects(sql(port, 'SELECT 1', 'guest'), { message: /no password supplied/ })
  assert.match(await sql(port, 'SHOW server_version'), /^\d+\.\d+/)
})

test('EN31 PostgreSQL with a certificate answers nobody who does not encrypt', async () => {
  await using authority = await createAuthority()
  await using engine = await startEngine('postgres', { tls: await authority.issue('127.0.0.1') })
  const port = Number(/:(\d+)\//.exec(engine.url)?.[1])
  const ask = (mode: string): Promise<string> => runProgram(`${software}/psql`, ['-w', `host=127.0.0.1 port=${port} user=rondo dbname=rondo sslmode=${mode}`, '-Atc', 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'])
  assert.equal(await ask(`verify-full sslrootcert=${authority.file}`), 't')
  await assert.rejects(ask('disable'), { message: /no encryption/ })
})
