// Runs every test that needs an engine, each beside engines started for it: npm run test:engines [-- PART-OF-A-PATH…]
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { toAppError } from '@rondo/errors'
import { findFiles } from '../src/find-files.ts'
import { runTestFiles } from '../src/run-test-files.ts'
import type { EngineName } from './engine.ts'
import { groupByEngines, isEngineTest, type EngineTests } from './engine-tests.ts'
import { urlVariable } from './engine-url.ts'
import { startEngine, type StartedEngine } from './start-engine.ts'

type Line = { engines: string; passed: number; failed: number; skipped: number; seconds: number; startSeconds: number; megabytes: number; note: string }

const root = resolve(import.meta.dirname, '../..')
const allWithinMs = 40 * 60_000
const testWithinMs = 420_000
const running = new Map<EngineName, StartedEngine>()

/** Engines that the group does not need make room for those it needs; one that ended by itself is started anew. */
async function provide(names: EngineName[]): Promise<void> {
  for (const [name, engine] of running) {
    if (names.includes(name) && engine.isRunning()) continue
    await engine[Symbol.asyncDispose]()
    running.delete(name)
    delete process.env[urlVariable(name)]
  }
  for (const name of names) {
    const engine = running.get(name) ?? (await startEngine(name))
    running.set(name, engine)
    process.env[urlVariable(name)] = engine.url
  }
}

async function stopAll(): Promise<void> {
  for (const engine of running.values()) await engine[Symbol.asyncDispose]()
  running.clear()
  await rm(temporary, { recursive: true, force: true })
}

async function runGroup({ engines, files }: EngineTests, withinMs: number): Promise<Line> {
  const line: Line = { engines: engines.join('+'), passed: 0, failed: 0, skipped: 0, seconds: 0, startSeconds: 0, megabytes: 0, note: '' }
  if (withinMs <= 0) return { ...line, failed: files.length, note: `not run: the ${allWithinMs / 60_000} minutes are over` }
  const startMs = performance.now()
  try {
    await provide(engines)
  } catch (thrown) {
    const { message, help } = toAppError(thrown)
    return { ...line, failed: files.length, note: `${message}${help === undefined ? '' : ` ${help}`}` }
  }
  const startSeconds = (performance.now() - startMs) / 1000
  process.stdout.write(`\n${line.engines}: started in ${startSeconds.toFixed(1)} s, ${files.length} ${files.length === 1 ? 'file' : 'files'}\n`)
  const counts = await runTestFiles(
    files.map((path) => resolve(root, path)),
    { root, concurrency: 1, testWithinMs: Math.min(testWithinMs, withinMs) },
  )
  const ended = [...running].filter(([, engine]) => !engine.isRunning()).map(([name]) => `${name} ended by itself`)
  const megabytes = [...running.values()].reduce((sum, engine) => sum + (engine.isRunning() ? engine.measureMemoryBytes() : 0), 0) / 1_000_000
  return { ...line, ...counts, failed: counts.failed + ended.length, note: ended.join(', '), startSeconds, megabytes, seconds: (performance.now() - startMs) / 1000 }
}

function renderSummary(lines: Line[]): string {
  const rows = lines.map((line) => [line.engines, `${line.passed}`, `${line.failed}`, `${line.skipped}`, `${line.startSeconds.toFixed(1)} s`, `${line.seconds.toFixed(1)} s`, `${line.megabytes.toFixed(0)} MB`, line.note])
  const table = [['engines', 'passed', 'failed', 'skipped', 'start', 'all', 'memory', ''], ...rows]
  const widths = [0, 1, 2, 3, 4, 5, 6].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  return table.map((row) => row.map((cell, column) => (column === 0 || column > 6 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd()).join('\n')
}

const startMs = performance.now()
const filters = process.argv.slice(2)
const all = await findFiles(root, isEngineTest)
const chosen = all.filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
if (chosen.length === 0) {
  process.stderr.write(`No engine test has ${filters.map((filter) => `"${filter}"`).join(' or ')} in its path; there are ${all.length}.\n`)
  process.exit(2)
}

const temporary = await mkdtemp(join(tmpdir(), 'rondo-test-engines-'))
await chmod(temporary, 0o711)

// An end by a signal is an end all the same: nothing stays behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopAll().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143)))
}

// What was started here is what the tests must find, and nothing else; what they leave behind goes with the folder.
process.env['RONDO_REQUIRE_ENGINES'] = '1'
process.env['ENGINES_SET'] = join(temporary, 'no-set')
process.env['TMPDIR'] = temporary
const lines: Line[] = []
try {
  for (const group of groupByEngines(chosen)) lines.push(await runGroup(group, allWithinMs - (performance.now() - startMs)))
} catch (thrown) {
  const { message, help } = toAppError(thrown)
  process.stderr.write(`${message}\n${help ?? ''}\n`)
  process.exitCode = 2
} finally {
  await stopAll()
}
if (lines.length > 0) {
  process.stdout.write(`\n${renderSummary(lines)}\n${((performance.now() - startMs) / 1000).toFixed(0)} s in all\n`)
  if (lines.some((line) => line.failed > 0)) process.exitCode = 1
}
