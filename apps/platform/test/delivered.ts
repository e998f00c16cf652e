// What arrived: every good event once in the log, once in the landed files, and counts that add up.
import assert from 'node:assert/strict'
import type { CountRow } from '@rondo/events/contract'
import type { Listening } from './listening-events.ts'
import { call, listRows, type RunningPlatform } from './running-platform.ts'

/** Ids of a type in the order of the log, as often as they come. */
export async function readIds(url: string, type: string): Promise<string[]> {
  const ids: string[] = []
  for (let after = ''; ; ) {
    const { json, text, status } = await call(url, 'GET', `/api/events/v1/types/${type}/events?order=asc&limit=10000${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`)
    assert.equal(status, 200, text)
    const rows = json['rows'] as { id: string }[]
    if (rows.length === 0) return ids
    for (const { id } of rows) ids.push(id)
    after = String(json['next'])
  }
}

/** Every type's counts add up; with nothing in flight when `landed`. */
export async function assertReconciled(url: string, { landed }: { landed: boolean }): Promise<Map<string, CountRow>> {
  const rows = await listRows<CountRow>(url, '/api/events/v1/counts')
  for (const row of rows) {
    assert.equal(row.accepted, row.delivered + row.duplicate + row.dead + row.inFlight, `counts of ${row.type} add up: ${JSON.stringify(row)}`)
    if (landed) assert.equal(row.inFlight, 0, `${row.type} is landed`)
  }
  return new Map(rows.map((row) => [row.type, row]))
}

/** Lands everything, then: read back, counted, and asked of the landed Parquet, each good event is there exactly once, and nothing else is. */
export async function assertDelivered(platform: RunningPlatform, sent: Listening[]): Promise<void> {
  const { status, text } = await call(platform.url, 'POST', '/api/events/v1/land')
  assert.equal(status, 200, text)
  const counts = await assertReconciled(platform.url, { landed: true })
  for (const type of new Set(sent.flatMap(({ good }) => [...good.keys()]))) {
    const expected = new Set(sent.flatMap(({ good }) => [...(good.get(type) ?? [])]))
    const ids = await readIds(platform.url, type)
    assert.equal(new Set(ids).size, ids.length, `${type}: nothing is delivered twice`)
    const delivered = new Set(ids)
    assert.deepEqual([...expected].filter((id) => !delivered.has(id)), [], `${type}: nothing is lost`)
    assert.deepEqual(ids.filter((id) => !expected.has(id)), [], `${type}: nothing is made up`)
    assert.equal(counts.get(type)?.delivered, expected.size, `${type}: counted as delivered`)
    const [row] = await listRows<{ rows: number; ids: number }>(platform.url, '/api/pipelines/v1/sql', { sql: `select count(*) as "rows", count(distinct id) as ids from "${type}"`, provisional: true })
    assert.deepEqual([Number(row?.rows), Number(row?.ids)], [expected.size, expected.size], `${type}: in the landed files`)
  }
}
