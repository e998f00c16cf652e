// Definitions saved while the house runs: a broken one leaves the last good set.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { copyMusic, edit, lineOf, saveFile } from './music-copy.ts'
import { call, KEYS, startUp } from './running-platform.ts'

const RELOADED = /^ {2}reloaded/

type Problem = { file: string; line: number; message: string }

test('PF27 a broken definition leaves the last good set running and is named by file and line; mended, it is in force', async () => {
  await using music = await copyMusic()
  await using data = await createTempFolder()
  await using platform = await startUp(data.join('data'), ['--workspace', music.path])
  const problems = async (): Promise<string[]> => {
    const { workspace } = (await call(platform.url, 'GET', '/api/platform/v1/info')).json as { workspace: { problems: Problem[] } }
    return workspace.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)
  }
  const evaluate = async (): Promise<unknown> => (await call(platform.url, 'POST', '/ofrep/v1/evaluate/flags/colours', { key: KEYS.client, body: { context: { targetingKey: 'u' } } })).json['variant']
  const save = async (expected: RegExp, work: () => Promise<void>): Promise<void> => {
    const heard = platform.hears(expected)
    await work()
    await heard
  }
  const colours = (variant: string): string =>
    `import { defineFlag, Type } from 'rondo'\n\nexport default defineFlag({\n  key: 'colours', owner: 'squad-discovery', schema: Type.Object({ c: Type.String({ personal: 'none' }) }),\n  variants: { red: { c: 'red' }, blue: { c: 'blue' } }, clients: ['*'], rules: [{ assign: [{ variant: '${variant}', share: 1 }] }],\n})\n`
  assert.deepEqual(await problems(), [])
  await save(RELOADED, () => saveFile(join(music.path, 'flags/colours.ts'), colours('red')))
  assert.equal(await evaluate(), 'red')

  await save(/not reloaded/, () => edit(join(music.path, 'events/discovery.ts'), "version: '1-0-0'", "version: 'one'"))
  assert.match((await problems()).join('\n'), new RegExp(`^events/discovery\\.ts:${await lineOf(join(music.path, 'events/discovery.ts'), 'search-made')}: .*"version"`))
  await save(/not reloaded/, () => saveFile(join(music.path, 'events/discovery.ts'), 'export default [\n  defineEvent(\n'))
  assert.match((await problems()).join('\n'), /^events\/discovery\.ts:\d+: /)
  await using original = await copyMusic()
  await save(RELOADED, async () => saveFile(join(music.path, 'events/discovery.ts'), await readFile(join(original.path, 'events/discovery.ts'), 'utf8')))
  assert.deepEqual(await problems(), [])

  // Refused as a whole: the flag that is right waits for the pipeline that is wrong.
  await save(/not reloaded/, async () => {
    await edit(join(music.path, 'pipelines/taste-weekly.ts'), 'sum(plays)', 'sum(plaits)')
  })
  await save(/not reloaded/, () => saveFile(join(music.path, 'flags/colours.ts'), colours('blue')))
  assert.match((await problems()).join('\n'), new RegExp(`^pipelines/taste-weekly\\.ts:${await lineOf(join(music.path, 'pipelines/taste-weekly.ts'), 'build-taste-weekly')}: .*plaits`))
  assert.equal(await evaluate(), 'red')
  const event = { id: 'while-broken', type: 'track-saved', userId: 'u', properties: { trackId: 't', artistId: 'a', source: 'radio' } }
  assert.equal((await call(platform.url, 'POST', '/v1/events', { key: KEYS.write, body: [event] })).status, 202)
  await save(RELOADED, () => edit(join(music.path, 'pipelines/taste-weekly.ts'), 'sum(plaits)', 'sum(plays)'))
  assert.deepEqual(await problems(), [])
  assert.equal(await evaluate(), 'blue')
})
