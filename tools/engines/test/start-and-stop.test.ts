// A small engine is started, found again, stopped and lost, as `up`, `status` and `down` do it.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { findState, isRunning, writeState } from '../engine-state.ts'
import type { Engine } from '../engine.ts'
import { findFreePorts, isListening, isPortFree } from '../process/ports.ts'
import { findStartTicks, signalTree } from '../process/process-tree.ts'
import { killProcess } from '../process/stop-process.ts'
import { waitFor } from '../process/wait-for.ts'
import { renderStatus } from '../render-status.ts'
import { holdFolder, start, type StartOptions } from '../start.ts'
import { stop } from '../stop.ts'
import { createFakeEngine, createQuietInstaller } from './fake-engine.ts'

async function prepare(t: TestContext, engine: Engine): Promise<{ set: string; options: StartOptions; port: number }> {
  const folder = await createTempFolder()
  t.after(async () => {
    const state = findState(folder.path, engine.name)
    if (state !== undefined && isRunning(state)) await killProcess(state.pid)
    await folder[Symbol.asyncDispose]()
  })
  const ports = await findFreePorts(1)
  return { set: folder.path, port: ports[0] ?? 0, options: { set: folder.path, installer: createQuietInstaller(folder.join('cache')), ports, tied: true } }
}

test('EN4 an engine is started once: a second start finds it, status shows it, its data stays until it is asked to be fresh', async (t) => {
  const engine = createFakeEngine('well')
  const { set, options, port } = await prepare(t, engine)
  const first = await start(engine, options)
  assert.deepEqual([first.wasRunning, first.state.url], [false, `s3://127.0.0.1:${port}/fake`])
  const second = await start(engine, options)
  assert.deepEqual([second.wasRunning, second.state], [true, first.state])
  assert.match(await renderStatus(set, ['s3']), new RegExp(`s3 +running +1\\.0 +\\d+ MB +1 MB +s3://127\\.0\\.0\\.1:${port}/fake$`, 'm'))
  assert.equal(await stop(engine, set), 'clean')
  assert.match(await readFile(`${set}/s3/log`, 'utf8'), /clean end/)
  assert.equal(await isPortFree(port), true)
  await start(engine, options)
  assert.equal(await readFile(`${set}/s3/data/starts`, 'utf8'), 'xx')
  await stop(engine, set)
  await start(engine, { ...options, fresh: true })
  assert.equal(await readFile(`${set}/s3/data/starts`, 'utf8'), 'x')
})

test('EN5 status and stop on a set that was never started', async (t) => {
  const { set } = await prepare(t, createFakeEngine('well'))
  assert.match(await renderStatus(`${set}/nothing`, ['kafka', 's3']), /kafka +stopped\ns3 +stopped$/)
  assert.equal(await stop(createFakeEngine('well'), `${set}/nothing`), 'was-stopped')
})

test('EN6 a dead engine is noticed by status, by stop and by the next start, also when its number belongs to another process', async (t) => {
  const engine = createFakeEngine('well')
  const { set, options } = await prepare(t, engine)
  const { state } = await start(engine, options)
  await killProcess(state.pid)
  assert.match(await renderStatus(set, ['s3']), /s3 +dead .* was s3:.*; start it again$/m)
  assert.equal((await start(engine, options)).wasRunning, false)
  await stop(engine, set)
  await writeState(set, 's3', { ...state, pid: process.pid, startTicks: (findStartTicks(process.pid) ?? 0) + 1 })
  assert.match(await renderStatus(set, ['s3']), /s3 +dead/)
  assert.equal(await stop(engine, set), 'dead')
  assert.equal(await stop(engine, set), 'was-stopped')
})

test('EN7 a port that is taken is named, and nothing is started', async (t) => {
  const engine = createFakeEngine('well')
  const { set, options } = await prepare(t, engine)
  const other = createServer().listen(0, '127.0.0.1')
  t.after(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  await assert.rejects(start(engine, { ...options, ports: [port] }), { code: 'ENGINES_PORT_TAKEN', message: new RegExp(`port "${port}" of 127\\.0\\.0\\.1 is taken`), help: /--port-base/ })
  assert.equal(findState(set, 's3'), undefined)
})

test('EN8 an engine that ends while it starts, or is never ready, fails with its last words and leaves nothing running', async (t) => {
  const dying = createFakeEngine('dies')
  const first = await prepare(t, dying)
  await assert.rejects(start(dying, first.options), { code: 'ENGINES_DIED_AT_START', message: /no licence found/ })
  const silent = createFakeEngine('silent')
  const second = await prepare(t, silent)
  let pid = 0
  const watched: Engine = { ...silent, isReady: async () => ((pid = (await findChildOf(process.pid)) ?? pid), false) }
  await assert.rejects(start(watched, second.options), { code: 'ENGINES_NOT_READY', message: /within 0\.3 s/ })
  assert.notEqual(pid, 0)
  assert.equal(await waitFor(5000, () => findStartTicks(pid) === undefined), true)
  assert.equal(findState(second.set, 's3'), undefined)
})

test('EN9 stop asks first; one that does not listen is killed, and that is said; a paused one is woken to hear it', async (t) => {
  const deaf = createFakeEngine('deaf')
  const first = await prepare(t, deaf)
  const { state } = await start(deaf, first.options)
  assert.equal(await stop(deaf, first.set), 'forced')
  assert.equal(findStartTicks(state.pid), undefined)
  assert.match(await readFile(`${first.set}/s3/log`, 'utf8'), /not now/)
  const well = createFakeEngine('well')
  const second = await prepare(t, well)
  signalTree((await start(well, second.options)).state.pid, 'SIGSTOP')
  assert.equal(await stop(well, second.set), 'clean')
})

test('EN10 one command at a time works on an engine of a set', async (t) => {
  const engine = createFakeEngine('well')
  const { set, options, port } = await prepare(t, engine)
  await holdFolder(engine, `${set}/s3`, async () => {
    await assert.rejects(start(engine, options), { code: 'ENGINES_SET_BUSY', help: /--dir/ })
  })
  await start(engine, options)
  assert.equal(await isListening(port), true)
})

async function findChildOf(parent: number): Promise<number | undefined> {
  const children = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).trim().split(' ').filter((pid) => pid !== '')
  return children.length === 0 ? undefined : Number(children.at(-1))
}
