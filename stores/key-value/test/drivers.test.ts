// Both drivers under the suite, and what only a disk can do: be left by a killed process, and fill up.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import { createTempFolder } from '@rondo/testing'
import { systemClock } from '@rondo/time'
import { testKeyValue } from '../src/conformance.ts'
import { openKeyValue } from '../src/index.ts'

const ctx = createCtx()
const child = (name: string): string => new URL(`./${name}`, import.meta.url).pathname

testKeyValue('lmdb', async () => {
  const folder = await createTempFolder()
  return { open: (options) => openKeyValue(`lmdb:${folder.join('key-value.d')}`, options), persistent: true, dispose: async () => folder[Symbol.asyncDispose]() }
})

testKeyValue('memory', async () => ({ open: (options) => openKeyValue('memory:', options), persistent: false, dispose: async () => undefined }))

test('KV1 every write that was reported is there after kill -9, and the entries of one call are all there or none', async () => {
  await using folder = await createTempFolder()
  const address = `lmdb:${folder.path}`
  const writer = spawn(process.execPath, [child('writing-child.ts'), address], { stdio: ['ignore', 'pipe', 'inherit'] })
  let reported = -1
  for await (const chunk of writer.stdout) {
    reported = Number(String(chunk).trim().split('\n').at(-1))
    if (reported >= 60 && !writer.killed) writer.kill('SIGKILL')
  }
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit')
  assert.equal(writer.signalCode, 'SIGKILL')
  const store = await openKeyValue(address, { clock: systemClock })
  for (let call = 0; call <= reported + 1; call += 1) {
    const { length } = await store.scan({ partition: `call-${call}` }, ctx)
    assert.ok(length === 20 || (call > reported && length === 0), `call ${call} of ${reported} reported has ${length} of 20 entries`)
  }
  await store.close()
})

test('KV13 a full disk is STORAGE_FULL, keeps nothing of that write, and the store goes on', async (t) => {
  await using folder = await createTempFolder()
  // A small volume in a mount namespace of its own: it is gone with the process.
  const script = `unshare --mount --map-root-user sh -c 'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" "$3" "lmdb:$1/kv" "$1/ballast"' sh "$@"`
  const run = spawnSync('sh', ['-c', script, 'sh', folder.path, process.execPath, child('filling-child.ts')], { encoding: 'utf8' })
  if (run.error !== undefined || /unshare: |mount: /.test(run.stderr)) return t.skip('this machine lets no small volume be mounted')
  const said = JSON.parse(run.stdout) as { code: string; kind: string; kept: number; written: number; afterwards: string }
  assert.equal(said.code, 'STORAGE_FULL')
  assert.equal(said.kind, 'storage-full')
  assert.equal(said.kept, said.written)
  assert.equal(said.afterwards, 'written')
})

test('KV14 addresses that name no store, and folders that cannot be one, are refused', async () => {
  for (const address of ['', 'lmdb:', 'redis://localhost', './folder']) await assert.rejects(openKeyValue(address, { clock: systemClock }), { code: 'BAD_STORE_ADDRESS' })
  await using folder = await createTempFolder()
  await writeFile(folder.join('file'), '')
  await assert.rejects(openKeyValue(`lmdb:${folder.join('file')}`, { clock: systemClock }), { code: 'KEY_VALUE_CANNOT_OPEN' })
  await mkdir(folder.join('other'))
  for (const content of ['no database at all'.repeat(1_000), 'cut off']) {
    await writeFile(folder.join('other', 'data.mdb'), content)
    await assert.rejects(openKeyValue(`lmdb:${folder.join('other')}`, { clock: systemClock }), { code: 'KEY_VALUE_CANNOT_OPEN' })
  }
})
