// Every checker is shown a planted violation: a tool that sees nothing looks exactly like one that finds nothing.
import assert from 'node:assert/strict'
import { cp } from 'node:fs/promises'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { checkCatalog } from './check-catalog.ts'
import { checkSpecs } from './check-specs.ts'
import { runTool } from './run-command.ts'

const root = resolve(import.meta.dirname, '../../..')
const planted = (name: string): string => resolve(root, 'tools/planted', name)

test('TL4 types: a planted wrong type is caught', async () => {
  const { ok, output } = await runTool(root, 'tsc', ['--noEmit', '-p', planted('types')])
  assert.equal(ok, false)
  assert.match(output, /wrong-type\.ts\(2,14\): error TS2322/)
})

test('TL5 lint: planted promises and an any are caught by the settings of the house', async () => {
  await using folder = await createTempFolder()
  await cp(planted('lint'), folder.path, { recursive: true })
  const { ok, output } = await runTool(root, 'oxlint', ['--type-aware', '--format', 'unix', '-c', resolve(root, '.oxlintrc.json'), folder.path])
  assert.equal(ok, false)
  for (const rule of ['no-explicit-any', 'no-floating-promises', 'no-misused-promises']) assert.match(output, new RegExp(rule))
})

test('TL6 dead code: a planted file, export and dependency are caught', async () => {
  const { ok, output } = await runTool(root, 'knip', ['--no-progress', '--no-config-hints', '--directory', planted('dead-code')])
  assert.equal(ok, false)
  for (const dead of [/never-imported\.ts/, /neverUsed/, /yaml/]) assert.match(output, dead)
})

test('TL7 catalog: a planted bad name, unsafe link, unknown owner and undescribed package are caught', async () => {
  const rules = (await checkCatalog(planted('catalog'))).map((violation) => violation.rule)
  assert.deepEqual(rules, ['NAME_INVALID', 'LINK_UNSAFE', 'owner-known', 'described'])
})

test('TL13 specs: a planted rule without a test, one that stands twice, an unknown one and a test of none are caught', async () => {
  const found = (await checkSpecs(planted('specs'))).map(({ file, line, rule }) => `${file}:${line} ${rule}`)
  assert.deepEqual(found, ['second/SPEC.md:3 rule-once', 'first/src/rules.test.ts:5 rule-known', 'first/src/rules.test.ts:6 title-names-rule', 'first/SPEC.md:4 rule-tested'])
})
