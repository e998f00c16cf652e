// Runs test files, each in a process of its own that ends in time.
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

export type TestRunOptions = { root: string; concurrency: number; testWithinMs: number }
export type TestCounts = { passed: number; failed: number; skipped: number }

/** `files` are absolute. What happens is told on standard output; resolves when all have ended. */
export function runTestFiles(files: string[], { root, concurrency, testWithinMs }: TestRunOptions): Promise<TestCounts> {
  return new Promise((done) => {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    const events = run({
      files,
      cwd: root,
      concurrency,
      timeout: testWithinMs,
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', new URL('end-test-file.ts', import.meta.url).href],
    })
    events.on('test:fail', (event) => {
      if (event.todo === undefined || event.todo === false) counts.failed += 1
    })
    events.on('test:pass', (event) => {
      if (event.details.type === 'suite') return
      if (event.skip === undefined || event.skip === false) counts.passed += 1
      else counts.skipped += 1
    })
    events.once('end', () => done(counts))
    events.compose(spec).pipe(process.stdout, { end: false })
  })
}
