// Partitions as cells, datasets in sentences, answers as text, and what a page would run.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EndpointDetail, EndpointRow, PartitionRow } from '@rondo/pipelines/contract'
import { sayCheck, sayHealth, sayReach, sayRetention, sayState } from './data-words.ts'
import { findTarget } from './find-target.ts'
import { countInTime, listDays, nameDays, namePartition, toDayCells, toHeatState } from './partition-cells.ts'
import { isNumeric, showCell, toCsv } from './sql-cells.ts'
import { listExamples, newestOf } from './sql-examples.ts'
import { toReaderGraph, toReaders, toReadersOfAll } from './readers.ts'

const NOW = Date.parse('2026-09-21T09:42:00Z')
const part = (partition: string, rest: Partial<PartitionRow> = {}): PartitionRow => ({ partition, state: 'published', provisional: false, version: 'v', rows: 10, bytes: 1, files: [], publishedAt: null, runId: null, lagMs: 60_000, late: false, checks: [], reason: null, ...rest })
const failed = { rule: 'not-null' as const, subject: 'genre', action: 'block' as const, passed: false, found: '3.2 %' }
const row = (name: string, rest: Partial<EndpointRow> = {}): EndpointRow => ({ name, kind: 'derived', owner: 'squad-data', description: '', partition: 'daily', columns: [], slo: { landsWithinMinutes: 120, tier: null }, state: 'healthy', pipeline: `build-${name}`, lastPartition: null, lastPublishedAt: null, rows: null, lagMs: null, late: [], predicted: null, partitions: 1, bytes: null, ...rest })
const detail = (recent: PartitionRow[], rest: Partial<EndpointRow> = {}): EndpointDetail => ({ ...row('taste', rest), key: [], retention: '90d', checks: [], sql: null, codeVersion: null, inputs: [], upstream: [], downstream: [], recent })

test('PLW1 what a partition is on the grid', () => {
  const states = [part('a'), part('a', { provisional: true }), part('a', { lagMs: 7_200_001 }), part('a', { checks: [failed] }), part('a', { state: 'waiting', late: true }), part('a', { state: 'waiting' }), part('a', { state: 'failed' }), part('a', { state: 'blocked' }), part('a', { state: 'open', rows: 4 })]
  assert.deepEqual(states.map((one) => toHeatState(one, 120)), ['healthy', 'running', 'late', 'mark', 'late', 'waiting', 'failed', 'blocked', 'running'])
  assert.equal(toHeatState(part('a', { lagMs: 1e9 }), null), 'healthy')
})

test('PLW2 days as columns, hours as slivers, weeks on their Monday', () => {
  const days = listDays(NOW, 3)
  assert.deepEqual(nameDays(days), ['19 Sep', '20', 'Today'])
  const daily = toDayCells({ partition: 'daily', landsWithinMinutes: 120 }, [part('2026-09-20', { state: 'failed' })], days, NOW)
  assert.deepEqual(daily.map((cell) => (Array.isArray(cell) ? 'many' : cell.state)), ['none', 'failed', 'none'])
  const hourly = toDayCells({ partition: 'hourly', landsWithinMinutes: null }, [part('2026-09-21T08')], days, NOW)[2]
  assert.ok(Array.isArray(hourly))
  assert.deepEqual([hourly.length, hourly[7]?.state, hourly[8]?.state, hourly[10]?.state], [24, 'none', 'healthy', 'waiting'])
  const weekly = toDayCells({ partition: 'weekly', landsWithinMinutes: 60 }, [part('2026-09-21', { state: 'open', rows: null })], days, NOW)
  assert.deepEqual(weekly.map((cell) => (Array.isArray(cell) ? 'many' : cell.state)), ['none', 'none', 'waiting'])
  assert.deepEqual([namePartition('weekly', '2026-09-21'), namePartition('hourly', '2026-09-21T08'), namePartition('none', 'all'), namePartition('daily', 'odd')], ['week of Mon 21 Sep', 'Mon 21 Sep 08:00', 'all of it', 'odd'])
})

test('PLW10 models and experiments that depend on a dataset read it; its own pipelines do not', () => {
  const relation = (type: string, targetRef: string, path: string) => ({ type, targetRef, targetKind: 'Component', targetTitle: targetRef.replace(/^.*\//, ''), known: true, path, state: 'healthy' as const })
  const readers = toReaders([relation('dependencyOf', 'component:default/discover-weekly', '/recommendations'), relation('dependencyOf', 'component:default/build-user-metrics-daily', '/data/user-metrics-daily'), relation('ownedBy', 'group:default/squad-data', '/catalog/group/default/squad-data')])
  assert.deepEqual(readers, [{ ref: 'component:default/discover-weekly', title: 'discover-weekly', path: '/recommendations', state: 'healthy' }])
  const node = (id: string, type: string, count = 1) => ({ id, title: id.replace(/^.*\//, ''), kind: 'Component', type, ownerName: 'squad-discovery', state: 'healthy' as const, known: true, distance: 0, count, names: [] })
  const graph = { nodes: [node('component:default/dw', 'model'), node('component:default/build', 'data-pipeline'), node('many', 'model', 3)], edges: [{ from: 'resource:default/taste', to: 'component:default/dw', type: 'dependsOn' }, { from: 'resource:default/taste', to: 'component:default/build', type: 'dependsOn' }, { from: 'resource:default/other', to: 'component:default/dw', type: 'dependsOn' }] }
  assert.deepEqual(toReadersOfAll(graph, new Set(['taste'])), { edges: [{ from: 'taste', to: 'component:default/dw' }], nodes: [{ id: 'component:default/dw', name: 'dw', detail: 'model · discovery', state: 'healthy' }] })
  assert.deepEqual(toReaderGraph(readers, 'taste-weekly').edges, [{ from: 'taste-weekly', to: 'component:default/discover-weekly' }])
})

test('PLW3 in time counts what had to land', () => {
  assert.equal(countInTime([part('a'), part('b', { lagMs: 9e9 }), part('c', { state: 'failed' }), part('d', { state: 'open' }), part('e', { state: 'waiting' }), part('f', { provisional: true })], 120), '1 of 3')
})

test('PLW4 the worst is named first, with what it holds back and why', () => {
  const attention = [{ state: 'failed' as const, subject: 'taste', ref: '', owner: '', since: '', message: '2026-09-20: genre is empty in 3.2 %.', hurts: '' }]
  assert.equal(sayHealth([row('taste', { state: 'failed' }), row('lists', { state: 'blocked' }), row('x', { state: 'late' })], attention), 'taste failed and holds back lists. 2026-09-20: genre is empty in 3.2 %.')
  assert.equal(sayHealth([row('a', { state: 'late' }), row('b', { state: 'late' }), row('c', { state: 'late' })], []), 'a and 2 others are late. Everything else keeps its promise.')
  assert.equal(sayHealth([row('a'), row('b')], []), 'All 2 keep their promise.')
  assert.match(sayHealth([row('a', { state: 'waiting' })], []), /^Nothing has landed yet/)
})

test('PLW5 how late, or predicted to be', () => {
  const since = { state: 'late' as const, subject: 'a', ref: '', owner: '', since: '2026-09-21T09:01:00Z', message: '', hurts: '' }
  assert.equal(sayState(row('a', { state: 'late', late: ['2026-09-20'] }), since, NOW), 'Late 41 min')
  assert.equal(sayState(row('a', { state: 'late', predicted: { partition: 'p', landsAt: '2026-09-21T10:12:00Z', dueAt: '2026-09-21T10:00:00Z', late: true } }), undefined, NOW), '12 min late, predicted')
  assert.equal(sayState(row('a'), undefined, NOW), 'Healthy')
})

test('PLW6 checks, reach and retention in words', () => {
  assert.equal(sayCheck({ rule: 'not-null', column: 'genre', maxShare: 0.01, action: 'block' }).replace('\u202f', ' '), 'genre is null in at most 1.0 %')
  assert.equal(sayCheck({ rule: 'unique', columns: ['a', 'b'], action: 'block' }), 'a, b are together unique')
  assert.equal(sayCheck({ rule: 'range', column: 'x', min: 0, action: 'warn' }), 'x is at least 0')
  assert.deepEqual([sayReach('trailing 56'), sayReach('same'), sayRetention('2w')], ['the last 56 partitions', 'the same time', '2 weeks'])
})

test('PLW7 cells and CSV', () => {
  assert.deepEqual([showCell(92_834), showCell(0.123456), showCell('2026-09-21T09:00:00.000Z'), showCell(null), showCell({ a: 1 })], ['92834', '0.1235', '2026-09-21 09:00:00', '', '{"a":1}'])
  assert.deepEqual(['BIGINT', 'DECIMAL(18,3)', 'DOUBLE', 'VARCHAR', 'TIMESTAMP'].map(isNumeric), [true, true, true, false, false])
  assert.equal(toCsv({ columns: [{ name: 'a', type: 'VARCHAR' }, { name: 'n', type: 'BIGINT' }], rows: [{ a: 'x,"y"', n: 3 }, { a: null, n: null }] }), 'a,n\n"x,""y""",3\n,')
})

test('PLW8 examples ask only what is there', () => {
  const played = row('track-played', { kind: 'event', columns: [{ name: 'source', type: 'string', personal: 'none' }, { name: 'occurredAt', type: 'timestamp', personal: 'none' }] })
  assert.deepEqual(listExamples([played, row('empty', { partitions: 0 }), row('other')]).map((one) => one.title), ['Plays by where they came from', 'The newest of other'])
  assert.match(newestOf(played), /order by occurredAt desc\nlimit 20$/)
  assert.deepEqual(listExamples([]), [])
})

test('PLW9 what the page runs', () => {
  assert.deepEqual(findTarget(detail([part('2026-09-21', { state: 'open' }), part('2026-09-20', { state: 'failed' }), part('2026-09-19', { state: 'failed' })])), { pipeline: 'build-taste', kind: 'daily', partition: '2026-09-19', provisional: false, verb: 'Rerun' })
  assert.deepEqual(findTarget(detail([part('2026-09-21', { state: 'open' }), part('2026-09-20')])), { pipeline: 'build-taste', kind: 'daily', partition: '2026-09-21', provisional: true, verb: 'Run' })
  assert.equal(findTarget(detail([part('2026-09-21T09')], { pipeline: null })), undefined)
})
