// Standings, accounts, changes, readers and cells of the heat map in words.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReportRow, Standing } from '@rondo/events/contract'
import { sayAccount, sumAccounts } from './account-words.ts'
import { sayErasure, sumAudit } from './audit-words.ts'
import { nextCell, sayCell } from './bucket-cell-words.ts'
import type { BucketCell } from './bucket-days.ts'
import { listMade } from './read-by.ts'
import { sayChange } from './schema-changes.ts'
import { completeness, deadShareOf, isKept, sayPromise, toStaffNotes } from './standing-words.ts'
import { sumLosses } from './sum-losses.ts'
import { stateOfStanding } from './state-of-standing.ts'

const closed = { hours: 23, delivered: 200, landed: 200, inFlight: 0, wrongHours: 0, wrong: 0 }
const standing: Standing = { type: 't', version: '1-0-0', owner: 'o', slo: 'gold', description: '', personal: 'none', state: 'healthy', ratePerHour: 1, lastEventAt: null, landingLagMs: 0, accepted: 100, dead: 2, closed, misses: [], values: [1, 2, 3], usual: [1, null, 2], spread: [0, null, 1] }

test('EVW13 a type keeps its promise, breaks it, or was never sent; the worst break is its state', () => {
  assert.deepEqual([isKept(standing), isKept({ ...standing, misses: ['late'] }), isKept({ ...standing, state: 'waiting' })], ['kept', 'missed', 'waiting'])
  assert.deepEqual((['broken', 'incomplete', 'late', 'silent', 'bad'] as const).map((miss) => stateOfStanding({ state: 'healthy', misses: [miss] })), ['failed', 'failed', 'late', 'silent', 'warned'])
  assert.equal(stateOfStanding({ state: 'healthy', misses: ['bad', 'late'] }), 'late')
  assert.equal(sayPromise('gold'), 'in a bucket within 1 h 15 min, at most 0.5\u202f% dead in a day, silent no longer than 2 h past its longest pause')
  assert.equal(sayPromise('bronze'), 'in a bucket within 6 h, at most 5\u202f% dead in a day; may fall silent')
})

test('EVW13 completeness is of closed hours, dead letters of the day, and the hour under way is no note', () => {
  assert.deepEqual([completeness(standing), completeness({ closed: { ...closed, wrong: 2, wrongHours: 1 } }), completeness({ closed: { ...closed, delivered: 0 } })], [1, 0.99, null])
  assert.deepEqual([deadShareOf(standing), deadShareOf({ accepted: 0, dead: 0 })], [0.02, null])
  assert.deepEqual(toStaffNotes(standing).map(({ value, usual }) => [value, usual]), [[1, 1], [2, null]])
})

test('EVW14 hours that were not heard whole do not count as loss', () => {
  const row = { hour: '2026-09-21T08', clients: 3, numbered: 90, lost: 10, isWhole: true }
  assert.deepEqual(sumLosses([row, { ...row, lost: 500, isWhole: false }, { ...row, clients: 5, lost: 0 }]), { numbered: 180, lost: 10, clients: 5, wholeHours: 2 })
})

test('EVW15 an hour that does not add up says by how much, and in which direction', () => {
  const row: ReportRow = { type: 't', hour: '2026-09-21T04', accepted: 50, delivered: 50, duplicate: 0, dead: 0, inFlight: 0, landed: 47, difference: 3, late: 0, version: 'v', closedAt: '2026-09-21T05:00:00Z' }
  assert.equal(sayAccount(row), '2026-09-21 04:00 UTC: 50 delivered, 47 in the bucket: 3 are missing.')
  assert.equal(sayAccount({ ...row, landed: 51, difference: -1 }), '2026-09-21 04:00 UTC: 50 delivered, 51 in the bucket: 1 is too many.')
  assert.deepEqual([sumAccounts([row, { ...row, landed: 50, difference: 0 }]).wrong.length, sumAccounts([row]).landed], [1, 47])
})

test('EVW16 a cell is told in words, and arrow keys go by hour and day', () => {
  const cells = Array.from({ length: 48 }, (_, at): BucketCell => ({ hour: `2026-09-${20 + Math.floor(at / 24)}T${String(at % 24).padStart(2, '0')}`, state: 'closed', rows: at, late: 0, weight: 0 }))
  assert.deepEqual(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'a'].map((key) => nextCell(cells, '2026-09-20T05', key)), ['2026-09-20T04', '2026-09-20T06', undefined, '2026-09-21T05', undefined])
  assert.equal(sayCell({ ...(cells[3] as BucketCell), late: 2 }, true), '2026-09-20 03:00 UTC: closed, 3 rows, 2 late; its account does not add up')
})

test('EVW17 a change of a schema is told by field and rule', () => {
  assert.deepEqual(sayChange({ path: 'schema.playedMs.minimum', was: 0, is: 1, why: '' }), { field: 'playedMs', says: 'at least: 0 → 1' })
  assert.deepEqual(sayChange({ path: 'schema.mood', is: { type: 'string', personal: 'strict' }, why: '' }), { field: 'mood', says: 'new: string, personal: strict' })
  assert.deepEqual(sayChange({ path: 'schema.mood', was: { type: 'string' }, why: '' }), { field: 'mood', says: 'gone; it was string' })
  assert.deepEqual(sayChange({ path: 'schema.results', was: 'optional', is: 'required', why: '' }), { field: 'results', says: 'became required' })
  assert.deepEqual(sayChange({ path: 'schema.query.maxLength', was: 64, why: '' }), { field: 'query', says: 'characters at most: 64, lifted' })
})

test('EVW18 what is made from a type stands nearest first, without pipelines', () => {
  const node = (id: string, type: string) => ({ id, title: id, kind: 'resource', type, ownerName: null, state: null, known: true, distance: 1, count: 1, names: [] })
  const edge = (from: string, to: string) => ({ from, to, type: 'dependencyOf' })
  const made = listMade({ nodes: [node('r:d/t', 'event-type'), node('c:d/p', 'data-pipeline'), node('r:d/e', 'data-endpoint'), node('c:d/x', 'experiment')], edges: [edge('r:d/t', 'c:d/p'), edge('c:d/p', 'r:d/e'), edge('r:d/e', 'c:d/x')] }, 'r:d/t')
  assert.deepEqual(made.map(({ type, steps, path }) => [type, steps, path]), [['dataset', 1, '/data/e'], ['experiment', 2, '/experiments/x']])
})

test('EVW19 before a person is erased it is said what nobody reads again, and what stays', () => {
  const { gone, stays } = sayErasure({ user: 'u1', readable: 13, plain: 1, types: 2 })
  assert.match(gone, /^12 copies under a key, in 2 event types, can never be read again by anybody.*There is no undo\.$/)
  assert.match(stays, /Dead letters of u1 become empty.*1 record from before there were keys stays readable until its retention ends\.$/)
  assert.doesNotMatch(sayErasure({ user: 'u1', readable: 1, plain: 0, types: 1 }).stays, /before there were keys/)
  const row = { place: 'log', type: 't', records: 3, sealed: 2, plain: 1, readable: 3 } as const
  assert.deepEqual(sumAudit([row, row]), { records: 6, sealed: 4, plain: 2 })
})
