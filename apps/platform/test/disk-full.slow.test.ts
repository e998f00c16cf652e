// A disk that fills up under the collector, on a small file system of its own.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { statfs, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AppError } from '@rondo/errors'
import { createTempFolder } from '@rondo/testing'
import { openDataFolder } from '../src/data-folder.ts'
import { assertDelivered, assertReconciled, readIds } from './delivered.ts'
import { makeListening, type ListeningEvent } from './listening-events.ts'
import { call, KEYS, startUp, type Answer } from './running-platform.ts'

const DISK = '112m'
/** What is sealed does not get smaller in the files of buckets: they need the room that this leaves. */
const BALLAST_BYTES = 72 * 1024 * 1024
const BATCH = 40
/** Padding of each event, so that a small disk is full soon. */
const PADDING = 'x'.repeat(20_000)

test('PF16 a full disk answers 507, loses nothing acknowledged, keeps answering, and takes events again when there is space', { timeout: 120_000 }, async (t) => {
  await using folder = await createTempFolder()
  const disk = mountSmallDisk(folder.path)
  if (disk === undefined) return t.skip('this machine lets us mount no small disk')
  try {
    const data = join(folder.path, 'data')
    await using platform = await startUp(data)
    await writeFile(join(folder.path, 'ballast'), Buffer.alloc(BALLAST_BYTES))
    const listening = makeListening({ seed: 'full', count: 6000, occurredAtMs: Date.now() })
    const events = listening.events.map((event) => ({ ...event, context: { padding: PADDING } }))
    const acknowledged = new Set<string>()
    const post = async (batch: ListeningEvent[]): Promise<Answer> => {
      const answer = await call(platform.url, 'POST', '/v1/events', { key: KEYS.write, body: batch })
      if (answer.status === 202) for (const { id, status } of answer.json['results'] as { id: string; status: string }[]) if (status === 'accepted') acknowledged.add(id)
      return answer
    }
    let next = 0
    let refused: Answer | undefined
    for (; refused === undefined && next < events.length; next += BATCH) {
      const answer = await post(events.slice(next, next + BATCH))
      if (answer.status !== 202) refused = answer
    }
    assert.equal(refused?.status, 507, refused?.text)
    assert.equal(refused?.json['code'], 'STORAGE_FULL')
    assert.match(String(refused?.json['detail']), /./)
    // Full to the last page, jobs run against it, and everything that only reads still answers.
    await fill(folder.path)
    assert.equal((await post(events.slice(next, next + BATCH))).status, 507)
    assert.equal((await call(platform.url, 'GET', '/healthz')).status, 200)
    assert.ok([200, 503].includes((await call(platform.url, 'GET', '/readyz')).status))
    assert.equal((await call(platform.url, 'GET', '/api/events/v1/types/track-played/events?limit=5')).status, 200)
    assert.equal((await call(platform.url, 'GET', '/api/platform/v1/info')).status, 200)
    assert.equal((await call(platform.url, 'POST', '/api/pipelines/v1/sql', { body: { sql: 'select count(*) as n from track_played' } })).status, 200)
    await call(platform.url, 'POST', '/api/events/v1/land')
    for (const type of listening.good.keys()) {
      const ids = new Set(await readIds(platform.url, type))
      for (const id of acknowledged) if (listening.good.get(type)?.has(id) === true) assert.ok(ids.has(id), `${id} was acknowledged and is lost`)
    }
    await rm(join(folder.path, 'ballast'))
    await rm(join(folder.path, 'filling'))
    // The client sends all of it again, as clients do: what was there is a duplicate, the rest is taken.
    const last = next + BATCH
    for (let from = 0; from < last; from += BATCH) assert.equal((await post(events.slice(from, Math.min(last, from + BATCH)))).status, 202)
    const sent = { ...listening, good: new Map([...listening.good].map(([type, ids]) => [type, new Set(events.slice(0, last).map(({ id }) => id).filter((id) => ids.has(id)))])) }
    await assertDelivered(platform, [sent])
    await assertReconciled(platform.url, { landed: true })
    assert.equal((await call(platform.url, 'GET', '/readyz')).status, 200)
    assert.equal(await platform.stop(), 0)
    await using again = await startUp(data)
    await assertDelivered(again, [sent])
  } finally {
    execFileSync('umount', ['--lazy', disk])
  }
})

test('PF140 a start on a full disk says that there is no space, and that nothing is lost', async (t) => {
  await using folder = await createTempFolder()
  const disk = mountSmallDisk(folder.path)
  if (disk === undefined) return t.skip('this machine lets us mount no small disk')
  try {
    const data = join(folder.path, 'data')
    await (await openDataFolder(data)).close()
    await fill(folder.path)
    await assert.rejects(openDataFolder(data), ({ code, message, help }: AppError) => code === 'STORAGE_FULL' && message.includes('What was acknowledged is safe.') && help === 'Free some space on its disk and start again.')
    await rm(join(folder.path, 'filling'))
    await (await openDataFolder(data)).close()
  } finally {
    execFileSync('umount', ['--lazy', disk])
  }
})

function mountSmallDisk(folder: string): string | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  } catch {
    return undefined
  }
}

/** Takes what is left, to the last page. */
async function fill(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const write = (bytes: number): Promise<void> => writeFile(join(folder, 'filling'), Buffer.alloc(bytes)).catch(() => {})
  await write(bavail * bsize)
}
