// The order in which test files run.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderTests } from './order-tests.ts'

test('TL12 tests run from the foundation upwards, slow ones last', () => {
  assert.deepEqual(orderTests(['apps/platform/x.test.ts', 'kit/a/z.slow.test.ts', 'services/b/y.test.ts', 'kit/b/b.test.ts', 'kit/a/a.test.ts']), [
    'kit/a/a.test.ts',
    'kit/b/b.test.ts',
    'services/b/y.test.ts',
    'apps/platform/x.test.ts',
    'kit/a/z.slow.test.ts',
  ])
})
