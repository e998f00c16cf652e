// One process or two: the same scenarios give the same answers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { assertReconciled } from './delivered.ts'
import { findFreePorts } from './find-free-ports.ts'
import { makeListening, writeListening } from './listening-events.ts'
import { copyMusic, edit } from './music-copy.ts'
import { call, KEYS, runRondo, startServe, startUp, waitForReadiness, type RunningPlatform } from './running-platform.ts'
import { turnTheLoop } from './turn-the-loop.ts'

const listening = makeListening({ seed: 'split', count: 3000, occurredAtMs: Date.now(), users: 40, tracks: 120 })

test('PF31 one process or two, with their own folders and shared objects, give the same answers', { timeout: 120_000 }, async () => {
  await using folder = await createTempFolder()
  const file = folder.join('listening.ndjson')
  await writeListening(file, listening)
  await using music = await copyMusic()
  let together: Record<string, unknown>
  {
    await using one = await startUp(folder.join('one'), ['--workspace', music.path])
    together = await turnTheLoop({ events: one.url, rest: one.url, eventsData: folder.join('one'), workspace: music.path }, file, listening)
    assert.equal(await one.stop(), 0)
  }
  const [eventsPort, restPort] = await findFreePorts(2)
  const [events, rest] = [`http://127.0.0.1:${eventsPort}`, `http://127.0.0.1:${restPort}`]
  await edit(`${music.path}/rondo.config.ts`, "objects: 'file:./objects'", `objects: 'file:${folder.join('shared-objects')}'`)
  await edit(`${music.path}/rondo.config.ts`, "name: 'Music',", `name: 'Music',\n  peers: ${JSON.stringify({ events, pipelines: rest, recommendations: rest, experiments: rest, catalog: rest })},`)
  // The one that needs the other comes first: it waits, says why, and goes on when the other is there.
  await using second = await startServe(folder.join('second'), ['pipelines', 'recommendations', 'experiments', 'catalog'], ['--workspace', music.path, '--port', String(restPort)])
  await second.hasSaid(/not in force yet/)
  await using first = await startServe(folder.join('first'), ['events'], ['--workspace', music.path, '--port', String(eventsPort)])
  await second.hasSaid(/definitions in force/)
  const apart = await turnTheLoop({ events, rest, eventsData: folder.join('first'), workspace: music.path }, file, listening)
  assert.deepEqual(apart, together)

  // The first goes away: the second says what does not answer, keeps what it has, and finds it again.
  assert.equal((await call(rest, 'GET', '/readyz', { key: null })).status, 200)
  assert.equal(await first.stop(), 0)
  await assertAway(second, music.path, events)
  assert.equal((await call(rest, 'GET', '/api/recommendations/v1/users/user-1/recommend?k=3')).status, 200)
  assert.equal((await call(rest, 'POST', '/ofrep/v1/evaluate/flags/weekly-shelf', { key: KEYS.client, body: { context: { targetingKey: 'user-1' } } })).status, 200)
  const gone = await call(rest, 'GET', '/api/pipelines/v1/endpoints/track-played/partitions')
  assert.ok(gone.status === 200 || gone.json['code'] === 'UNREACHABLE', gone.text)
  await using back = await startServe(folder.join('first'), ['events'], ['--workspace', music.path, '--port', String(eventsPort)])
  assert.equal(back.url, events)
  await waitForReadiness(second, 200)
  assert.deepEqual((await call(rest, 'GET', '/api/platform/v1/info')).json['away'], [])
  assert.equal((await call(rest, 'GET', '/api/pipelines/v1/endpoints/track-played')).status, 200)
  await assertReconciled(events, { landed: true })
  assert.equal(await second.stop(), 0)
})

/** A front whose events room is gone says so at every place that is asked whether all is well. */
async function assertAway(front: RunningPlatform, workspace: string, address: string): Promise<void> {
  const reason = `The events room does not answer at ${address}.`
  const { json } = await waitForReadiness(front, 503)
  assert.deepEqual((json['services'] as { service: string }[]).find(({ service }) => service === 'events'), { service: 'events', ready: false, address, reason })
  assert.deepEqual(((await call(front.url, 'GET', '/api/platform/v1/info')).json['away'] as { reason: string }[]).map((one) => one.reason), [reason])
  const doctor = await runRondo(['doctor', '--data', front.folder, '--workspace', workspace])
  assert.equal(doctor.code, 1)
  assert.ok(doctor.out.includes(reason) && doctor.out.includes('rondo serve events'), doctor.out)
}
