// One process or two: the same scenarios give the same answers.
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { toIsoDate } from '@rondo/time'
import { assertReconciled } from './delivered.ts'
import { makeListening, writeListening, type Listening } from './listening-events.ts'
import { copyMusic, edit } from './music-copy.ts'
import { call, KEYS, listRows, runRondo, startServe, startUp, WITH_KEYS, type Answer } from './running-platform.ts'

/** Where the rooms are reached, and the folder of the process that takes events. */
type House = { events: string; rest: string; eventsData: string; workspace: string }

const NOW_MS = Date.now()
const listening = makeListening({ seed: 'split', count: 3000, occurredAtMs: NOW_MS, users: 40, tracks: 120 })

/** One turn of the loop by hand; what comes out must not depend on how many processes turn it. */
async function turnTheLoop(house: House, file: string, sent: Listening): Promise<Record<string, unknown>> {
  const imported = await runRondo(['import', 'json', file, '--no-refresh', '--json', '--workspace', house.workspace, '--data', house.eventsData], { env: WITH_KEYS })
  assert.equal(imported.code, 0, imported.err)
  const exposures = Array.from({ length: 20 }, (_, i) => ({ id: `exposed-${i}`, type: 'flag-exposed', properties: { flag: 'weekly-shelf', variant: i % 2 === 0 ? 'popularity' : 'discover-weekly', unit: `user-${i}`, rule: 'discover-weekly-vs-popularity' } }))
  assert.equal((await call(house.events, 'POST', '/v1/events', { key: KEYS.write, body: exposures })).status, 202)
  assert.equal((await call(house.events, 'POST', '/api/events/v1/land')).status, 200)
  const counts = await assertReconciled(house.events, { landed: true })
  const rest = async (method: string, path: string, body?: unknown, key: string = KEYS.admin): Promise<Answer> => {
    const answer = await call(house.rest, method, path, body === undefined ? { key } : { key, body })
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`)
    return answer
  }
  const run = await rest('POST', '/api/pipelines/v1/runs', { pipeline: 'build-listening-daily', partition: toIsoDate(NOW_MS), provisional: true })
  const sql = (text: string): Promise<unknown[]> => listRows(house.rest, '/api/pipelines/v1/sql', { sql: text, provisional: true })
  const refreshed = await rest('POST', '/api/recommendations/v1/refresh', { provisional: true })
  const recommended = await listRows<{ trackId: string }>(house.rest, '/api/recommendations/v1/users/user-1/recommend?k=10')
  const heard = new Set(sent.events.filter(({ userId, type }) => userId === 'user-1' && type === 'track-played').map(({ properties }) => properties['trackId']))
  assert.deepEqual(recommended.filter(({ trackId }) => heard.has(trackId)), [], 'nothing heard is recommended')
  const resolved = await rest('POST', '/ofrep/v1/evaluate/flags/weekly-shelf', { context: { targetingKey: 'user-1' } }, KEYS.client)
  const readout = await rest('GET', '/api/experiments/v1/experiments/discover-weekly-vs-popularity/readout')
  const lineage = await rest('GET', '/api/pipelines/v1/lineage?of=track-played&direction=down')
  const unknown = await call(house.rest, 'GET', '/api/pipelines/v1/endpoints/none-such')
  const wrong = await call(house.rest, 'POST', '/api/pipelines/v1/sql', { body: { sql: 'select nothing from nowhere' } })
  const entities = await rest('GET', '/api/catalog/entities')
  return {
    counts: [...counts.values()].map(({ type, accepted, delivered, duplicate, dead }) => ({ type, accepted, delivered, duplicate, dead })),
    run: { pipeline: run.json['pipeline'], partition: run.json['partition'], provisional: run.json['provisional'] },
    events: await sql('select type, count(*) as n from (select \'played\' as type from track_played union all select \'skipped\' from track_skipped union all select \'exposed\' from flag_exposed) group by 1 order by 1'),
    learned: { users: refreshed.json['users'], interactions: refreshed.json['interactions'] },
    recommended: recommended.map(({ trackId }) => trackId),
    resolved: resolved.json,
    verdict: readout.json['verdict'],
    lineage: (lineage.json['nodes'] as { name?: string; id?: string }[]).map(({ name, id }) => name ?? id ?? '').sort((a, b) => a.localeCompare(b)),
    problems: [unknown, wrong].map(({ status, json }) => [status, json['code']]),
    entities: Array.isArray(JSON.parse(entities.text)),
  }
}

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
  assert.equal(await first.stop(), 0)
  assert.equal((await call(rest, 'GET', '/api/recommendations/v1/users/user-1/recommend?k=3')).status, 200)
  assert.equal((await call(rest, 'POST', '/ofrep/v1/evaluate/flags/weekly-shelf', { key: KEYS.client, body: { context: { targetingKey: 'user-1' } } })).status, 200)
  const gone = await call(rest, 'GET', '/api/pipelines/v1/endpoints/track-played/partitions')
  assert.ok(gone.status === 200 || gone.json['code'] === 'UNREACHABLE', gone.text)
  await using back = await startServe(folder.join('first'), ['events'], ['--workspace', music.path, '--port', String(eventsPort)])
  assert.equal(back.url, events)
  assert.equal((await call(rest, 'GET', '/api/pipelines/v1/endpoints/track-played')).status, 200)
  await assertReconciled(events, { landed: true })
  assert.equal(await second.stop(), 0)
})

async function findFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => new Promise<ReturnType<typeof createServer>>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => resolve(server))
    })),
  )
  return Promise.all(servers.map((server) => new Promise<number>((resolve) => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
  })))
}
