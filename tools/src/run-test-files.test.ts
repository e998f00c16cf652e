// A file of tests that would keep the house waiting is ended, and says why.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { test } from 'node:test'

function runPlanted(name: string): { status: number | null; output: string } {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(import.meta.dirname, '../planted/tests/run.ts'), name], {
    env: { ...env, TEST_FILE_WITHIN_MS: '5000', TEST_CLOSE_WITHIN_MS: '1000' },
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { status, output: `${stdout}${stderr}` }
}

test('TL16 a file that ends is left alone, and one whose test fails fails', () => {
  assert.equal(runPlanted('fine').status, 0)
  assert.equal(runPlanted('wrong').status, 1)
})

test('TL16 a file that leaves something open fails, and names it', () => {
  const { status, output } = runPlanted('open')
  assert.equal(status, 1)
  assert.match(output, /open\.test\.ts did not end within 1 s after its tests; still open: .*Timeout/)
})

test('TL16 a file that spins and hears no signal is killed', () => {
  const { status, output } = runPlanted('spins')
  assert.equal(status, 1)
  assert.match(output, /spins\.test\.ts did not end within 5 s, and was killed/)
})
