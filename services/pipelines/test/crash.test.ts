// Kills a process in the middle of a publication, then looks at what the next one finds.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { DAY_MS, HOUR_MS } from '@rondo/time'
import { ctx, MONDAY_MS, openRoom } from './open-room.ts'

const ada = { userId: 'ada', trackId: 't1', playedMs: 1 }

for (const [instant, plays] of [
  ['claimed', 1],
  ['written', 1],
  ['object-published', 1],
  ['before-commit', 1],
  ['committed', 2],
] as const) {
  test(`PL5 killed at "${instant}": the old partition or the new one, and no repair`, async () => {
    await using folder = await createTempFolder()
    const child = spawn(process.execPath, [new URL('crash-child.ts', import.meta.url).pathname, folder.path, instant], { stdio: 'inherit' })
    const [, signal] = await once(child, 'exit')
    assert.equal(signal, 'SIGKILL')

    await using room = await openRoom(folder.path, { startMs: MONDAY_MS + 2 * DAY_MS })
    const read = async (): Promise<unknown> => (await room.api.sql({ body: { sql: `select plays from listening_daily where day = timestamp '2026-09-21'` } }, ctx)).rows
    assert.deepEqual(await read(), [{ plays }])

    // The events room still has the same hours (the fake one is told again, under new versions).
    await room.events.land('track-played', MONDAY_MS, [ada])
    await room.events.land('track-played', MONDAY_MS + HOUR_MS, [ada])
    room.events.closeUntil(MONDAY_MS + 2 * DAY_MS)
    room.clock.advance(2 * 60_000)
    assert.ok((await room.settle()) > 0)
    assert.deepEqual(await read(), [{ plays: 2 }])
    const { rows } = await room.api.listRuns({ state: 'running' }, ctx)
    assert.deepEqual(rows, [], 'the interrupted run is closed')
    room.clock.advance(2 * DAY_MS)
    await room.settle()
    const files = (await room.objects.list('endpoints/listening-daily/partition=2026-09-21/', {}, ctx)).map(({ key }) => key)
    const [row] = (await room.api.listPartitions({ name: 'listening-daily', from: '2026-09-21', to: '2026-09-22' }, ctx)).rows
    assert.deepEqual(files, row?.files, 'no file is left that nobody points to')
  })
}
