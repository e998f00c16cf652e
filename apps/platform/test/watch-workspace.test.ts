// Saved definition files are seen, however an editor saves them.
import assert from 'node:assert/strict'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { watchWorkspace } from '../src/workspace/watch-workspace.ts'

test('PF33 a file that is replaced again and again, one written in place, and one in a new folder are seen each time', { timeout: 20_000 }, async () => {
  await using folder = await createTempFolder()
  await mkdir(folder.join('flags'))
  await writeFile(folder.join('flags/one.ts'), '1')
  let seen: () => void = () => undefined
  const watcher = watchWorkspace(folder.path, folder.join('mine/data'))
  watcher.tell(() => seen())
  const expect = async (what: string, act: () => Promise<void>): Promise<void> => {
    const told = new Promise<string>((resolve) => (seen = () => resolve(what)))
    await act()
    assert.equal(await told, what)
  }
  const replace = async (): Promise<void> => {
    await writeFile(folder.join('flags/.one.tmp'), '2')
    await rename(folder.join('flags/.one.tmp'), folder.join('flags/one.ts'))
  }
  await expect('replaced', replace)
  await expect('written in place', () => writeFile(folder.join('flags/one.ts'), '3'))
  await expect('replaced again', replace)
  await mkdir(folder.join('metrics'))
  await expect('a folder that was not there', async () => {
    while (watcher.watched() < 3) await new Promise((resolve) => setImmediate(resolve))
    await writeFile(folder.join('metrics/two.ts'), '1')
  })
  await mkdir(folder.join('mine/data'), { recursive: true })
  await mkdir(folder.join('events/data'), { recursive: true })
  await expect('a folder called data that holds definitions', async () => {
    while (watcher.watched() < 6) await new Promise((resolve) => setImmediate(resolve))
    await writeFile(folder.join('events/data/three.ts'), '1')
  })
  assert.equal(watcher.watched(), 6, 'all but the data folder itself: the workspace, flags, metrics, mine, events, events/data')
  await expect('a folder that is gone with what was in it', () => rm(folder.join('flags'), { recursive: true }))
  await mkdir(folder.join('.away'))
  await writeFile(folder.join('.away/four.ts'), '1')
  await expect('a folder that came with what is in it', () => rename(folder.join('.away'), folder.join('pipelines')))
  watcher.close()
})

test('PF33 what is saved before anybody listens is told once, when somebody does', { timeout: 20_000 }, async () => {
  await using folder = await createTempFolder()
  using early = watchWorkspace(folder.path, folder.join('data'))
  using other = watchWorkspace(folder.path, folder.join('data'))
  const seen = new Promise<void>((resolve) => other.tell(resolve))
  await writeFile(folder.join('flags.ts'), '1')
  // The one that looked first knows first.
  await seen
  let told = 0
  early.tell(() => (told += 1))
  assert.equal(told, 1)
  early.tell(() => (told += 1))
  assert.equal(told, 1)
})
