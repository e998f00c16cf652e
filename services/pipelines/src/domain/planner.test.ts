// The planner as a table: what is known, what the clock says, what is due.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS } from '@rondo/time'
import type { DefinitionSet, EndpointDefinition } from '../contract.ts'
import { createDatasets, type Datasets } from './datasets.ts'
import { buildGraph } from './definition-graph.ts'
import { createPlanner, type Instance, type Planner } from './planner.ts'

/** Monday. */
const T = Date.parse('2026-09-21T00:00:00Z')

const endpoint = (name: string, partition: EndpointDefinition['partition'], retention = '365d'): EndpointDefinition => ({
  name,
  owner: 'squad',
  description: '',
  partition,
  key: [],
  columns: [{ name: 'x', type: 'string', personal: 'none' }],
  retention,
  slo: { landsWithinMinutes: 60 },
})
const pipeline = (output: string, inputs: DefinitionSet['pipelines'][number]['inputs']) => ({ name: `fill-${output}`, owner: 'squad', description: '', output, inputs, sql: 'select x from a' })

type World = { datasets: Datasets; planner: Planner; close(type: string, untilMs: number, hours?: [number, string][]): void; publish(instance: Instance): void; due(nowMs?: number): string[] }

function openWorld(set: DefinitionSet, carried?: Datasets): World {
  const { graph, violations } = buildGraph(set, new Set(['a', 'b']), (text) => text)
  assert.deepEqual(violations, [])
  const datasets = createDatasets(graph, carried?.events)
  const planner = createPlanner({ graph, datasets, hash: (text) => text })
  let revision = 0
  return {
    datasets,
    planner,
    close(type, untilMs, hours = []) {
      const buckets = new Map(hours.map(([startMs, version]) => [startMs, { version, files: [`${type}/${startMs}/${version}`], rows: 1, isClosed: startMs + HOUR_MS <= untilMs, closedAtMs: undefined }]))
      planner.noteEvents(type, datasets.noteBuckets(type, untilMs, buckets))
    },
    publish({ id, pipeline: { output, codeVersion }, partition, startMs, provisional, resolution }) {
      revision += 1
      const base = { file: id, rows: 1, bytes: 1, runId: id, publishedMs: 0, durationMs: 1, checks: [] }
      datasets.putPartition(output.name, { partition, startMs, version: id, inputsVersion: resolution.inputsVersion, codeVersion, provisional, revision, ...base })
      planner.notePublished(output.name, startMs, provisional)
    },
    due: (nowMs = T + 50 * WEEK_MS) => planner.collectDue(nowMs).map((instance) => `${instance.pipeline.output.name} ${instance.partition}`),
  }
}

const chain: DefinitionSet = {
  endpoints: [endpoint('day', 'daily'), endpoint('week', 'weekly')],
  pipelines: [pipeline('week', { day: { endpoint: 'day', partitions: { trailing: 14 } } }), pipeline('day', { a: { endpoint: 'a' }, b: { endpoint: 'b' } })],
}

const table: { title: string; closed: [type: string, untilMs: number, hours?: [number, string][]][]; due: string[] }[] = [
  { title: 'nothing is known', closed: [], due: [] },
  { title: 'one type is open', closed: [['a', T + DAY_MS, [[T, 'v1']]]], due: [] },
  { title: 'both are closed for the day', closed: [['a', T + DAY_MS, [[T, 'v1']]], ['b', T + DAY_MS]], due: ['day 2026-09-21'] },
  { title: 'no event in any type', closed: [['a', T + DAY_MS], ['b', T + DAY_MS]], due: [] },
  { title: 'an hour is missing at the end', closed: [['a', T + DAY_MS, [[T, 'v1']]], ['b', T + DAY_MS - HOUR_MS]], due: [] },
  { title: 'history began in the middle of the second day', closed: [['a', T + 3 * DAY_MS, [[T + DAY_MS + 5 * HOUR_MS, 'v1']]], ['b', T + 3 * DAY_MS]], due: ['day 2026-09-22', 'day 2026-09-23'] },
]

for (const { title, closed, due } of table) {
  test(`PL3 ${title}`, () => {
    const world = openWorld(chain)
    for (const [type, untilMs, hours] of closed) world.close(type, untilMs, hours)
    assert.deepEqual(world.due(), due)
    assert.deepEqual(world.due(), due, 'asked again, the same')
  })
}

function runAll(world: World, nowMs?: number): string[] {
  const ran: string[] = []
  for (;;) {
    const [next] = world.planner.collectDue(nowMs ?? T + 50 * WEEK_MS)
    if (next === undefined) return ran
    ran.push(`${next.pipeline.output.name} ${next.partition}`)
    world.publish(next)
  }
}

test('PL3 a week follows its last day, and nothing runs twice', () => {
  const world = openWorld(chain)
  world.close('a', T + WEEK_MS, [[T, 'v1']])
  world.close('b', T + WEEK_MS)
  const ran = runAll(world)
  assert.equal(ran.length, 8)
  assert.equal(ran.at(-1), 'week 2026-09-21')
  assert.equal(world.planner.isIdle(T + WEEK_MS), true)
})

test('PL8 a restated hour makes its day due, then the weeks whose window holds that day', () => {
  const world = openWorld(chain)
  world.close('a', T + 3 * WEEK_MS, [[T, 'v1']])
  world.close('b', T + 3 * WEEK_MS)
  runAll(world)
  world.close('a', T + 3 * WEEK_MS, [[T + DAY_MS, 'v1']])
  assert.deepEqual(runAll(world), ['day 2026-09-22', 'week 2026-09-21', 'week 2026-09-28'])
})

test('PL4 after a restart only what is missing or older than its inputs is looked at', () => {
  const world = openWorld(chain)
  world.close('a', T + WEEK_MS, [[T, 'v1']])
  world.close('b', T + WEEK_MS)
  runAll(world)
  const day = world.datasets.getDerived('day').partitions.get(T)
  assert.ok(day)
  const restarted = openWorld(chain)
  for (const name of ['day', 'week']) for (const partition of world.datasets.getDerived(name).partitions.values()) restarted.datasets.putPartition(name, partition)
  restarted.datasets.putPartition('day', { ...day, version: 'again', revision: 99 })
  restarted.close('a', T + WEEK_MS, [[T, 'v1']])
  restarted.close('b', T + WEEK_MS)
  assert.deepEqual(restarted.due(), ['week 2026-09-21'])
})

test('PL9 a failure is held until its time, and by a change of its inputs let go', () => {
  const world = openWorld(chain)
  world.close('a', T + DAY_MS, [[T, 'v1']])
  world.close('b', T + DAY_MS)
  const [first] = world.planner.collectDue(T + DAY_MS)
  assert.ok(first)
  const failure = { instance: first.id, attempts: 1, state: 'failed' as const, message: 'x', sinceMs: 0 }
  world.planner.noteFailure('fill-day', T, { ...failure, retryAtMs: T + DAY_MS + MINUTE_MS })
  assert.deepEqual(world.due(T + DAY_MS), [])
  assert.equal(world.planner.isIdle(T + DAY_MS + MINUTE_MS), false)
  assert.deepEqual(world.due(T + DAY_MS + MINUTE_MS), ['day 2026-09-21'])
  world.planner.noteFailure('fill-day', T, { ...failure, attempts: 2, retryAtMs: undefined })
  assert.deepEqual(world.due(), [])
  world.close('a', T + DAY_MS, [[T, 'v2']])
  assert.deepEqual(world.due(), ['day 2026-09-21'])
})

test('PL10 a provisional partition is due when its inputs close, and holds back who needs a final one', () => {
  const world = openWorld(chain)
  world.close('a', T + DAY_MS, [[T, 'v1']])
  world.close('b', T + DAY_MS)
  const [first] = world.planner.collectDue(T + DAY_MS)
  assert.ok(first)
  world.publish({ ...first, id: 'early', provisional: true })
  world.close('a', T + WEEK_MS)
  world.close('b', T + WEEK_MS)
  const ran = runAll(world)
  assert.deepEqual([ran[0], ran.at(-1), ran.length], ['day 2026-09-21', 'week 2026-09-21', 8])
})

test('PL3 an unpartitioned dataset is made anew when its inputs change; reading it holds nobody in the past', () => {
  const set: DefinitionSet = {
    endpoints: [endpoint('day', 'daily'), endpoint('all', 'none'), endpoint('both', 'daily')],
    pipelines: [pipeline('day', { a: { endpoint: 'a' } }), pipeline('all', { day: { endpoint: 'day' } }), pipeline('both', { day: { endpoint: 'day' }, all: { endpoint: 'all' } })],
  }
  const world = openWorld(set)
  world.close('a', T + DAY_MS, [[T, 'v1']])
  assert.deepEqual(runAll(world), ['day 2026-09-21', 'all all', 'both 2026-09-21'])
  world.close('a', T + 2 * DAY_MS, [[T + DAY_MS, 'v1']])
  assert.deepEqual(runAll(world).toSorted(), ['all all', 'both 2026-09-22', 'day 2026-09-22'])
})

test('PL16 the events room is asked only when a partition can have ended', () => {
  const world = openWorld(chain)
  assert.equal(world.planner.findNextAsk('a'), -Infinity)
  world.close('a', T + 3 * HOUR_MS, [[T, 'v1']])
  assert.equal(world.planner.findNextAsk('a'), T + DAY_MS)
  world.close('a', T + DAY_MS)
  assert.equal(world.planner.findNextAsk('a'), T + 2 * DAY_MS)
  assert.equal(world.planner.findNextAsk('nobody-reads-it'), Infinity)
})
