// What may be typed, where things go, and what a stranger is told.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { assignPorts } from '../assign-ports.ts'
import { engineNames } from '../engine.ts'
import { engines } from '../engines.ts'
import { createInstaller } from '../install/installer.ts'
import { runProgram } from '../install/run-program.ts'
import { parseArguments } from '../parse-arguments.ts'
import { findCache, findSet } from '../places.ts'

const parse = (line: string): ReturnType<typeof parseArguments> => parseArguments(line.split(' ').filter((word) => word !== ''))

test('EN1 the command line: engines in one order whatever the order typed, a set and ports of its own, and every mistake named', () => {
  assert.deepEqual(parse('up s3 kafka --port-base 20000 --fresh --dir /tmp/x'), { command: 'up', engines: ['kafka', 's3'], set: '/tmp/x', portBase: 20_000, fresh: true })
  assert.deepEqual(parse('up all').engines, [...engineNames])
  assert.deepEqual(parse('down').engines, [...engineNames])
  assert.deepEqual(parse('status').set, undefined)
  for (const [line, message] of [
    ['', /Say what to do/],
    ['start kafka', /no command "start"/],
    ['up', /needs the names/],
    ['up kafka mysql', /no engine "mysql"/],
    ['up kafka --port-base ninety', /"--port-base" is "ninety"; it must be a port from 1024 to 65000/],
    ['up kafka --dir', /"--dir" is ""; it must be a folder/],
    ['up kafka --force', /"--force" is ""; it must be one of/],
  ] as const) {
    assert.throws(() => parse(line), { message })
  }
})

test('EN1 a mistake is said in two lines and ends with 2', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', resolve(import.meta.dirname, '../cli.ts'), 'up', 'mysql'], { encoding: 'utf8' })
  assert.deepEqual([status, stdout], [2, ''])
  assert.equal(stderr, 'There is no engine "mysql".\nThe engines are kafka, postgres, s3, cassandra, pubsub, bigtable, nats, or "all".\n')
})

test('EN2 sets lie in the cache or where they are told, and their ports never meet', () => {
  assert.equal(findCache({ ENGINES_DIR: '/x/y' }), '/x/y')
  assert.equal(findCache({ XDG_CACHE_HOME: '/home/a/.cache' }, false), '/home/a/.cache/rondo-engines')
  assert.equal(findCache({}, true), '/var/cache/rondo-engines')
  assert.equal(findSet({ ENGINES_DIR: '/x/y' }), '/x/y/sets/default')
  assert.equal(findSet({ ENGINES_DIR: '/x/y', ENGINES_SET: '/z' }), '/z')
  for (const base of [undefined, 20_000]) {
    const ports = engineNames.flatMap((name) => assignPorts(name, base))
    assert.equal(new Set(ports).size, ports.length)
  }
  assert.deepEqual([assignPorts('kafka', 20_000), assignPorts('postgres', 20_000)], [[20_000, 20_001, 20_002, 20_003], [20_004]])
  assert.deepEqual(assignPorts('postgres', undefined), engines.postgres.ports)
})

test('EN3 software is installed once per version; a failed install leaves nothing; who comes second takes what is there', async () => {
  await using cache = await createTempFolder()
  const said: string[] = []
  const installer = createInstaller(cache.path, (line) => void said.push(line))
  await assert.rejects(installer.installOnce('a', '1', () => Promise.reject(new Error('no network'))), /no network/)
  assert.deepEqual(await readdir(cache.join('software')), [])
  const build = (folder: string): Promise<void> => writeFile(`${folder}/program`, '1')
  const folder = await installer.installOnce('a', '1', build)
  const count = said.length
  assert.equal(await installer.installOnce('a', '1', () => Promise.reject(new Error('again'))), folder)
  assert.equal(said.length, count)
  await installer.installOnce('a', '2', async (draft) => {
    await build(draft)
    // Another command was faster.
    await mkdir(cache.join('software/a-2'))
    await writeFile(cache.join('software/a-2/program'), 'theirs')
  })
  assert.deepEqual(await readdir(cache.join('software')), ['a-1', 'a-2'])
})

test('EN3 a missing program is named with how to install it; a failing one with what it said', async () => {
  const nowhere = { env: { PATH: '/nowhere' } }
  await assert.rejects(runProgram('mvn', ['-v'], nowhere), { code: 'ENGINES_PROGRAM_MISSING', message: /"mvn"/, help: 'Install it: apt-get install -y maven' })
  await assert.rejects(runProgram('go', ['version'], nowhere), { help: /go\.dev/ })
  await assert.rejects(runProgram(process.execPath, ['-e', 'console.error("disk is full"); process.exit(4)']), { code: 'ENGINES_PROGRAM_FAILED', message: /ended with 4\.\ndisk is full$/ })
})
