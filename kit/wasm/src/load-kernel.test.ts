// Compiling and caching.
import assert from 'node:assert/strict'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { createTempFolder, type TempFolder } from '@rondo/testing'
import { loadKernel, type KernelSource } from './index.ts'

const FLAGS = '-O1 --runtime stub'

async function writeSource(folder: TempFolder, text: string): Promise<KernelSource> {
  await writeFile(folder.join('sum.as'), text)
  await writeFile(folder.join('twice.as'), 'export function twice(a: i32): i32 { return a * 2 }')
  await writeFile(folder.join('other.ts'), 'this is no source of the kernel')
  return { name: 'sum', folder: pathToFileURL(`${folder.path}/`), entry: 'sum.as', flags: FLAGS }
}

const SUM = "import { twice } from './twice'\nexport function sum(a: i32, b: i32): i32 { return twice(a) + b }"

async function run(module: WebAssembly.Module): Promise<unknown> {
  const { sum } = (await WebAssembly.instantiate(module)).exports as { sum(a: number, b: number): number }
  return sum(2, 3)
}

async function readOnlyFile(cacheFolder: string): Promise<{ path: string; bytes: Buffer; changedMs: number }> {
  const names = await readdir(cacheFolder)
  assert.equal(names.length, 1, `one file, no drafts, but: ${names.join(' ')}`)
  const path = join(cacheFolder, names[0] as string)
  return { path, bytes: await readFile(path), changedMs: (await stat(path)).mtimeMs }
}

test('WK1 WK2 compiles once, then reads; a short or altered file is compiled again, a changed source too', { timeout: 120_000 }, async () => {
  await using folder = await createTempFolder()
  const source = await writeSource(folder, SUM)
  const cacheFolder = folder.join('cache')
  for (const module of await Promise.all([loadKernel(source, { cacheFolder }), loadKernel(source, { cacheFolder })])) assert.equal(await run(module), 7)
  const fresh = await readOnlyFile(cacheFolder)
  assert.match(fresh.path, /sum-[0-9a-f]{32}\.wasm$/)
  assert.ok(WebAssembly.validate(Uint8Array.from(fresh.bytes)), 'the sealed file is a module')
  assert.equal(await run(await loadKernel(source, { cacheFolder })), 7)
  assert.equal((await readOnlyFile(cacheFolder)).changedMs, fresh.changedMs)

  const altered = Buffer.from(fresh.bytes)
  altered[40] = (altered[40] as number) ^ 1
  for (const damaged of [fresh.bytes.subarray(0, 30), altered, Buffer.alloc(0)]) {
    await writeFile(fresh.path, damaged)
    assert.equal(await run(await loadKernel(source, { cacheFolder })), 7)
    assert.deepEqual((await readOnlyFile(cacheFolder)).bytes, fresh.bytes)
  }

  await writeFile(folder.join('twice.as'), 'export function twice(a: i32): i32 { return a * 20 }')
  assert.equal(await run(await loadKernel(source, { cacheFolder })), 43)
  assert.equal((await readdir(cacheFolder)).length, 2)
})

test('WK3 a folder that cannot be written does not matter', { timeout: 60_000 }, async () => {
  await using folder = await createTempFolder()
  const source = await writeSource(folder, SUM)
  assert.equal(await run(await loadKernel(source, { cacheFolder: folder.join('sum.as', 'below') })), 7)
})

test('WK4 what does not compile, or is not there, is an error with the words of the compiler or the system', { timeout: 60_000 }, async () => {
  await using folder = await createTempFolder()
  const source = await writeSource(folder, 'export function broken(): i32 { return missing }')
  await assert.rejects(loadKernel(source, { cacheFolder: folder.join('cache') }), { code: 'KERNEL_NOT_COMPILED', message: /"sum"[^]*Cannot find name 'missing'/ })
  await assert.rejects(loadKernel({ ...source, folder: pathToFileURL(folder.join('nowhere/')) }), { code: 'KERNEL_NOT_COMPILED', message: /ENOENT/ })
})

test('WK5 the event loop turns while a kernel is compiled', { timeout: 60_000 }, async () => {
  await using folder = await createTempFolder()
  const source = await writeSource(folder, SUM)
  let turns = 0
  const turn = setInterval(() => (turns += 1), 5)
  await loadKernel(source, { cacheFolder: folder.join('cache') })
  clearInterval(turn)
  assert.ok(turns >= 10, `only ${turns} turns`)
})
