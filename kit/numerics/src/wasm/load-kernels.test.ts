// Compiling and caching of the kernels.
import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { compileKernels } from './compile-kernels.ts'
import { loadKernels } from './load-kernels.ts'

const cacheFolder = await mkdtemp(join(tmpdir(), 'rondo-kernels-'))
after(() => rm(cacheFolder, { recursive: true }))

async function readOnlyFile(): Promise<{ path: string; bytes: Buffer; changedMs: number }> {
  const names = await readdir(cacheFolder)
  assert.equal(names.length, 1, `one file, no drafts, but: ${names.join(' ')}`)
  const path = join(cacheFolder, names[0]!)
  return { path, bytes: await readFile(path), changedMs: (await stat(path)).mtimeMs }
}

test('NUM13 compiles once, then reads; a short or altered file is compiled again', async () => {
  await Promise.all([loadKernels({ build: 'plain', cacheFolder }), loadKernels({ build: 'plain', cacheFolder })])
  const fresh = await readOnlyFile()
  assert.match(fresh.path, /plain-[0-9a-f]{32}\.wasm$/)
  assert.ok(WebAssembly.validate(fresh.bytes), 'the sealed file is a module')
  await loadKernels({ build: 'plain', cacheFolder })
  assert.equal((await readOnlyFile()).changedMs, fresh.changedMs)

  const altered = Buffer.from(fresh.bytes)
  altered[1000] = altered[1000]! ^ 1
  for (const damaged of [fresh.bytes.subarray(0, 5000), altered]) {
    await writeFile(fresh.path, damaged)
    await loadKernels({ build: 'plain', cacheFolder })
    assert.deepEqual((await readOnlyFile()).bytes, fresh.bytes)
  }
})

test('NUM13 a folder that cannot be written does not matter', async () => {
  const file = join(cacheFolder, 'a-file')
  await writeFile(file, '')
  await loadKernels({ build: 'plain', cacheFolder: join(file, 'below') })
  await rm(file)
})

test('NUM14 kernels that do not compile are an error with the words of the compiler', async () => {
  const broken = { 'index.ts': 'export function broken(): i32 { return missing }' }
  await assert.rejects(compileKernels('plain', broken), { code: 'NUMERICS_KERNELS_NOT_COMPILED', message: /Cannot find name 'missing'/ })
})
