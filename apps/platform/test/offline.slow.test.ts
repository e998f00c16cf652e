// A data folder without a server: the commands open it themselves and answer the same.
import assert from 'node:assert/strict'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { makeListening, writeListening } from './listening-events.ts'
import { copyMusic } from './music-copy.ts'
import { call, runRondo, startUp } from './running-platform.ts'

type Finding = { check: string; ok: boolean; found: string; fix: string }

async function ask(data: string, ...args: string[]): Promise<{ rows: Record<string, unknown>[] } & Record<string, unknown>> {
  const { code, out, err } = await runRondo([...args, '--json', '--data', data])
  assert.equal(code, 0, `rondo ${args.join(' ')}: ${err}`)
  return JSON.parse(out) as { rows: Record<string, unknown>[] }
}

test('PF29 what a folder holds can be asked with and without a server, and the answers are the same', async () => {
  await using folder = await createTempFolder()
  const data = folder.join('data')
  const file = folder.join('listening.ndjson')
  const listening = makeListening({ seed: 'offline', count: 2000, occurredAtMs: Date.now(), users: 40, tracks: 120 })
  await writeListening(file, listening)
  const questions: [string[], (row: Record<string, unknown>) => unknown][] = [
    [['events', 'types'], (row) => [row['type'], row['version'], row['owner']]],
    [['events', 'counts'], (row) => [row['type'], row['accepted'], row['duplicate'], row['dead']]],
    [['events', 'dead', 'track-played', '--limit', '500'], (row) => [row['id'], row['reason']]],
    [['recommend', 'user-1', '--k', '5'], (row) => [row['position'], row['trackId']]],
    [['flags', 'list'], (row) => [row['key'], row['state']]],
    [['experiments', 'list'], (row) => [row['id'], row['state']]],
    [['keys', 'list'], (row) => [row['id'], row['kind'], row['prefix']]],
    [['catalog', 'search', 'discover'], (row) => row],
  ]
  const askAll = async (): Promise<unknown[]> => {
    const answers: unknown[] = []
    for (const [args, pick] of questions) answers.push([args.join(' '), (await ask(data, ...args)).rows.map(pick)])
    return answers
  }
  let served: unknown[]
  {
    await using platform = await startUp(data)
    const tally = await ask(data, 'import', 'json', file)
    assert.deepEqual([tally['sent'], tally['skipped']], [2000, 0])
    await call(platform.url, 'POST', '/api/events/v1/land')
    served = await askAll()
    assert.equal(await platform.stop(), 0)
  }
  const offline = await askAll()
  assert.deepEqual(offline, served)
  assert.equal((served[3] as [string, unknown[]])[1].length, 5)
  const read = await runRondo(['events', 'read', 'track-saved', '--format', 'csv', '--data', data])
  assert.equal(read.out.trim().split('\n').length - 1, listening.good.get('track-saved')?.size)
  const { rows } = await ask(data, 'sql', 'select count(*) as n from track_saved')
  assert.equal(Number(rows[0]?.['n']), listening.good.get('track-saved')?.size)
  const readout = await ask(data, 'experiments', 'readout', 'discover-weekly-vs-popularity')
  assert.equal(typeof (readout['verdict'] as { sentence: string }).sentence, 'string')
  const noPortal = await runRondo(['keys', 'link', '--data', data])
  assert.equal(noPortal.code, 1)
  assert.match(noPortal.err, /Nothing runs on/)
})

test('PF30 `doctor` finds what is wrong, names what mends it, and exits with 1', async () => {
  await using music = await copyMusic()
  await using folder = await createTempFolder()
  const data = folder.join('data')
  const examine = async (): Promise<{ code: number | null; find: (check: string) => Finding | undefined }> => {
    const { code, out, err } = await runRondo(['doctor', '--json', '--workspace', music.path, '--data', data])
    assert.equal(err, '')
    const { rows } = JSON.parse(out) as { rows: Finding[] }
    return { code, find: (check) => rows.find((row) => row.check === check) }
  }
  const fresh = await examine()
  assert.equal(fresh.code, 0)
  assert.match(fresh.find('data')?.found ?? '', /first start/)
  {
    await using platform = await startUp(data, ['--workspace', music.path])
    assert.match((await examine()).find('server')?.found ?? '', new RegExp(`${platform.pid} at http.*ready`))
    await platform.kill()
  }
  const killed = await examine()
  assert.deepEqual([killed.code, killed.find('server')?.found], [0, 'nothing runs on this data folder'])
  await writeFile(`${music.path}/flags/broken.ts`, 'export default 1 +\n')
  const broken = await examine()
  assert.equal(broken.code, 1)
  assert.match(broken.find('workspace')?.found ?? '', /^flags\/broken\.ts:/)
  assert.equal(broken.find('workspace')?.fix, 'npx rondo check')
  await mkdir(folder.join('other'))
  await writeFile(folder.join('other/diary.txt'), 'mine')
  const foreign = await runRondo(['doctor', '--json', '--data', folder.join('other')])
  assert.equal(foreign.code, 1)
  assert.match(foreign.out, /not a data folder of Rondo/)
  await writeFile(folder.join('data/rondo-data.json'), '{"version":99}')
  assert.match((await examine()).find('data')?.found ?? '', /newer Rondo/)
})

test('PF53 a command in a copied workspace works on the copy while the original runs', async () => {
  await using music = await copyMusic()
  await using folder = await createTempFolder()
  const copy = folder.join('copy')
  await using platform = await startUp(`${music.path}/.rondo`, ['--workspace', music.path])
  await cp(music.path, copy, { recursive: true })
  const made = await runRondo(['keys', 'create', '--kind', 'write', '--name', 'of the copy', '--workspace', copy])
  assert.equal(made.code, 0, made.err)
  assert.match(made.err, /holds the running\.json of ".*", which process \d+ has open: it is not about this folder and is ignored/)
  const { rows } = await ask(platform.folder, 'keys', 'list')
  assert.deepEqual(rows.filter((row) => row['name'] === 'of the copy'), [])
})

test('PF62 a server that hangs is named instead of waited for', async () => {
  await using folder = await createTempFolder()
  await using platform = await startUp(folder.join('data'))
  process.kill(platform.pid, 'SIGSTOP')
  const [listed, examined] = await Promise.all([runRondo(['events', 'types', '--data', platform.folder]), runRondo(['doctor', '--data', platform.folder])])
  assert.deepEqual([listed.code, examined.code], [1, 1])
  assert.match(listed.err, new RegExp(`Process ${platform.pid} at http.* does not answer[\\s\\S]*kill -9 ${platform.pid}`))
  assert.match(examined.out, new RegExp(`process ${platform.pid} holds the folder and does not answer\\n +kill -9 ${platform.pid}`))
})
