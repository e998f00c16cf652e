// How the catalog speaks of things, and what its facets count.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EntityRow, RelationRow } from '@rondo/catalog/contract'
import { countFacet } from './count-facet.ts'
import { groupRelations, nameRoom, safeUrl, sayFacts, sayKind, sayNote, sayOwns, toEntityPath, toWritten } from './entity-words.ts'

const facts: EntityRow['facts'] = { state: 'healthy', lastRunAt: null, ratePerHour: null, latenessMs: null, note: null, asOf: null }
const relation = (type: string, name: string, rest: Partial<RelationRow> = {}): RelationRow => ({ type, targetRef: `component:default/${name}`, targetKind: 'Component', targetTitle: name, known: true, path: '', state: 'healthy', ...rest })

test('CAW1 references and rooms', () => {
  assert.equal(toEntityPath('component:default/rondo-events'), '/catalog/component/default/rondo-events')
  assert.equal(toEntityPath('no reference'), '')
  assert.deepEqual([nameRoom('/data/taste'), nameRoom('/catalog/x/y/z'), sayKind({ kind: 'Resource', type: 'data-endpoint' }), sayKind({ kind: 'Group', type: '' })], ['Data', undefined, 'data endpoint', 'group'])
})

test('CAW8 what a group owns is counted in words that add up', () => {
  const owns = [{ kind: 'library', count: 22 }, { kind: 'service', count: 1 }, { kind: 'data-endpoint', count: 2 }, { kind: 'model', count: 1 }, { kind: 'website', count: 3 }]
  assert.equal(sayOwns(owns), '22 libraries, 1 service, 2 data endpoints, 1 model, 3 more')
  assert.equal(sayOwns(owns.slice(0, 2)), '22 libraries, 1 service')
})

test('CAW2 the label says how late or how far, once', () => {
  assert.deepEqual(sayFacts({ ...facts, state: 'late', latenessMs: 41 * 60_000 }), { state: 'late', label: 'Late 41 min' })
  const running = { ...facts, state: 'running' as const, note: 'day 12 of 14' }
  assert.deepEqual([sayFacts(running)?.label, sayNote(running)], ['Day 12 of 14', ''])
  assert.equal(sayFacts({ ...facts, state: null }), undefined)
  assert.equal(sayNote({ ...facts, note: '40 /h' }), '40 /h')
})

test('CAW3 relations by meaning, trouble first', () => {
  const groups = groupRelations([relation('partOf', 'rondo'), relation('ownedBy', 'squad'), relation('dependsOn', 'b'), relation('dependsOn', 'a'), relation('dependsOn', 'z', { state: 'failed' }), relation('dependsOn', 'gone', { known: false, state: null })])
  assert.deepEqual(groups.map((group) => [group.title, group.rows.map((row) => row.targetTitle)]), [['Depends on', ['gone', 'z', 'a', 'b']], ['Part of', ['rondo']]])
})

test('CAW4 a descriptor as it was written', () => {
  assert.deepEqual(toWritten({ apiVersion: 'v1', kind: 'API', metadata: { name: 'a', uid: 'u', etag: 'e', annotations: { 'backstage.io/managed-by-location': 'file:x', mine: 'yes' } }, spec: { type: 'openapi' }, relations: [] }), { apiVersion: 'v1', kind: 'API', metadata: { name: 'a', annotations: { mine: 'yes' } }, spec: { type: 'openapi' } })
})

test('CAW5 a facet counts what the others leave', () => {
  const rows = [{ kind: 'service', owner: 'a' }, { kind: 'service', owner: 'b' }, { kind: 'library', owner: 'a' }]
  const facets = { kind: { label: 'Kind', of: (row: { kind: string }) => row.kind }, owner: { label: 'Owner', of: (row: { owner: string }) => row.owner } }
  const chosen = { kind: ['service'], owner: [] }
  assert.deepEqual(countFacet(rows, rows, facets, chosen, 'kind'), [{ value: 'service', count: 2 }, { value: 'library', count: 1 }])
  assert.deepEqual(countFacet(rows, rows, facets, chosen, 'owner'), [{ value: 'a', count: 1 }, { value: 'b', count: 1 }])
})

test('CAW6 only links of the web and mail are followed', () => {
  assert.deepEqual(['https://x.example', 'mailto:a@x.example', '/docs', 'javascript:alert(1)', '//x.example'].map(safeUrl), ['https://x.example', 'mailto:a@x.example', '/docs', undefined, undefined])
})
