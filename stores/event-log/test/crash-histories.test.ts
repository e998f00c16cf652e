// Thousands of histories of crashes; the seed of one that does not hold is in what is printed.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { it } from 'node:test'
import { promisify } from 'node:util'

const SEEDS = 2_000

it(`EL14 what was told or read stays through ${SEEDS} histories of kills, losses of power, failing and full disks, with any pieces of what was not synced`, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--stack-trace-limit=20', join(import.meta.dirname, 'crash-histories.ts'), String(SEEDS)])
  assert.equal(stdout, `${SEEDS} histories of 6 lives hold.\n`)
})
