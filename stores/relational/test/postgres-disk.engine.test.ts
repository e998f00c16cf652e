// A PostgreSQL whose disk is full: what is refused and what stays, when its tables have no room, and when its log has none.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createCtx } from '@rondo/context'
import { AppError } from '@rondo/errors'
import { engineUrl, smallDiskSkip, startEngine } from '@rondo/tools/engines'
import { sql } from 'kysely'
import { openRelational } from '../src/index.ts'
import { rejectsWith } from './rejects-with.ts'
import { table, type Tables } from './schemas.ts'

const { skip } = engineUrl('postgres')
const DISK_BYTES = 128 * 2 ** 20
const PAGE_BYTES = 8192
const ctx = createCtx()

describe('postgres: on a full disk', { skip: skip === false ? smallDiskSkip() : skip }, () => {
  test('RL40 a table that cannot grow: the write is refused and not kept, reading goes on, and so does writing once there is space', async () => {
    await using engine = await startEngine('postgres', { dataBytes: DISK_BYTES })
    const store = await openRelational<Tables>(engine.url)
    await store.migrate(table, ctx)
    const insert = (id: number, by: string) => store.transaction((tx) => tx.insertInto('n').values({ id, by }).execute(), ctx)
    await insert(0, 'before')
    await engine.fillDisk(20 * PAGE_BYTES)
    let told = 0
    const full = async (): Promise<void> => {
      for (;;) await insert(told + 1, 'x'.repeat(4000)).then(() => (told += 1))
    }
    await rejectsWith(full(), 'STORAGE_FULL', /No space is left/, /Free space/)
    assert.ok(told > 5, `${told} rows had room`)
    await rejectsWith(store.db.insertInto('n').values({ id: -1, by: 'x'.repeat(4000) }).execute(), 'STORAGE_FULL', /nothing of this write was kept/)
    await store.ready(ctx)
    const ids = async (): Promise<number[]> => (await store.db.selectFrom('n').select('id').orderBy('id').execute()).map(({ id }) => id)
    assert.deepEqual(await ids(), Array.from({ length: told + 1 }, (_, id) => id))
    await engine.clearDisk()
    await insert(told + 1, 'after')
    assert.deepEqual(await ids(), Array.from({ length: told + 2 }, (_, id) => id))
    await store.close()
  })

  test('RL41 a log that cannot grow ends the engine: it is unreachable, and what was told is there when it runs again with space', async () => {
    await using engine = await startEngine('postgres', { dataBytes: DISK_BYTES })
    const store = await openRelational<Tables>(engine.url, { busyLimitMs: 1_000 })
    await store.migrate(table, ctx)
    // Room for rows, but not for the next file of the log, which has 16 MiB.
    await engine.fillDisk(6 * 2 ** 20)
    const told: number[] = []
    const failures: AppError[] = []
    for (let id = 1; failures.length < 2; id += 1) {
      try {
        await store.transaction((tx) => tx.insertInto('n').values({ id, by: 'a' }).execute(), ctx)
        told.push(id)
        if (id === 10) await sql`select pg_switch_wal()`.execute(store.db)
      } catch (thrown) {
        assert.ok(thrown instanceof AppError, String(thrown))
        failures.push(thrown)
      }
    }
    assert.ok(told.length >= 9)
    assert.ok(['COMMIT_UNKNOWN', 'CONNECTION_LOST', 'DATABASE_UNREACHABLE'].includes(failures[0]?.code ?? ''), failures[0]?.message)
    assert.deepEqual([failures[1]?.code, failures[1]?.kind], ['DATABASE_UNREACHABLE', 'unavailable'])
    await rejectsWith(store.ready(ctx), 'DATABASE_UNREACHABLE', /does not answer/)
    await engine.clearDisk()
    await engine.start()
    await store.ready(ctx)
    const there = (await store.db.selectFrom('n').select('id').execute()).map(({ id }) => id)
    assert.deepEqual(told.filter((id) => !there.includes(id)), [])
    assert.ok(there.length <= told.length + 1, 'at most the one that nobody could tell of')
    await store.db.insertInto('n').values({ id: 1_000, by: 'after' }).execute()
    await store.close()
  })
})
