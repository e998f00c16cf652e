// The `rondo` command as a person meets it: exit codes, help, refusals.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { CHECKOUT } from '../src/cli/place.ts'
import { copyMusic } from './music-copy.ts'
import { runRondo, startUp } from './running-platform.ts'

type Ended = { code: number | null; out: string; err: string }

function rondo(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(CHECKOUT, 'apps/platform/bin/rondo.ts'), ...args], { cwd: CHECKOUT })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

test('PF10 wrong use exits with 2 and says how it is right; what is not there yet says so and exits with 1', async () => {
  const wrong = await rondo('sing')
  assert.deepEqual([wrong.code, wrong.out], [2, ''])
  assert.match(wrong.err, /"sing" is no command/)
  assert.equal((await rondo('events')).code, 2)
  assert.equal((await rondo('up', '--port', 'many')).code, 2)
  assert.equal((await rondo('up', '--colour')).code, 2)
  for (const args of [['events', 'types', 'one', 'more'], ['check', 'a', 'b'], ['sql', 'select', '1'], ['recommend', 'ada', '--k', '0'], ['doctor', 'more']]) {
    const { code, err } = await rondo(...args)
    assert.deepEqual([code, /too many|at least 1/.test(err)], [2, true], args.join(' '))
  }
  assert.match((await rondo('up', '--port', '-1')).err, /^--port needs a value, and what follows looks like another option\.$/m)
  const later = await rondo('fleet', 'status')
  assert.equal(later.code, 1)
  assert.match(later.err, /not there yet/)
  assert.match((await rondo('experiments', 'analyse', '--stdin')).err, /not there yet/)
  assert.doesNotMatch((await rondo('--help')).out, /fleet/)
})

test('PF57 what is wrong is told before anything is opened or made, with what there is and what was nearly meant', async () => {
  await using folder = await createTempFolder()
  const data = folder.join('never-made')
  const wrong: [string[], RegExp][] = [
    [['serve', 'events', 'nonsense'], /There is no room "nonsense"; there are events, pipelines, recommendations, experiments, catalog\./],
    [['up', '--only', 'nonsense'], /There is no room "nonsense"/],
    [['up', '--seed', 'x'], /--seed takes a whole number/],
    [['upp'], /"upp" is no command\. Did you mean up\?/],
    [['flags'], /Which verb of flags\? There are list, show, set, resolve\./],
    [['flags', 'lst'], /"lst" is no verb of flags; there are list, show, set, resolve\. Did you mean list\?/],
    [['experiments', 'show'], /ID is missing/],
    [['events', 'seek', 'track-played', 'mine'], /^TO is missing: rondo events seek TYPE READER start\|end\|CURSOR\|TIME$/m],
    [['keys', 'create', '--kind', 'nope'], /--kind takes admin/],
    [['sql', ' '], /SELECT is missing/],
    [['evaluate', 'nope'], /There is no table "nope"; there are hetrec/],
    [['recommend', '2', '--k', 'x'], /--k takes a whole number/],
    [['events', 'tail', 'track-played', '--limit', '0'], /--limit is at least 1/],
  ]
  for (const [args, text] of wrong) {
    const { code, err } = await rondo(...args, '--data', data)
    assert.equal(code, 2, `${args.join(' ')}: ${err}`)
    assert.match(err, text)
  }
  assert.deepEqual(await readdir(folder.path), [])
})

test('PF58 what is not there is named with what there is, without a server too', async () => {
  await using folder = await createTempFolder()
  await writeFile(folder.join('empty.yaml'), '')
  await writeFile(folder.join('null.json'), 'null')
  const data = folder.join('data')
  await mkdir(data)
  const failing: [string[], number, RegExp][] = [
    [['sql', 'select * from track_playd'], 1, /No dataset is called "track_playd"\.\n {2}There are, the closest first: track-played, /],
    [['sql', 'select * from nothere'], 1, /No dataset is called "nothere"[\s\S]*user-metrics-daily/],
    [['recommend', '2', '--k', '100000'], 2, /^--k is at most 500\./],
    [['keys', 'create', '--kind', 'write', '--name', 'a/b'], 2, /^--name must match/],
    [['flags', 'show', 'nope'], 1, /No flag is called "nope"\.\n {2}List them: npx rondo flags list/],
    [['flags', 'resolve', 'nope', '--unit', 'u'], 1, /No flag is called "nope"/],
    [['flags', 'set', folder.join('null.json')], 1, /it holds no flag/],
    [['flags', 'set', folder.join('none.json')], 1, /none\.json" cannot be read: there is no such file/],
    [['events', 'tail', 'nope'], 1, /^No event type is called "nope"\.\n {2}List them: npx rondo events types/],
    [['events', 'types', 'track-playd'], 1, /^No event type is called "track-playd"\. Did you mean track-played\?/],
    [['events', 'readers', 'track-playd'], 1, /Did you mean track-played\?/],
    [['events', 'counts', '--hourly', 'track-playd'], 1, /Did you mean track-played\?/],
    [['catalog', 'show', 'squad-event'], 1, /Nothing in the catalog is called "squad-event"\.\n {2}Did you mean "group:default\/squad-events"\?/],
    [['catalog', 'show', 'nope'], 1, /Nothing in the catalog is called "nope"/],
    [['catalog', 'lint', folder.path], 1, /cannot be read: it is a folder/],
    [['keys', 'link'], 1, /Nothing runs on/],
  ]
  for (const [args, code, text] of failing) {
    const ended = await rondo(...args, '--data', data)
    assert.equal(ended.code, code, `${args.join(' ')}: ${ended.err}`)
    assert.match(ended.err, text)
  }
  const lint = await rondo('catalog', 'lint', folder.join('empty.yaml'))
  assert.deepEqual([lint.code, /empty\.yaml:1:1: error: There is no entity in this file/.test(lint.out)], [1, true])
  const file = await rondo('events', 'types', '--data', folder.join('null.json'))
  assert.deepEqual([file.code, /cannot be opened: it is a file/.test(file.err)], [1, true])
  assert.equal((await rondo('help', 'sql')).out, (await rondo('sql', '--help')).out)
})

test('PF128 a data folder that is named and not there is made by no command that only looks', async () => {
  await using folder = await createTempFolder()
  await mkdir(folder.join('my-data'))
  for (const args of [['events', 'types'], ['events', 'erase', 'u1', '--yes'], ['keys', 'list'], ['sql', 'select 1'], ['flags', 'list'], ['experiments', 'list'], ['catalog', 'search', 'x'], ['recommend', '2']]) {
    const { code, err } = await rondo(...args, '--data', folder.join('my-dta'))
    assert.deepEqual([code, /There is no data folder ".*my-dta"\. Did you mean my-data\?\n {2}`rondo up --data DIR` makes a new one/.test(err)], [1, true], `${args.join(' ')}: ${err}`)
  }
  assert.deepEqual(await readdir(folder.path), ['my-data'])
  assert.equal((await rondo('keys', 'create', '--kind', 'write', '--data', folder.join('made'))).code, 0)
})

test('PF129 an erasure that nobody can be asked about says how to go on, and touches nothing', async () => {
  await using folder = await createTempFolder()
  for (const args of [[], ['--json'], ['--audit']]) {
    const { code, err } = await rondo('events', 'erase', 'ada', ...args, '--data', folder.path)
    assert.deepEqual([code, /say --yes to erase .*ada.*, or --dry-run/.test(err)], [2, true], err)
  }
  assert.deepEqual(await readdir(folder.path), [])
  const dry = await rondo('events', 'erase', 'ada', '--dry-run', '--data', folder.path)
  assert.deepEqual([dry.code, /There is no key of "ada" to destroy/.test(dry.out)], [0, true], dry.err)
  const done = await rondo('events', 'erase', 'ada', '--yes', '--json', '--data', folder.path)
  assert.equal((JSON.parse(done.out) as { keys: number }).keys, 0)
})

test('PF11 every command has help with an example, and errors are one JSON object with --json', async () => {
  for (const word of ['up', 'serve', 'check', 'import', 'events', 'sql', 'recommend', 'evaluate', 'flags', 'experiments', 'catalog', 'keys', 'doctor']) {
    const help = await rondo(word, '--help')
    assert.equal(help.code, 0, word)
    assert.match(help.out, /Example: rondo /, word)
  }
  const failed = await rondo('check', '/nowhere', '--json')
  assert.equal(failed.code, 1)
  const error = JSON.parse((await rondo('import', 'hetrec', '/nowhere', '--json')).err) as { code: string; message: string }
  assert.equal(error.code, 'UNREADABLE')
  assert.match(error.message, /artists\.dat/)
})

test('PF12 a taken port and a newer data folder stop `up` with the fix', async () => {
  await using data = await createTempFolder()
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const taken = await rondo('up', '--world', 'off', '--data', join(data.path, 'a'), '--port', String(port))
  other.close()
  assert.equal(taken.code, 1)
  assert.doesNotMatch(taken.err, /admin token/, 'no keys are made for a start that cannot be')
  assert.match(taken.err, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken[\\s\\S]*--port ${port + 1}`))
  await writeFile(join(data.path, 'rondo-data.json'), '{"version":99}')
  const newer = await rondo('up', '--world', 'off', '--data', data.path)
  assert.equal(newer.code, 1)
  assert.match(newer.err, /newer Rondo \(data version 99/)
})

test('PF95 a port that another Rondo has is found before keys are made, and that one is named', async () => {
  await using data = await createTempFolder()
  await using first = await startUp(data.join('first'))
  for (const args of [['up', '--world', 'off'], ['serve', 'catalog']]) {
    const second = await rondo(...args, '--data', data.join('second'), '--port', new URL(first.url).port)
    assert.equal(second.code, 1)
    assert.match(second.err, new RegExp(`is taken by another Rondo: "Music" in .*examples/music \\(process ${first.pid}\\)\\.[\\s\\S]*Open it at ${first.url}`))
    assert.doesNotMatch(second.err, /admin token/)
  }
})

test('PF96 a server bound to all addresses gives links that lead to it', async () => {
  await using data = await createTempFolder()
  await using open = await startUp(data.path, ['--host', '0.0.0.0'])
  const link = /https?:\S+\/sign-in\?link=\S+/.exec(await open.hasSaid(/Open /))?.[0] ?? ''
  assert.doesNotMatch(open.said(), /0\.0\.0\.0/)
  assert.equal((await fetch(link, { redirect: 'manual' })).status, 303)
  const made = await rondo('keys', 'link', '--data', data.path)
  assert.equal(new URL(made.out.trim()).host, new URL(link).host, made.out)
})

test('PF102 PF103 types, descriptor files and experiments are told in words to people, and as data to programs', async () => {
  await using music = await copyMusic()
  const at = (...args: string[]): ReturnType<typeof rondo> => rondo(...args, '--workspace', music.path)
  const types = await at('events', 'types')
  assert.match(types.out, /^type +version +owner +slo +retention +personal +ratePerHour +lastEventAt +state\n/)
  assert.match(types.out, /search-made +1-0-0 +squad-world +bronze +90d +query \(narrow\) +0 +— +waiting/)
  const one = await at('events', 'types', 'search-made')
  assert.match(one.out, /^search-made 1-0-0: A listener searched\.\n {2}owner squad-world, bronze, kept 90d/)
  assert.match(one.out, /query +string +yes +narrow +maxLength 200\n[\s\S]*1-0-0 +\S+ +squad-world +the first\n/)
  const { type, history } = JSON.parse((await at('events', 'types', 'search-made', '--json')).out) as { type: string; history: { version: string }[] }
  assert.deepEqual([type, history.map(({ version }) => version)], ['search-made', ['1-0-0']])

  assert.match((await at('catalog', 'lint')).out, /^4 files, all right\.\n$/)
  await writeFile(join(music.path, 'org/empty.yaml'), '')
  const lint = await at('catalog', 'lint')
  assert.deepEqual([lint.code, /org\/empty\.yaml:1:1: error: There is no entity in this file/.test(lint.out)], [1, true])

  const id = 'discover-weekly-vs-popularity'
  const started = await at('experiments', 'start', id)
  assert.match(started.out, new RegExp(`^${id} is running\\.\\n[\\s\\S]*weekly-shelf: popularity against discover-weekly[\\s\\S]*npx rondo experiments readout ${id}`))
  assert.equal((JSON.parse((await at('experiments', 'show', id, '--json')).out) as { state: string }).state, 'running')
})

test('PF83 a house of several processes without the token that they call each other with is told so before it opens anything', async () => {
  await using folder = await createTempFolder()
  const ended = await runRondo(['serve', '--config', 'rondo.distributed.config.ts', '--data', folder.join('data')], { env: { RONDO_ADMIN_TOKEN: '' } })
  assert.equal(ended.code, 1)
  assert.match(ended.err, /no token to call it with[\s\S]*RONDO_ADMIN_TOKEN/)
  assert.deepEqual(await readdir(folder.path), [])
})

test('PF132 a command that finds no server on the folder nobody named says that it uses the folder itself', async () => {
  await using music = await copyMusic()
  const workspace = music.path
  const told = await rondo('events', 'quotas', '--workspace', workspace)
  assert.equal(told.code, 0, told.err)
  assert.match(told.err, /No server has ".*\/\.rondo" open, so the folder itself is used\..*give the same --data here\./)
  const named = await rondo('events', 'quotas', '--workspace', workspace, '--data', join(workspace, '.rondo'))
  assert.doesNotMatch(named.err, /No server/)
})
