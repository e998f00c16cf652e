// The tests of every service with a database, on PostgreSQL: what only SQLite takes would fail here.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { text } from 'node:stream/consumers'
import { openRelational } from '@rondo/relational'
import { engineUrl } from '@rondo/tools/engines'
import { sql } from 'kysely'

const { url, skip } = engineUrl('postgres')
const root = resolve(import.meta.dirname, '../../..')
const withinMs = 120_000
const folders = (await readdir(join(root, 'services'))).filter((service) => existsSync(join(root, 'services', service, 'migrations/index.ts')))

/** A database of their own, dropped with all that the tests leave in it. */
async function runTests(service: string): Promise<{ passed: number; failed: number; output: string; schemas: number }> {
  const database = `rondo_test_${process.pid}_${service}`
  const server = await openRelational(`${url}?schema=rondo_test_${process.pid}`)
  await sql`create database ${sql.id(database)}`.execute(server.db)
  const address = new URL(url)
  address.pathname = `/${database}`
  try {
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env
    const child = spawn(process.execPath, ['--test', '--test-reporter=tap', '--disable-warning=ExperimentalWarning', `services/${service}/test/*.test.ts`], {
      cwd: root,
      env: { ...environment, RONDO_TEST_DATABASE: address.href },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: withinMs,
    })
    const output = await text(child.stdout)
    const count = (name: string): number => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? -1)
    const there = await openRelational(address.href)
    const { rows } = await sql<{ schemas: number }>`select count(*) as schemas from pg_namespace where nspname like ${`t%\\_${service}`}`.execute(there.db)
    await there.close()
    return { passed: count('pass'), failed: count('fail'), output, schemas: rows[0]?.schemas ?? 0 }
  } finally {
    await sql`drop database ${sql.id(database)} with (force)`.execute(server.db)
    await sql`drop schema ${sql.id(`rondo_test_${process.pid}`)} cascade`.execute(server.db)
    await server.close()
  }
}

describe('services on PostgreSQL', { skip }, () => {
  for (const service of folders) {
    test(`RL23 ${service} passes its own tests`, async () => {
      const { passed, failed, output, schemas } = await runTests(service)
      assert.equal(failed, 0, output)
      assert.ok(passed > 5 && schemas > 0, `${passed} tests, ${schemas} databases`)
    })
  }
})
