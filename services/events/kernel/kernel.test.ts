// The compiled kernel in the repository is what its source compiles to.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { COMPILED, compileKernel } from './compile.ts'

test('EV9 plain-scan.wasm is up to date', { timeout: 60_000 }, async () => {
  assert.ok(Buffer.compare(await readFile(COMPILED), await compileKernel()) === 0, 'run `node services/events/kernel/compile.ts` after a change of plain-scan.as')
})
