// The building blocks keep what they promise when the power goes, and share what can be shared.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { it } from 'node:test'
import { createFaultFileSystem, createTempFolder } from '@rondo/testing'
import { createFolderSyncs, findFolderOfUrl, makeFolderDurably, nodeFileSystem, nodeProcessIdentity, writeFileDurably } from './index.ts'

it('a file is replaced as a whole at any moment of a crash', async () => {
  for (let operation = 0; ; operation += 1) {
    const disk = createFaultFileSystem()
    await makeFolderDurably(disk, '/a/b')
    await writeFileDurably(disk, '/a/b/c', Buffer.from('old'))
    disk.crash(operation)
    const isDone = await writeFileDurably(disk, '/a/b/c', Buffer.from('new!')).then(
      () => true,
      () => false,
    )
    for (const after of [disk.afterPowerLoss(), disk.afterPowerLoss(2), disk.afterProcessKill()]) {
      const file = await after.open('/a/b/c', 'r')
      const bytes = Buffer.alloc(await file.size())
      await file.read(bytes, 0)
      assert.ok(isDone ? bytes.toString() === 'new!' : ['old', 'new!'].includes(bytes.toString()), `"${bytes.toString()}" after ${operation}`)
      await writeFileDurably(after, '/a/b/c', Buffer.from('again'))
    }
    if (isDone) break
  }
})

it('callers that ask while a folder is synced share the next sync; a failure reaches only those it concerns', async () => {
  const disk = createFaultFileSystem()
  const sync = createFolderSyncs(disk)
  const held = disk.hold('syncFolder')
  const first = sync('/')
  await held.reached
  const rest = [sync('/'), sync('/'), sync('/')]
  held.release()
  await Promise.all([first, ...rest])
  assert.equal(disk.calls.get('syncFolder'), 2)
  disk.failNext('syncFolder', 'EIO')
  const [failed, next] = await Promise.allSettled([sync('/'), sync('/')])
  assert.deepEqual([failed.status, next.status], ['rejected', 'fulfilled'])
})

it('the machine behind the port writes more parts than one call takes, and reads to the end', async () => {
  await using folder = await createTempFolder()
  const path = folder.join('a')
  const file = await nodeFileSystem.open(path, 'wx+')
  const parts = Array.from({ length: 3000 }, (_, index) => Buffer.from(String(index % 10)))
  await file.writev([Buffer.alloc(0), ...parts], 5)
  await file.dataSync()
  assert.equal(await file.size(), 3005)
  const bytes = Buffer.alloc(4000)
  assert.equal(await file.read(bytes, 5), 3000)
  assert.equal(bytes.toString('latin1', 0, 3000), Buffer.concat(parts).toString())
  await file.truncate(7)
  await file.close()
  assert.equal((await readFile(path)).byteLength, 7)
  await assert.rejects(nodeFileSystem.open(path, 'wx+'), { code: 'EEXIST' })
  await assert.rejects(nodeFileSystem.link(path, path), { code: 'EEXIST' })
  assert.equal(await nodeFileSystem.find(folder.join('a', 'b')), undefined)
  assert.equal(await nodeFileSystem.makeFolder(folder.join('d')), true)
  assert.equal(await nodeFileSystem.makeFolder(folder.join('d')), false)
  await nodeFileSystem.syncFolder(folder.path)
})

it('this process is alive; one that began at another time under its number is not', () => {
  const { token } = nodeProcessIdentity
  assert.match(token, /^[A-Za-z0-9.-]+$/)
  assert.equal(nodeProcessIdentity.isAlive(token), true)
  if (token.includes('.')) assert.equal(nodeProcessIdentity.isAlive(`p${process.pid}.1.x`), false)
  for (const dead of ['', 'p', 'p0', 'p-1', 'p999999999']) assert.equal(nodeProcessIdentity.isAlive(dead), false, dead)
})

it('store addresses name folders', () => {
  assert.equal(findFolderOfUrl('file:/var/a b'), '/var/a b')
  assert.equal(findFolderOfUrl('file:///var/a%20b'), '/var/a b')
  assert.equal(findFolderOfUrl('file:./a')?.startsWith('/'), true)
  assert.equal(findFolderOfUrl('file:'), undefined)
  assert.equal(findFolderOfUrl('s3://a'), undefined)
})

it('a file opened for durable writing is read and written as any other; where there is none, that is an error', async () => {
  await using folder = await createTempFolder()
  const made = await nodeFileSystem.open(folder.join('a'), 'wx+')
  await made.writev([Buffer.from('one')], 0)
  await made.close()
  const file = await nodeFileSystem.open(folder.join('a'), 'rd+')
  await file.writev([Buffer.from(' and'), Buffer.from(' two')], 3)
  const bytes = Buffer.alloc(20)
  assert.equal(bytes.toString('utf8', 0, await file.read(bytes, 0)), 'one and two')
  await file.close()
  await assert.rejects(nodeFileSystem.open(folder.join('b'), 'rd+'), { code: 'ENOENT' })
})
