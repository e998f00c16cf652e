// Loaded before every test file: a file ends within its time, whatever its tests left open or run round in.
//
// The test runner gives single tests a limit, but waits for ever for the process of a file: for one that spins, and for one whose tests are over while a socket or a
// timer is still open. So a thread beside the tests ends the process when its time is over, and what is still open after the tests is named, and fails the file.
import { after } from 'node:test'
import { Worker, isMainThread } from 'node:worker_threads'

const FILE_WITHIN_MS = Number(process.env['TEST_FILE_WITHIN_MS'] ?? 480_000)
/** For sockets and pools that close in the background. */
const CLOSE_WITHIN_MS = Number(process.env['TEST_CLOSE_WITHIN_MS'] ?? 30_000)
const file = process.argv[1] ?? ''

const watch = `
const { workerData: { file, withinMs, pid } } = require('node:worker_threads')
setTimeout(() => {
  require('node:fs').writeSync(2, file + ' did not end within ' + withinMs / 1000 + ' s, and was killed.\\n')
  process.kill(pid, 'SIGKILL')
}, withinMs)
`

// Threads and children of a test inherit the loading, and are no test files.
if (isMainThread && /\.test\.tsx?$/.test(file)) {
  new Worker(watch, { eval: true, execArgv: [], workerData: { file, withinMs: FILE_WITHIN_MS, pid: process.pid } }).unref()
  after(() => void setTimeout(failOpen, CLOSE_WITHIN_MS).unref())
}

function failOpen(): void {
  process.stderr.write(`${file} did not end within ${CLOSE_WITHIN_MS / 1000} s after its tests; still open: ${process.getActiveResourcesInfo().join(', ')}.\n`)
  process.exit(1)
}
