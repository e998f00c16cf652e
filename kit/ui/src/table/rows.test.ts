/// <reference types="node" />
// Order and filters of tables.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filterRows } from './filter-rows.ts'
import { sortRows } from './sort-rows.ts'

type Row = { name: string; rate: number | null; owner: string; state: string }
const rows: Row[] = [
  { name: 'type-10', rate: 3, owner: 'a', state: 'late' },
  { name: 'type-9', rate: null, owner: 'b', state: 'healthy' },
  { name: 'type-1', rate: 8, owner: 'a', state: 'healthy' },
]
const columns = [{ id: 'name', sort: (row: Row) => row.name }, { id: 'rate', sort: (row: Row) => row.rate }]
const names = (sorted: readonly Row[]) => sorted.map((row) => row.name)
const facets = { owner: { label: 'Owner', of: (row: Row) => row.owner }, state: { label: 'State', of: (row: Row) => row.state } }

test('UI15 text sorts as people do, and empty values are last in both directions', () => {
  assert.deepEqual(names(sortRows(rows, columns, 'name')), ['type-1', 'type-9', 'type-10'])
  assert.deepEqual(names(sortRows(rows, columns, 'rate')), ['type-10', 'type-1', 'type-9'])
  assert.deepEqual(names(sortRows(rows, columns, '-rate')), ['type-1', 'type-10', 'type-9'])
  assert.equal(sortRows(rows, columns, 'unknown'), rows)
  assert.deepEqual(names(sortRows(rows, columns, 'name', (row) => row.owner)), ['type-1', 'type-10', 'type-9'])
})

test('UI16 facets count what choosing them would show', () => {
  const { shown, counts } = filterRows(rows, (row) => row.name, facets, '', { owner: ['a'], state: [] })
  assert.deepEqual(names(shown), ['type-10', 'type-1'])
  assert.deepEqual(counts['owner'], [{ value: 'a', count: 2 }, { value: 'b', count: 1 }])
  assert.deepEqual(counts['state'], [{ value: 'healthy', count: 1 }, { value: 'late', count: 1 }])
})

test('UI17 every word of the filter must be found', () => {
  assert.deepEqual(names(filterRows(rows, (row) => `${row.name} ${row.owner}`, facets, 'TYPE a 10', {}).shown), ['type-10'])
})
