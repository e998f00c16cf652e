// Runs the Python tests, where there is a Python; and the SDK against a real collector.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startCollector, WRITE_KEY } from '@rondo/js/running-collector'
import { createTempFolder } from '@rondo/testing'

const FOLDER = join(import.meta.dirname, '..')
const CLOCK_SLACK_MS = 60_000

const found = spawnSync('python3', ['-c', 'import sys, sqlite3; assert sys.version_info >= (3, 9)'])
const skip = found.status === 0 ? false : 'no Python 3.9 or later with sqlite3 on this machine'

async function runPython(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn('python3', args, { cwd: FOLDER, env: { ...process.env, PYTHONPATH: join(FOLDER, 'src'), PYTHONDONTWRITEBYTECODE: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

test('PY1, PY2, PY3, PY4, PY5, PY6, PY7, PY18, PY19, PY20 events on their way', { skip, timeout: 60_000 }, () => passes('test_delivery.py'))
test('PY8, PY9, PY10, PY11, PY12, PY21, PY22, PY23 a client with its thread, files and children', { skip, timeout: 120_000 }, () => passes('test_client.py'))
test('PY13, PY14, PY15 flags and rows', { skip, timeout: 60_000 }, () => passes('test_flags.py'))

async function passes(file: string): Promise<void> {
  const { code, err } = await runPython(['-m', 'unittest', 'discover', '-s', 'tests', '-p', file])
  assert.equal(code, 0, err)
  assert.match(err, /Ran [1-9]\d* tests?/)
}

test('PY16 the real collector takes its events once, corrects its clock, and tells what is dead', { skip, timeout: 120_000 }, async () => {
  await using collector = await startCollector()
  const startedMs = Date.now()
  const { code, out, err } = await runPython(['tests/against_collector.py', collector.url, WRITE_KEY])
  assert.equal(code, 0, err)
  const results = JSON.parse(out) as [string, string, string | null][]
  assert.deepEqual(results.slice(0, 121).map(([id, status]) => [id, status]), [...Array.from({ length: 120 }, (_, i) => [`py-${i}`, 'accepted']), ['py-0', 'duplicate']])
  assert.deepEqual(results.at(-1)?.slice(0, 2), ['py-dead', 'dead'])
  assert.match(results.at(-1)?.[2] ?? '', /artistId|trackId|source/)
  const rows = await collector.listSaved()
  assert.deepEqual(rows.map(({ id }) => id), Array.from({ length: 120 }, (_, i) => `py-${i}`))
  for (const { occurredAt } of rows) assert.ok(Math.abs(Date.parse(occurredAt) - startedMs) < CLOCK_SLACK_MS, occurredAt)
  const { accepted, duplicate, dead } = await collector.countSaved()
  assert.deepEqual({ accepted, duplicate, dead }, { accepted: 122, duplicate: 1, dead: 1 })
})

// What builds a wheel without fetching anything: setuptools, which before 70.1 left that to another package.
const builders = spawnSync('python3', ['-c', 'import setuptools, pip\nif tuple(map(int, setuptools.__version__.split(".")[:2])) < (70, 1): import wheel'])

test('PY17 pip installs the folder, with its types', { skip: skip || (builders.status === 0 ? false : 'no pip with setuptools 70.1 or later, or wheel, here'), timeout: 120_000 }, async () => {
  await using folder = await createTempFolder()
  // Builders leave their traces where they build.
  await cp(FOLDER, join(folder.path, 'python'), { recursive: true })
  const target = join(folder.path, 'installed')
  const installed = await runPython(['-m', 'pip', 'install', '--quiet', '--no-index', '--no-deps', '--no-build-isolation', '--target', target, join(folder.path, 'python')])
  assert.equal(installed.code, 0, installed.err)
  assert.ok((await readdir(join(target, 'rondo'))).includes('py.typed'))
  const { out } = await runPython(['-c', 'import rondo, importlib.metadata as m; print(rondo.__file__, rondo.Rondo.__name__, m.version("rondo"))'], { PYTHONPATH: target })
  assert.equal(out.trim(), `${join(target, 'rondo', '__init__.py')} Rondo 0.1.0`)
})
