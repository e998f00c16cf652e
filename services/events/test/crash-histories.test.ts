// A thousand crashes of the room under load; the seed of a history that does not hold is in what is printed.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { it } from 'node:test'
import { promisify } from 'node:util'

const SEEDS = 50

it(`EV20 ${SEEDS} histories of twenty kills and losses of power under load lose nothing answered, deliver nothing twice, and every account agrees`, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'crash-histories.ts'), String(SEEDS)])
  assert.equal(stdout, `${SEEDS} histories of 20 lives hold.\n`)
})
