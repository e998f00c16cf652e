// Pages tell people what to type; each of these commands must be there.
import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { CHECKOUT } from '../src/cli/place.ts'
import { runRondo } from './running-platform.ts'

const SOURCES = ['services/*/web/*.tsx', 'apps/portal/web/**/*.tsx', 'kit/ui/src/**/*.tsx']

/** "events tail" → where it is told. What stands in `${}` or capitals is the reader's to fill in. */
async function listTold(): Promise<Map<string, string>> {
  const told = new Map<string, string>()
  for await (const path of glob(SOURCES, { cwd: CHECKOUT })) {
    for (const [, words] of (await readFile(join(CHECKOUT, path), 'utf8')).matchAll(/npx rondo ([a-z]+(?: [a-z]+\b)?)/g)) told.set(words ?? '', path)
  }
  return told
}

test('PF46 every command that a page tells people to type exists', async () => {
  const told = await listTold()
  assert.ok(told.size >= 12, `only ${told.size} commands found`)
  const helpOf = new Map(await Promise.all([...new Set([...told.keys()].map((words) => words.split(' ')[0] ?? ''))].map(async (word) => [word, (await runRondo([word, '--help'])).out] as const)))
  const missing = [...told].filter(([words]) => !new RegExp(`^ *rondo ${words}( |$)`, 'm').test(helpOf.get(words.split(' ')[0] ?? '') ?? ''))
  assert.deepEqual(missing, [])
})
