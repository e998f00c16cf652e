// What happens to a PostgreSQL and to the way to it: answers lost, connections cut, the engine killed, crashed, hung, its client killed.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { createCtx } from '@rondo/context'
import { AppError } from '@rondo/errors'
import { createFaultProxy } from '@rondo/testing'
import { engineUrl, startEngine, type StartedEngine } from '@rondo/tools/engines'
import { sql } from 'kysely'
import { openRelational } from '../src/index.ts'
import { openConnections } from '../src/postgres/connections.ts'
import { findOutcome } from '../src/postgres/find-outcome.ts'
import { loadPg } from '../src/postgres/load-pg.ts'
import { parsePostgresAddress } from '../src/postgres/parse-postgres-address.ts'
import { rejectsWith } from './rejects-with.ts'
import { dropSchema, table, withSchema, type Tables } from './schemas.ts'

const { url, skip } = engineUrl('postgres')
const ctx = createCtx()
const isCommit = (bytes: Buffer): boolean => bytes.includes('commit')

/** A store behind a proxy, and one past it that sees what is really there. */
async function openPair(engine?: StartedEngine, options: { busyLimitMs?: number } = {}) {
  const target = new URL(engine?.url ?? url)
  const proxy = await createFaultProxy({ targetPort: Number(target.port) })
  const direct = withSchema(target.href)
  const through = new URL(direct)
  through.port = String(proxy.port)
  through.hostname = '127.0.0.1'
  const [store, truth] = [await openRelational<Tables>(through.href, options), await openRelational<Tables>(direct)]
  await truth.migrate(table, ctx)
  const insert = (id: number, by = 'a') => store.transaction((tx) => tx.insertInto('n').values({ id, by }).execute(), ctx)
  const ids = async () => (await truth.db.selectFrom('n').select('id').orderBy('id').execute()).map((row) => row.id)
  return {
    proxy, store, truth, insert, ids, address: through.href,
    async [Symbol.asyncDispose]() {
      proxy.open()
      proxy.setDelayMs(0)
      await store.close()
      await truth.close()
      await proxy[Symbol.asyncDispose]()
      await dropSchema(direct)
    },
  }
}

describe('postgres: the way to it', { skip }, () => {
  test('RL24 a commit whose answer is lost is kept once, and its result is known', async () => {
    await using pair = await openPair()
    for (let id = 1; id <= 5; id += 1) {
      const lost = pair.proxy.loseAnswer({ request: isCommit })
      let runs = 0
      const result = await pair.store.transaction(async (tx) => {
        runs += 1
        await tx.insertInto('n').values({ id, by: 'a' }).execute()
        return `made ${id}`
      }, ctx)
      await lost
      assert.deepEqual([result, runs], [`made ${id}`, 1])
    }
    assert.deepEqual(await pair.ids(), [1, 2, 3, 4, 5])
  })

  test('RL24 a connection that breaks before the commit begins the transaction again', async () => {
    await using pair = await openPair()
    let runs = 0
    await pair.store.transaction(async (tx) => {
      runs += 1
      await tx.insertInto('n').values({ id: runs, by: 'a' }).execute()
      if (runs === 1) pair.proxy.cut()
    }, ctx)
    assert.deepEqual([runs, await pair.ids()], [2, [2]])
  })

  test('RL24 when nobody can tell how a commit ended, the caller is told', async () => {
    await using pair = await openPair(undefined, { busyLimitMs: 200 })
    const lost = pair.proxy.loseAnswer({ request: isCommit }).then(() => pair.proxy.close())
    await rejectsWith(pair.insert(1), 'COMMIT_UNKNOWN', /broke during a commit/, /again/)
    await lost
    assert.deepEqual(await pair.ids(), [1])
  })

  test('RL25 a single read is made again; a single write says that it may be kept', async () => {
    await using pair = await openPair()
    const read = pair.proxy.loseAnswer()
    assert.deepEqual(await pair.store.db.selectFrom('n').selectAll().execute(), [])
    await read
    const put = (id: number) => pair.store.db.insertInto('n').values({ id, by: 'a' })
    const write = pair.proxy.loseAnswer()
    await rejectsWith(put(1).execute(), 'CONNECTION_LOST', /may have been kept or not/, /ids of its own/)
    await write
    await put(1).onConflict((conflict) => conflict.column('id').doNothing()).execute()
    assert.deepEqual(await pair.ids(), [1])
  })

  test('RL25 a lease is got once, whatever is lost on the way', async () => {
    await using pair = await openPair()
    for (let fence = 1; fence <= 3; fence += 1) {
      const lost = pair.proxy.loseAnswer()
      assert.deepEqual(await pair.store.acquireLease('land', `h${fence}`, 100, fence * 1_000, ctx), { fence, expiresAtMs: fence * 1_000 + 100 })
      await lost
    }
  })

  test('RL26 idle connections that were cut are replaced unseen', async () => {
    await using pair = await openPair()
    await Promise.all([1, 2, 3, 4].map((id) => pair.insert(id)))
    pair.proxy.cut()
    await Promise.all([5, 6, 7, 8].map((id) => pair.insert(id)))
    pair.proxy.cut()
    assert.equal((await pair.store.db.selectFrom('n').select('id').execute()).length, 8)
    assert.equal((await pair.ids()).length, 8)
  })

  test('RL26 a slow way changes nothing but the time', async () => {
    await using pair = await openPair()
    pair.proxy.setDelayMs(20)
    await Promise.all(Array.from({ length: 10 }, (_, id) => pair.insert(id)))
    assert.equal((await pair.ids()).length, 10)
  })

  test('RL29 a caller that goes in the middle of a statement is told at once, and nothing is kept', async () => {
    await using pair = await openPair()
    const caller = new AbortController()
    const running = pair.store.transaction(async (tx) => {
      await tx.insertInto('n').values({ id: 1, by: 'a' }).execute()
      const slow = sql`select pg_sleep(30)`.execute(tx)
      caller.abort()
      await slow
    }, createCtx({ signal: caller.signal }))
    await assert.rejects(running, { code: 'CANCELLED' })
    assert.deepEqual(await pair.ids(), [])
    await pair.insert(2)
  })

  test('RL43 a connection is as new for whoever is given it next: who had it before, kept, failed or gone, does not reach it any more', async () => {
    const address = withSchema(`${url}?pool=2`)
    const store = await openRelational<Tables>(address)
    await store.migrate(table, ctx)
    // With a pool of two there is one for transactions at a time.
    const pid = async (db: typeof store.db) => (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)).rows[0]?.pid
    const before = new AbortController()
    const insert = (id: number, signal = before.signal) => store.transaction((tx) => tx.insertInto('n').values({ id, by: 'a' }).execute().then(() => pid(tx)), createCtx({ signal }))
    const first = await insert(1)
    await rejectsWith(insert(1), 'UNIQUE_VIOLATION', /exists already/)
    const second = await store.transaction(async (tx) => {
      before.abort()
      await tx.insertInto('n').values({ id: 2, by: 'a' }).execute()
      return pid(tx)
    }, ctx)
    assert.equal(second, first)
    const gone = new AbortController()
    await assert.rejects(
      store.transaction(async (tx) => {
        await tx.insertInto('n').values({ id: 3, by: 'a' }).execute()
        gone.abort()
      }, createCtx({ signal: gone.signal })),
      { code: 'CANCELLED' },
    )
    // Outside a transaction nothing of the ones before is left.
    for (let id = 4; id <= 9; id += 1) await store.db.insertInto('n').values({ id, by: 'a' }).execute()
    assert.deepEqual((await store.db.selectFrom('n').select('id').orderBy('id').execute()).map(({ id }) => id), [1, 2, 4, 5, 6, 7, 8, 9])
    await store.close()
    await dropSchema(address)
  })
})

describe('postgres: an engine that stops', { skip }, () => {
  test('RL1 RL26 killed in the middle of a batch and back: what was reported is there, once, and the store goes on by itself', async () => {
    await using engine = await startEngine('postgres')
    await using pair = await openPair(engine, { busyLimitMs: 20_000 })
    const reported: number[] = []
    const unknown: number[] = []
    let next = 0
    let isOver = false
    const writer = async () => {
      while (!isOver) {
        const id = (next += 1)
        try {
          await pair.insert(id)
          reported.push(id)
        } catch (thrown) {
          assert.ok(thrown instanceof AppError && thrown.code === 'COMMIT_UNKNOWN', String(thrown))
          unknown.push(id)
        }
      }
    }
    const writers = Array.from({ length: 4 }, writer)
    for (let round = 0; round < 2; round += 1) {
      const before = reported.length
      while (reported.length < before + 100) await new Promise(setImmediate)
      await engine.kill()
      await rejectsWith(pair.store.ready(ctx), 'DATABASE_UNREACHABLE', /127\.0\.0\.1/)
      await engine.start()
      await pair.store.ready(ctx)
    }
    isOver = true
    await Promise.all(writers)
    const there = new Set(await pair.ids())
    assert.deepEqual(reported.filter((id) => !there.has(id)), [])
    assert.deepEqual([...there].filter((id) => !reported.includes(id) && !unknown.includes(id)), [])
  })

  test('RL26 one that hangs is not ready, and is again when it goes on', async () => {
    await using engine = await startEngine('postgres')
    const store = await openRelational<Tables>(`${engine.url}?connectTimeoutMs=300`, { busyLimitMs: 100 })
    engine.pause()
    await rejectsWith(store.ready(ctx), 'DATABASE_UNREACHABLE', /timeout|no answer/)
    engine.resume()
    await store.ready(ctx)
    await store.close()
  })

  test('RL30 a statement that a hanging engine does not answer is given up', async () => {
    await using engine = await startEngine('postgres')
    const store = await openRelational<Tables>(`${engine.url}?statementTimeoutMs=100`, { busyLimitMs: 100 })
    await store.migrate(table, ctx)
    engine.pause()
    await rejectsWith(store.db.insertInto('n').values({ id: 1, by: 'a' }).execute(), 'CONNECTION_LOST', /may have been kept or not/)
    engine.resume()
    await store.ready(ctx)
    await store.close()
  })

  test('RL24 after a crash of the engine the number of a transaction no longer proves that it was kept, but still that it was not', async () => {
    await using engine = await startEngine('postgres')
    await using pair = await openPair(engine, { busyLimitMs: 20_000 })
    const connections = openConnections(await loadPg(), parsePostgresAddress(engine.url, undefined))
    const see = async () => {
      const client = await connections.acquire(20_000)
      const { rows } = await client.query<{ id: string; pid: number }>('select pg_current_xact_id()::text as id, pg_backend_pid() as pid')
      const seen = { transaction: rows[0]?.id ?? '', incarnation: connections.getIncarnation(client), pid: rows[0]?.pid ?? 0 }
      client.release(true)
      return seen
    }
    const before = await see()
    assert.equal(await findOutcome(connections, before, 1_000), 'kept')
    const undone = await connections.acquire(0)
    await undone.query('begin')
    const { rows } = await undone.query<{ id: string; pid: number }>('select pg_current_xact_id()::text as id, pg_backend_pid() as pid')
    const open = { transaction: rows[0]?.id ?? '', incarnation: before.incarnation }
    assert.equal(await findOutcome(connections, open, 100), 'unknown')
    // One of its processes dies: all others are ended and it recovers, under the same postmaster. A commit just then would be in doubt, rightly.
    const bystander = await connections.acquire(0)
    const ended = assert.rejects(bystander.query('select pg_sleep(60)'))
    process.kill(rows[0]?.pid ?? 0, 'SIGKILL')
    await ended
    await pair.insert(1)
    for (const connection of [bystander, undone]) connection.release(true)
    assert.notEqual((await see()).incarnation, before.incarnation)
    assert.equal(await findOutcome(connections, before, 1_000), 'unknown')
    assert.equal(await findOutcome(connections, { ...before, transaction: '999999999' }, 1_000), 'undone')
    assert.equal(await findOutcome(connections, { transaction: '999999999', incarnation: 'another cluster///1' }, 1_000), 'unknown')
    await connections.close()
  })

  test('RL1 a client killed in the middle leaves what it has reported, and no locks', async () => {
    const address = withSchema(url)
    const child = spawn(process.execPath, [new URL('./committing-child.ts', import.meta.url).pathname, address], { stdio: ['ignore', 'pipe', 'inherit'] })
    let reported = 0
    for await (const chunk of child.stdout) {
      reported = Number(String(chunk).trim().split('\n').at(-1))
      if (reported >= 50 && !child.killed) child.kill('SIGKILL')
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    const store = await openRelational<{ n: { id: number } }>(address)
    const rows = await store.transaction((tx) => tx.selectFrom('n').select('id').orderBy('id').execute(), ctx)
    assert.deepEqual(rows.slice(0, reported).map((row) => row.id), Array.from({ length: reported }, (_, index) => index + 1))
    assert.ok(rows.length - reported <= 1)
    await store.db.insertInto('n').values({ id: reported + 10 }).execute()
    await store.close()
    await dropSchema(address)
  })
})
