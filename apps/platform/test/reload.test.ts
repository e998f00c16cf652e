// Definitions saved while the house runs: a broken one leaves the last good set.
import assert from 'node:assert/strict'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { experimentsContract } from '@rondo/experiments/contract'
import { createSilentLog } from '@rondo/host'
import { createTempFolder } from '@rondo/testing'
import { createHouseCtx, createPlatform } from '../src/platform.ts'
import { loadWorkspace, toProblems } from '../src/workspace/load-workspace.ts'
import { copyMusic, edit, lineOf, saveFile } from './music-copy.ts'
import { call, KEYS, listRows, runRondo, startUp } from './running-platform.ts'

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
  assert.match((await problems()).join('\n'), new RegExp(`^pipelines/taste-weekly\\.ts:${await lineOf(join(music.path, 'pipelines/taste-weekly.ts'), 'plaits')}: .*plaits`))
  assert.equal(await evaluate(), 'red')
  const event = { id: 'while-broken', type: 'track-saved', userId: 'u', properties: { trackId: 't', artistId: 'a', source: 'radio' } }
  assert.equal((await call(platform.url, 'POST', '/v1/events', { key: KEYS.write, body: [event] })).status, 202)
  await save(RELOADED, () => edit(join(music.path, 'pipelines/taste-weekly.ts'), 'sum(plaits)', 'sum(plays)'))
  assert.deepEqual(await problems(), [])
  assert.equal(await evaluate(), 'blue')
})

const FLAG = (key: string): string =>
  `import { defineFlag, Type } from 'rondo'\n\nexport default defineFlag({\n  key: '${key}', owner: 'squad-discovery', schema: Type.Object({ c: Type.String({ personal: 'none' }) }),\n  variants: { red: { c: 'red' }, blue: { c: 'blue' } }, clients: ['*'], rules: [],\n})\n`
const EXPERIMENT = (id: string, flag: string): string =>
  `import { defineExperiment } from 'rondo'\n\nexport default defineExperiment({\n  id: '${id}', owner: 'squad-discovery', hypothesis: 'Blue is better.', flag: '${flag}', control: 'red', treatments: ['blue'],\n  share: 1, success: ['minutes-listened'], guardrails: [], days: 7, autoStart: { afterDays: 30 },\n})\n`
const EVENT = `import { defineEvent, Type } from 'rondo'\n\nexport default defineEvent({\n  name: 'podcast-rated', version: '1-0-0', owner: 'squad-world', slo: 'bronze', retention: '30d',\n  schema: Type.Object({ stars: Type.Integer({ personal: 'none' }) }),\n})\n`

test('PF59 what is defined no longer goes: experiments stop, flags are archived, event types say so and stay; what others made is left alone', async () => {
  await using music = await copyMusic()
  await using data = await createTempFolder()
  const at = (path: string): string => join(music.path, path)
  await saveFile(at('flags/colours.ts'), FLAG('colours'))
  await saveFile(at('flags/shapes.ts'), FLAG('shapes'))
  await saveFile(at('experiments/colours.ts'), EXPERIMENT('colours-better', 'colours'))
  await saveFile(at('experiments/draft.ts'), EXPERIMENT('waiting-draft', 'shapes'))
  await saveFile(at('events/podcast.ts'), EVENT)
  const api = '/api/experiments/v1'
  const flagStates = async (url: string): Promise<Record<string, unknown>> => Object.fromEntries((await listRows<{ key: string; state: string }>(url, `${api}/flags?archived=true`)).map(({ key, state }) => [key, state]))
  const startHere = () => startUp(data.join('data'), ['--workspace', music.path])
  {
    await using platform = await startHere()
    const own = { key: 'by-hand', owner: 'squad-discovery', schema: { type: 'object', properties: {} }, variants: { a: {} }, clients: ['*'], rules: [] }
    assert.equal((await call(platform.url, 'PUT', `${api}/flags/by-hand`, { body: own })).status, 201)
    assert.equal((await call(platform.url, 'POST', `${api}/experiments/colours-better/start`, { body: {} })).status, 200)
    for (const path of ['experiments/colours.ts', 'flags/colours.ts', 'events/podcast.ts']) {
      const heard = platform.hears(RELOADED)
      await rm(at(path))
      await heard
    }
    assert.deepEqual(await flagStates(platform.url).then(({ colours, shapes, 'by-hand': byHand }) => [colours, shapes, byHand]), ['archived', 'live', 'live'])
    const stopped = (await call(platform.url, 'GET', `${api}/experiments/colours-better`)).json
    assert.deepEqual([stopped['state'], stopped['note']], ['stopped', 'Its definition was removed from the workspace.'])
    assert.match(String((await call(platform.url, 'GET', '/api/events/v1/types/podcast-rated')).json['retiredAt']), /^\d{4}-/)
    const sent = await call(platform.url, 'POST', '/v1/events', { key: KEYS.write, body: [{ id: 'late', type: 'podcast-rated', properties: { stars: 4 } }] })
    assert.deepEqual(sent.json['results'], [{ id: 'late', status: 'accepted' }])
    assert.match((await runRondo(['events', 'types', '--data', platform.folder])).out, /podcast-rated.*no longer defined/)
    assert.equal(await platform.stop(), 0)
  }
  // While nothing runs, too; and what comes back is in force again.
  await rm(at('experiments/draft.ts'))
  await rm(at('flags/shapes.ts'))
  await saveFile(at('flags/colours.ts'), FLAG('colours'))
  await using again = await startHere()
  assert.deepEqual(await flagStates(again.url).then(({ colours, shapes, 'by-hand': byHand }) => [colours, shapes, byHand]), ['live', 'archived', 'live'])
  const draft = (await call(again.url, 'GET', `${api}/experiments/waiting-draft`)).json as { state: string; definition: { autoStart?: unknown } }
  assert.deepEqual([draft.state, draft.definition.autoStart], ['draft', false], 'it never begins by itself')
})

test('PF59 where a flag cannot go, nothing goes: no experiment is stopped for a set that is refused', async () => {
  await using music = await copyMusic()
  await using data = await createTempFolder()
  const at = (path: string): string => join(music.path, path)
  await saveFile(at('flags/colours.ts'), FLAG('colours'))
  await saveFile(at('flags/shapes.ts'), FLAG('shapes'))
  await saveFile(at('experiments/colours.ts'), EXPERIMENT('colours-better', 'colours'))
  const good = await loadWorkspace(music.path)
  const platform = await createPlatform({ workspace: good, dataFolder: data.path, log: createSilentLog() })
  const ctx = createHouseCtx()
  try {
    await platform.apply(good)
    const experiments = platform.peer(experimentsContract)
    await experiments.startExperiment({ id: 'colours-better' }, ctx)
    const { id: _id, ...body } = (await experiments.getExperiment({ id: 'colours-better' }, ctx)).definition
    await experiments.createExperiment({ body: { ...body, id: 'by-hand', flag: 'shapes', autoStart: false } }, ctx)
    await experiments.startExperiment({ id: 'by-hand' }, ctx)
    for (const path of ['flags/colours.ts', 'flags/shapes.ts', 'experiments/colours.ts']) await rm(at(path))
    const next = await loadWorkspace(music.path)
    const problems = await platform.apply(next).then(() => [], toProblems)
    assert.deepEqual(problems.map(({ file, message }) => `${file}: ${message}`), ['flags/shapes.ts: flag "shapes" is defined no longer, but cannot go: The experiment "by-hand" runs on it.'])
    assert.equal((await experiments.getExperiment({ id: 'colours-better' }, ctx)).state, 'running')
    await experiments.stopExperiment({ id: 'by-hand', body: {} }, ctx)
    await platform.apply(next)
    assert.equal((await experiments.getExperiment({ id: 'colours-better' }, ctx)).state, 'stopped')
    assert.deepEqual((await experiments.listFlags({}, ctx)).rows.map(({ key }) => key).filter((key) => key === 'colours' || key === 'shapes'), [])
  } finally {
    await platform.close()
  }
})

test('PF60 what only a house with a past refuses is refused whole, and `rondo check` says so by file and line', async () => {
  await using music = await copyMusic()
  await using data = await createTempFolder()
  const folder = data.join('data')
  await using platform = await startUp(folder, ['--workspace', music.path])
  const check = (): ReturnType<typeof runRondo> => runRondo(['check', music.path, '--data', folder])
  assert.equal((await check()).code, 0)
  const file = join(music.path, 'events/discovery.ts')
  const text = await readFile(file, 'utf8')
  for (const save of [() => saveFile(file, text.replace(/Type\.Integer\(\{/, 'Type.Number({')), () => saveFile(join(music.path, 'flags/colours.ts'), FLAG('colours'))]) {
    const heard = platform.hears(/not reloaded/)
    await save()
    await heard
  }
  const refused = await check()
  assert.equal(refused.code, 1, refused.out)
  assert.match(refused.out, new RegExp(`^events/discovery\\.ts:\\d+: .*version[\\s\\S]*refused by the house at ${platform.url}`))
  const live = await listRows<{ key: string }>(platform.url, '/api/experiments/v1/flags')
  assert.deepEqual(live.filter(({ key }) => key === 'colours'), [], 'the flag beside it waits')
  const mended = platform.hears(RELOADED)
  await saveFile(file, text)
  await mended
  assert.equal((await check()).code, 0)
  assert.ok((await listRows<{ key: string }>(platform.url, '/api/experiments/v1/flags')).some(({ key }) => key === 'colours'))
})

test('PF131 `rondo check` of a workspace that the house never saw names what its registry would refuse, with every change', async () => {
  await using music = await copyMusic()
  await using other = await copyMusic()
  await using data = await createTempFolder()
  const folder = data.join('data')
  await using platform = await startUp(folder, ['--workspace', music.path])
  await edit(join(other.path, 'events/discovery.ts'), 'Type.Integer({', 'Type.String({ maxLength: 9, ')
  const refused = await runRondo(['check', other.path, '--data', folder, '--json'])
  assert.equal(refused.code, 1, refused.out)
  const { problems } = JSON.parse(refused.out) as { problems: (Problem & { help?: string })[] }
  assert.deepEqual(problems.map(({ file }) => file), ['events/discovery.ts'])
  assert.match(problems[0]?.message ?? '', /exists with another schema: type of schema\.\w+ changed from integer to string \(MODEL\); /)
  assert.match(problems[0]?.help ?? '', /version "2-0-0"/)
  assert.equal((await runRondo(['check', music.path, '--data', folder])).code, 0)
  assert.ok(platform.url.startsWith('http'))
})

test('PF60 what was new in a refused set goes again, also when an event type of it was taken and cannot go back', async () => {
  await using music = await copyMusic()
  await using data = await createTempFolder()
  await using platform = await startUp(data.join('data'), ['--workspace', music.path])
  const file = join(music.path, 'events/discovery.ts')
  const text = await readFile(file, 'utf8')
  const flag = FLAG('colours').replace(/^[\s\S]*?export default /, '').trimEnd()
  const refused = platform.hears(/not reloaded/)
  await saveFile(
    file,
    text
      .replace("import { defineEvent, Type }", "import { defineEvent, defineFlag, Type }")
      .replace("name: 'search-made',\n    version: '1-0-0'", "name: 'search-made',\n    version: '1-0-1'")
      .replace("rule: Type.String({ personal: 'none', maxLength: 128 })", "rule: Type.String({ personal: 'none', maxLength: 12 })")
      .replace(/\]\n$/, `  ${flag},\n]\n`),
  )
  await refused
  await platform.hasSaid(/what was in force stays/)
  const version = async (): Promise<unknown> => ((await call(platform.url, 'GET', '/api/events/v1/types/search-made')).json as { version?: string }).version
  assert.equal(await version(), '1-0-1', 'a version that was taken stays')
  const live = await listRows<{ key: string }>(platform.url, '/api/experiments/v1/flags')
  assert.deepEqual(live.filter(({ key }) => key === 'colours'), [])
})
