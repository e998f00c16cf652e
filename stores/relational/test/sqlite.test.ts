// SQLite under the suite, and what only a file can do: fill up, be locked, be damaged, be left by a killed process.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import { createTempFolder } from '@rondo/testing'
import { sql } from 'kysely'
import { testRelational } from '../src/conformance.ts'
import { openRelational } from '../src/index.ts'

const ctx = createCtx()

testRelational('sqlite in a file', async () => {
  const folder = await createTempFolder()
  return { open: <DB>() => openRelational<DB>(`sqlite:${folder.join('new', 'test.db')}`), persistent: true, dispose: async () => folder[Symbol.asyncDispose]() }
})

testRelational('sqlite in memory', async () => ({ open: <DB>() => openRelational<DB>('sqlite::memory:'), persistent: false, dispose: async () => undefined }))

test('RL1 every commit that was reported is there after kill -9', async () => {
  await using folder = await createTempFolder()
  const address = `sqlite:${folder.join('test.db')}`
  const child = spawn(process.execPath, [new URL('./committing-child.ts', import.meta.url).pathname, address], { stdio: ['ignore', 'pipe', 'inherit'] })
  let reported = 0
  for await (const chunk of child.stdout) {
    reported = Number(String(chunk).trim().split('\n').at(-1))
    if (reported >= 50 && !child.killed) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  assert.equal(child.signalCode, 'SIGKILL')
  const store = await openRelational<{ n: { id: number } }>(address)
  const rows = await store.db.selectFrom('n').select('id').orderBy('id').execute()
  assert.deepEqual(rows.slice(0, reported).map((row) => row.id), Array.from({ length: reported }, (_, index) => index + 1))
  assert.ok(rows.length - reported <= 1, `${rows.length - reported} commits beyond those reported`)
  assert.equal((await sql<{ integrity_check: string }>`pragma integrity_check`.execute(store.db)).rows[0]?.integrity_check, 'ok')
  await store.close()
})

test('RL16 a full disk is STORAGE_FULL, keeps nothing of that write, and the store goes on', async () => {
  await using folder = await createTempFolder()
  const store = await openRelational<{ n: { id: string } }>(`sqlite:${folder.join('test.db')}`)
  await sql`create table n (id text)`.execute(store.db)
  await sql`pragma max_page_count = 8`.execute(store.db)
  const full = { code: 'STORAGE_FULL', kind: 'storage-full' }
  await assert.rejects(store.db.insertInto('n').values({ id: 'x'.repeat(100_000) }).execute(), full)
  await assert.rejects(store.transaction((tx) => tx.insertInto('n').values([{ id: 'small' }, { id: 'x'.repeat(100_000) }]).execute(), ctx), full)
  assert.deepEqual(await store.db.selectFrom('n').selectAll().execute(), [])
  await store.db.insertInto('n').values({ id: 'small' }).execute()
  await store.close()
})

test('RL17 a write waits while another process has the lock, without blocking, and gives up in the end', async () => {
  await using folder = await createTempFolder()
  const path = folder.join('test.db')
  const store = await openRelational<{ n: { id: number } }>(`sqlite:${path}`, { busyLimitMs: 60 })
  await sql`create table n (id integer)`.execute(store.db)
  const other = new DatabaseSync(path)
  other.exec('begin immediate')
  await assert.rejects(store.db.insertInto('n').values({ id: 1 }).execute(), { code: 'DATABASE_BUSY', kind: 'unavailable' })
  const write = store.db.insertInto('n').values({ id: 2 }).execute()
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(await store.db.selectFrom('n').selectAll().execute(), [])
  other.exec('commit')
  await write
  other.close()
  assert.equal((await store.db.selectFrom('n').selectAll().execute()).length, 1)
  await store.close()
})

test('RL18 a damaged file is refused with what to do', async () => {
  await using folder = await createTempFolder()
  const path = folder.join('test.db')
  await writeFile(path, 'this is no database, whatever its name says'.repeat(100))
  await assert.rejects(openRelational(`sqlite:${path}`), (error: Error & { code: string; help: string }) => {
    assert.equal(error.code, 'DATABASE_CORRUPT')
    assert.match(error.message, /damaged/)
    assert.match(error.help, /\.recover/)
    return true
  })
})

test('RL19 addresses that name no database are refused', async () => {
  for (const address of ['', 'sqlite:', 'mysql://localhost', './file.db']) await assert.rejects(openRelational(address), { code: 'BAD_STORE_ADDRESS' })
  await using folder = await createTempFolder()
  await writeFile(folder.join('file'), '')
  await assert.rejects(openRelational(`sqlite:${folder.join('file', 'test.db')}`), { code: 'DATABASE_CANNOT_OPEN' })
})

test('RL33 what was written over is in no file after scrub, wherever rows moved before', async () => {
  await using folder = await createTempFolder()
  const store = await openRelational<{ secret: { id: string; text: string } }>(`sqlite:${folder.join('test.db')}`)
  await store.db.schema.createTable('secret').addColumn('id', 'text', (c) => c.primaryKey()).addColumn('text', 'text', (c) => c.notNull()).execute()
  const toText = (n: number): string => `secret-${n}-`.padEnd(80, '#')
  for (let n = 0; n < 500; n += 1) await store.db.insertInto('secret').values({ id: `id-${n}`, text: toText(n) }).execute()
  for (const n of [0, 1, 7, 250, 499]) await store.db.updateTable('secret').set({ text: '!'.repeat(80) }).where('id', '=', `id-${n}`).execute()
  await store.scrub('secret', ctx)
  const stored = Buffer.concat(await Promise.all((await readdir(folder.path)).map((name) => readFile(folder.join(name)))))
  for (const n of [0, 1, 7, 250, 499]) assert.equal(stored.includes(toText(n)), false)
  for (const n of [2, 251, 498]) assert.equal(stored.includes(toText(n)), true)
  await store.close()
})
