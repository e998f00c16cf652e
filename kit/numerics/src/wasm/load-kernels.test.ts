// The kernels in both builds.
import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { createTempFolder } from '@rondo/testing'
import { loadKernels } from './load-kernels.ts'

test('NUM13 each build is compiled when first used and kept under a name of its own', { timeout: 120_000 }, async () => {
  await using folder = await createTempFolder()
  for (const build of ['plain', 'relaxed', 'plain'] as const) await loadKernels({ build, cacheFolder: folder.path })
  const names = (await readdir(folder.path)).sort()
  assert.equal(names.length, 2)
  assert.match(names.join(' '), /^numerics-plain-[0-9a-f]{32}\.wasm numerics-relaxed-[0-9a-f]{32}\.wasm$/)
})

test('NUM14 kernels that do not compile are an error with the words of the compiler', { timeout: 60_000 }, async () => {
  await using folder = await createTempFolder()
  await writeFile(folder.join('index.ts'), 'export function broken(): i32 { return missing }')
  const options = { build: 'plain', folder: pathToFileURL(`${folder.path}/`), cacheFolder: folder.join('cache') } as const
  await assert.rejects(loadKernels(options), { code: 'NUMERICS_KERNELS_NOT_COMPILED', message: /Cannot find name 'missing'/ })
})
