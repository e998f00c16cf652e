// Who may open a data folder: version, owner, one process, and starts that were cut off.
import assert from 'node:assert/strict'
import { cp, realpath, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { findCopiedFrom, findRunning, openDataFolder } from '../src/data-folder.ts'

test('PF8 a data folder of a newer version, or of another program, is refused and left alone', async () => {
  await using newer = await createTempFolder()
  await writeFile(join(newer.path, 'rondo-data.json'), '{"version":2}')
  await assert.rejects(openDataFolder(newer.path), { code: 'NEWER_DATA' })
  await using foreign = await createTempFolder()
  await writeFile(join(foreign.path, 'diary.txt'), 'mine')
  await assert.rejects(openDataFolder(foreign.path), { code: 'NOT_A_DATA_FOLDER', message: /diary\.txt/ })
  await using torn = await createTempFolder()
  await writeFile(join(torn.path, 'rondo-data.json'), '{"ver')
  await assert.rejects(openDataFolder(torn.path), { code: 'NOT_A_DATA_FOLDER' })
})

test('PF9 one process a folder: a living one is named, a dead one is taken over even when its number lives again', async () => {
  await using folder = await createTempFolder()
  const first = await openDataFolder(folder.path)
  await first.announce('http://127.0.0.1:7070')
  assert.equal((await findRunning(folder.path))?.url, 'http://127.0.0.1:7070')
  await assert.rejects(openDataFolder(folder.path), { code: 'DATA_IN_USE', message: new RegExp(`${process.pid} at http://127\\.0\\.0\\.1:7070`) })
  await first.close()
  assert.equal(await findRunning(folder.path), undefined)
  // Killed, and its number now belongs to somebody who never opened this folder.
  const dead = `p${process.ppid}.1.an-earlier-start-of-the-machine`
  await writeFile(join(folder.path, 'lock'), `${dead} 1`)
  await writeFile(join(folder.path, 'running.json'), JSON.stringify({ pid: process.ppid, url: 'http://127.0.0.1:1', token: 'x', holder: dead, folder: folder.path }))
  assert.equal(await findRunning(folder.path), undefined)
  const second = await openDataFolder(folder.path)
  await second.close()
})

test('PF13 a start that was killed at any file of the folder is no stranger to the next', async () => {
  for (const left of ['running.json', 'running.json.71.tmp', 'rondo-data.json.new', `lock.p${2 ** 22 + 1}.2.a.b`]) {
    await using folder = await createTempFolder()
    await writeFile(join(folder.path, left), '')
    const opened = await openDataFolder(folder.path)
    await opened.close()
  }
})

test('PF53 a copy of a folder that is open is not taken for the original, which is named, and can be opened beside it', async () => {
  await using folder = await createTempFolder()
  const [original, copy, link] = [folder.join('original'), folder.join('copy'), folder.join('link')]
  const first = await openDataFolder(original)
  await first.announce('http://127.0.0.1:7070')
  await cp(original, copy, { recursive: true })
  await symlink(original, link)
  assert.equal((await findRunning(link))?.url, 'http://127.0.0.1:7070', 'another name of the same folder')
  assert.equal(await findRunning(copy), undefined)
  assert.match((await findCopiedFrom(copy)) ?? '', new RegExp(`running\\.json of "${await realpath(original)}", which process ${process.pid} has open: .* ignored`))
  const second = await openDataFolder(copy)
  assert.equal(await findCopiedFrom(copy), undefined)
  assert.equal((await findRunning(original))?.url, 'http://127.0.0.1:7070')
  await second.close()
  await first.close()
})
