// The table of results, as a person reads it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTable } from './format-table.ts'
import { isBenchModule } from './result.ts'

test('BE1 one line a figure, aligned, with its ratio and mark', () => {
  const table = formatTable([
    { name: 'ingest', figure: '1,234,568 events/s', ratio: 0.6123, reference: 'JSON.parse', mark: '≥ 0.5', ok: true },
    { name: 'flag', figure: '0.512 µs' },
  ])
  assert.deepEqual(table.split('\n'), [
    'name                figure  ratio  to          mark   ok?',
    '------  ------------------  -----  ----------  -----  ---',
    'ingest  1,234,568 events/s  0.612  JSON.parse  ≥ 0.5  yes',
    'flag              0.512 µs',
  ])
})

test('BE2 only modules with a run are benchmarks', () => {
  assert.equal(isBenchModule({ run: async () => [] }), true)
  assert.equal(isBenchModule({ rows: [] }), false)
})
