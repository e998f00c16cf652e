// Runs the planted files that are named.
import { join } from 'node:path'
import { runTestFiles } from '../../src/run-test-files.ts'

const root = import.meta.dirname
const files = process.argv.slice(2).map((name) => join(root, `${name}.test.ts`))
const { failed } = await runTestFiles(files, { root, concurrency: 1, testWithinMs: 60_000 })
process.exitCode = failed > 0 ? 1 : 0
