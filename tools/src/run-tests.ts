// Runs the tests of the house that need no engine outside it: npm test [-- PART-OF-A-PATH…]
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { isEngineTest } from '../engines/engine-tests.ts'
import { findFiles } from './find-files.ts'
import { orderTests } from './order-tests.ts'
import { runTestFiles } from './run-test-files.ts'

const root = resolve(import.meta.dirname, '../..')
const filters = process.argv.slice(2)
const all = await findFiles(root, (path) => (path.endsWith('.test.ts') || path.endsWith('.test.tsx')) && !isEngineTest(path))
const chosen = orderTests(all.filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter))))

if (chosen.length === 0) {
  process.stderr.write(`No test file has ${filters.map((filter) => `"${filter}"`).join(' or ')} in its path; there are ${all.length} test files.\n`)
  process.exit(2)
}

const counts = await runTestFiles(
  chosen.map((path) => resolve(root, path)),
  { root, concurrency: Math.min(2, availableParallelism()), testWithinMs: 280_000 },
)
if (counts.failed > 0) process.exitCode = 1
