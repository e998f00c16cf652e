// One turn of the loop by hand, from an import to a verdict: the same answers whoever turns it, in however many processes and on whatever stores.
import assert from 'node:assert/strict'
import { toIsoDate } from '@rondo/time'
import { assertReconciled } from './delivered.ts'
import type { Listening } from './listening-events.ts'
import { call, KEYS, listRows, runRondo, WITH_KEYS, type Answer } from './running-platform.ts'

/** Where the rooms are reached, and the folder of the process that takes events. */
export type House = { events: string; rest: string; eventsData: string; workspace: string }

/** One turn of the loop by hand; what comes out must not depend on how many processes turn it. */
export async function turnTheLoop(house: House, file: string, sent: Listening): Promise<Record<string, unknown>> {
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
  const run = await rest('POST', '/api/pipelines/v1/runs', { pipeline: 'build-listening-daily', partition: toIsoDate(sent.untilMs), provisional: true })
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
