// Loading a workspace: every kind of definition, and every mistake by file and line.
import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { experimentsContract } from '@rondo/experiments/contract'
import { createSilentLog } from '@rondo/host'
import { createTempFolder } from '@rondo/testing'
import { createHouseCtx, createPlatform } from '../src/platform.ts'
import { loadWorkspace, toProblems } from '../src/workspace/load-workspace.ts'
import { tryWorkspace } from '../src/workspace/try-workspace.ts'
import { copyMusic, edit, lineOf, MUSIC } from './music-copy.ts'

async function findProblems(path: string): Promise<string[]> {
  const problems = await loadWorkspace(path).then(() => [], toProblems)
  return problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)
}

test('PF4 the example loads, and every kind of definition is in it', async () => {
  const workspace = await loadWorkspace(MUSIC)
  assert.deepEqual([...new Set(workspace.definitions.map(({ definition }) => definition.kind))].sort(), ['endpoint', 'event', 'experiment', 'flag', 'metric', 'pipeline'])
})

test('PF5 what is wrong is named by file and line: shape, double names, names that lead nowhere, broken code', async () => {
  await using music = await copyMusic()
  await edit(join(music.path, 'metrics/listening.ts'), "endpoint: 'user-metrics-daily'", "endpoint: 'user-metrics'")
  await edit(join(music.path, 'experiments/discover-weekly.ts'), "control: 'popularity'", "control: 'nothing'")
  await edit(join(music.path, 'events/discovery.ts'), "version: '1-0-0'", "version: 'one'")
  await writeFile(join(music.path, 'flags/second.ts'), await readFile(join(music.path, 'flags/weekly-shelf.ts'), 'utf8'))
  await writeFile(join(music.path, 'flags/broken.ts'), 'const a = 1\n\nconst b = missing(a)\nexport default b\n')
  const problems = await findProblems(music.path)
  const has = (start: string): void => assert.ok(problems.some((problem) => problem.startsWith(start)), `${start} in\n${problems.join('\n')}`)
  has('flags/broken.ts:3: ReferenceError: missing is not defined')
  has('events/discovery.ts:6: event "search-made": "version"')
  has('flags/weekly-shelf.ts:5: flag "weekly-shelf" is defined twice; first in flags/second.ts:5.')
  has('metrics/listening.ts:7: metric "minutes-listened" names the endpoint "user-metrics", which is not defined.')
  has('experiments/discover-weekly.ts:5: experiment "discover-weekly-vs-popularity" names the variant of flag "weekly-shelf" "nothing"')
})

test('PF92 a file that never returns is named within its limit, whatever holds it up, and what is left open by one that returns holds up nobody', async () => {
  const never: Record<string, [code: string, problem: RegExp]> = {
    loop: ['while (true) {}\nexport default []\n', /^flags\/loop\.ts:1: The file does not return within 0\.5 s\.$/],
    waits: ['await new Promise((resolve) => setTimeout(resolve, 3_600_000))\nexport default []\n', /^flags\/waits\.ts:1: The file does not return within 0\.5 s\.$/],
    forever: ['await new Promise(() => {})\nexport default []\n', /^flags\/forever\.ts:1: The file ends the process, or awaits what never comes\.$/],
    exits: ['process.exit(0)\nexport default []\n', /^flags\/exits\.ts:1: The file ends the process/],
    throws: ["setTimeout(() => { throw new Error('too late') })\nawait new Promise((resolve) => setTimeout(resolve, 3_600_000))\nexport default []\n", /^flags\/throws\.ts:1: Error: too late$/],
    code: ["export default { kind: 'flag', key: 'code', rules: () => [] }\n", /^flags\/code\.ts:1: A definition is data, and this one holds something else/],
  }
  for (const [name, [code, problem]] of Object.entries(never)) {
    await using music = await copyMusic()
    await writeFile(join(music.path, `flags/${name}.ts`), code)
    const problems = await loadWorkspace(music.path, 'rondo.config.ts', name === 'loop' || name === 'waits' ? 500 : 10_000).then(() => [], toProblems)
    assert.match(problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'), problem)
  }
  await using music = await copyMusic()
  await writeFile(join(music.path, 'flags/open.ts'), 'setInterval(() => {}, 1_000)\nexport default []\n')
  assert.deepEqual(await findProblems(music.path), [])
})

test('PF127 what a file left running throws while a later one is read is told of the file that left it, with its line', async () => {
  await using music = await copyMusic()
  await writeFile(join(music.path, 'flags/aaa.ts'), "export default []\nsetTimeout(() => {\n  throw new Error('too late')\n})\n")
  await writeFile(join(music.path, 'flags/bbb.ts'), 'await new Promise((resolve) => setTimeout(resolve, 3_600_000))\nexport default []\n')
  assert.deepEqual(await findProblems(music.path), ['flags/aaa.ts:3: Error: too late'])
})

test('PF92 the configuration is a file like others', async () => {
  await using music = await copyMusic()
  await writeFile(join(music.path, 'rondo.config.ts'), 'for (;;) {}\n')
  await assert.rejects(loadWorkspace(music.path, 'rondo.config.ts', 500), /rondo\.config\.ts:1: The file does not return within 0\.5 s/)
})

test('PF93 what a definition imports is read anew with it', async () => {
  await using music = await copyMusic()
  await writeFile(join(music.path, 'owner.ts'), "export const OWNER = 'squad-data'\n")
  await edit(join(music.path, 'metrics/listening.ts'), "import ", "import { OWNER } from '../owner.ts'\nimport ")
  await edit(join(music.path, 'metrics/listening.ts'), "owner: 'squad-", "owner: OWNER + '' || 'squad-")
  const owners = async (): Promise<string[]> => (await loadWorkspace(music.path)).definitions.flatMap(({ definition }) => (definition.kind === 'metric' ? [definition.owner] : []))
  assert.ok((await owners()).includes('squad-data'))
  await writeFile(join(music.path, 'owner.ts'), "export const OWNER = 'squad-other'\n")
  assert.ok((await owners()).includes('squad-other'))
})

test('PF6 a room’s refusal names the file and the line, and what was in force stays', async () => {
  await using music = await copyMusic()
  await using data = await createTempFolder()
  const good = await loadWorkspace(music.path)
  const platform = await createPlatform({ workspace: good, dataFolder: data.path, log: createSilentLog() })
  try {
    await platform.apply(good)
    await edit(join(music.path, 'pipelines/taste-weekly.ts'), 'sum(plays)', 'sum(plaits)')
    const problems = await platform.apply(await loadWorkspace(music.path)).then(() => [], toProblems)
    assert.equal(problems.length, 1)
    assert.equal(`${problems[0]?.file}:${problems[0]?.line}`, `pipelines/taste-weekly.ts:${await lineOf(join(MUSIC, 'pipelines/taste-weekly.ts'), 'sum(plays)')}`)
    assert.match(problems[0]?.message ?? '', /plaits/)
    await platform.apply(good)
  } finally {
    await platform.close()
  }
})

test('PF100 each fault of a set that is refused has its own file and line, that of the SQL where the planner names one', async () => {
  await using music = await copyMusic()
  await edit(join(music.path, 'pipelines/taste-weekly.ts'), 'sum(plays)', 'sum(plaits)')
  await edit(join(music.path, 'pipelines/listening-daily.ts'), 'from played', 'from playz')
  await edit(join(music.path, 'pipelines/user-metrics-daily.ts'), 'as minutes', 'as minuts')
  const lines = async (file: string, text: string): Promise<string> => `pipelines/${file}.ts:${await lineOf(join(music.path, `pipelines/${file}.ts`), text)}`
  const problems = await tryWorkspace(await loadWorkspace(music.path)).then(() => [], toProblems)
  assert.deepEqual(problems.map(({ file, line, message, help }) => `${file}:${line}: ${message}${help ?? ''}`).sort(), [
    `${await lines('listening-daily', "name: 'build-listening-daily'")}: pipeline "build-listening-daily" does not plan: No dataset is called "playz" here. There are "played", "skipped", "saved", "added".`,
    `${await lines('taste-weekly', 'plaits')}: pipeline "build-taste-weekly" does not plan: Referenced column "plaits" not found in FROM clause! Candidate bindings: "plays", "playlistAdds", "playedMs", "completes", "artistId".`,
    `${await lines('user-metrics-daily', "name: 'build-user")}: pipeline "build-user-metrics-daily" gives column "minuts", which endpoint "user-metrics-daily" does not declare; add it there, with personal.`,
    `${await lines('user-metrics-daily', "name: 'build-user")}: pipeline "build-user-metrics-daily" gives no column "minutes", which endpoint "user-metrics-daily" declares.`,
  ])
})

test('PF101 a draft and the variant that only it named go in one save; what cannot go is named with what and where', async () => {
  await using music = await copyMusic()
  await using data = await createTempFolder()
  const at = (file: string): string => join(music.path, file)
  const flag = (...variants: string[]): Promise<void> =>
    writeFile(at('flags/colours.ts'), `import { defineFlag, Type } from 'rondo'\nexport default defineFlag({ key: 'colours', owner: 'squad-discovery', schema: Type.Object({ c: Type.String({ personal: 'none' }) }), variants: ${JSON.stringify(Object.fromEntries(variants.map((c) => [c, { c }])))}, clients: ['*'], rules: [] })\n`)
  const experiment = (await readFile(at('experiments/discover-weekly.ts'), 'utf8')).replace(/id: '[^']+'/, "id: 'colours-trial'").replace(/flag: '[^']+'/, "flag: 'colours'").replace(/control: '[^']+'/, "control: 'red'").replace(/treatments: \[[^\]]+\]/, "treatments: ['blue']")
  await flag('red', 'blue', 'green')
  await writeFile(at('experiments/colours.ts'), experiment)
  const good = await loadWorkspace(music.path)
  const platform = await createPlatform({ workspace: good, dataFolder: data.path, log: createSilentLog() })
  try {
    await platform.apply(good)
    const experiments = platform.peer(experimentsContract)
    const find = async (): Promise<unknown> => (await experiments.getExperiment({ id: 'colours-trial' }, createHouseCtx())).definition.autoStart
    assert.deepEqual(await find(), { afterDays: 21 })
    await rm(at('experiments/colours.ts'))
    await flag('red', 'green')
    await platform.apply(await loadWorkspace(music.path))
    assert.equal(await find(), false, 'it never begins by itself')

    // A draft whose flag lost the variant by other hands.
    await flag('red', 'blue', 'green')
    await writeFile(at('experiments/colours.ts'), experiment)
    await platform.apply(await loadWorkspace(music.path))
    const { definition } = await experiments.getFlag({ key: 'colours' }, createHouseCtx())
    const { blue: _, ...variants } = definition.variants
    await experiments.putFlag({ key: 'colours', body: { ...definition, variants } }, createHouseCtx())
    await rm(at('experiments/colours.ts'))
    const problems = await platform.apply(await loadWorkspace(music.path)).then(() => [], toProblems)
    assert.deepEqual(problems.map(({ file, line, message }) => `${file}:${line}: ${message}`), ['experiments/colours.ts:1: experiment "colours-trial" is defined no longer, but cannot go: treatments/0: "blue" is no variant of the flag "colours".'])
  } finally {
    await platform.close()
  }
})

test('PF7 a config with an unknown field is refused by name', async () => {
  await using music = await copyMusic()
  await edit(join(music.path, 'rondo.config.ts'), "name: 'Music',", "name: 'Music', stroes: {},")
  assert.match((await findProblems(music.path)).join(), /rondo\.config\.ts:1: .*"stroes"/)
})

test('PF74 an address of the configuration that nothing can be reached at is refused by field and value', async () => {
  await using music = await copyMusic()
  const config = await readFile(join(music.path, 'rondo.config.ts'), 'utf8')
  const tryField = async (field: string): Promise<string> => {
    await writeFile(join(music.path, 'rondo.config.ts'), config.replace("name: 'Music',", `name: 'Music', ${field},`))
    return (await findProblems(music.path)).join()
  }
  for (const address of ['https://rondo.example.com:99999', 'https://rondo example.com', 'rondo.example.com', 'https://rondo.example.com/portal', 'https://me@rondo.example.com']) {
    assert.match(await tryField(`publicUrl: '${address}'`), new RegExp(`rondo\\.config\\.ts:1: .*"publicUrl" is no address.*"${address}"`))
  }
  assert.match(await tryField("peers: { events: '10.0.0.5:7070' }"), /"peers\.events" is no address/)
  assert.equal(await tryField("publicUrl: 'https://rondo.example.com:8443', peers: { events: 'http://[::1]:7070' }"), '')
})

test('PF64 another configuration of the same workspace is taken by name; one that is not there is named', async () => {
  const workspace = await loadWorkspace(MUSIC, 'rondo.distributed.config.ts')
  assert.match(workspace.config.stores?.eventLog ?? '', /^kafka:/)
  assert.equal(workspace.definitions.length, (await loadWorkspace(MUSIC)).definitions.length)
  await assert.rejects(loadWorkspace(MUSIC, 'rondo.none.config.ts'), /holds no rondo\.none\.config\.ts/)
})
