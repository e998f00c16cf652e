// Crashes at every disk operation, a full disk, and the leftovers of processes that died.
import assert from 'node:assert/strict'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { it } from 'node:test'
import { createCtx } from '@rondo/context'
import type { AppError } from '@rondo/errors'
import { createFaultFileSystem, createTempFolder, type FaultFileSystem } from '@rondo/testing'
import { openObjects } from '../open.ts'
import type { Objects } from '../port.ts'

const ctx = createCtx()
const identity = { token: 'p1', isAlive: () => false }

const open = (fileSystem: FaultFileSystem): Promise<Objects> => openObjects('file:/store', { fileSystem, identity })

const textOf = async (objects: Objects, key: string): Promise<string> => Buffer.from(await objects.get(key, {}, ctx)).toString()

async function listFiles(disk: FaultFileSystem, folder: string): Promise<string[]> {
  const entries = await disk.readFolder(folder)
  const nested = await Promise.all(entries.map(async ({ name, kind }) => (kind === 'folder' ? listFiles(disk, `${folder}/${name}`) : [`${folder}/${name}`])))
  return nested.flat()
}

/** What callers were told is there; undefined: was told to be gone. */
type Told = Map<string, string | undefined>

async function work(disk: FaultFileSystem, told: Told): Promise<boolean> {
  try {
    const objects = await open(disk)
    const put = async (key: string, text: string, ifAbsent = false): Promise<void> => {
      if (await objects.put(key, Buffer.from(text), { ifAbsent }, ctx)) told.set(key, text)
    }
    await put('a/b/one', 'first')
    await Promise.all([put('a/b/two', 'x'.repeat(50)), put('c/three', 'y'), put('c/four', 'z', true)])
    await put('a/b/one', 'second, and longer')
    await put('c/four', 'too late', true)
    told.delete('c/three')
    await objects.delete('c/three', ctx)
    told.set('c/three', undefined)
    await objects.close()
    return true
  } catch {
    return false
  }
}

it('OB10 an object is whole, old or new, after a crash at any disk operation, and what was told is there', async () => {
  for (let operation = 0; ; operation += 1) {
    const disk = createFaultFileSystem()
    const told: Told = new Map()
    disk.crash(operation)
    const isComplete = await work(disk, told)
    disk.crash()
    for (const machine of [disk.afterPowerLoss(), disk.afterPowerLoss(7), disk.afterProcessKill()]) {
      const objects = await open(machine)
      for (const [key, text] of told) {
        if (text === undefined) assert.equal(await objects.find(key, ctx), undefined, `${key} after ${operation}`)
        else if (key !== 'a/b/one') assert.equal(await textOf(objects, key), text, `${key} after ${operation}`)
      }
      const one = (await objects.find('a/b/one', ctx)) ? await textOf(objects, 'a/b/one') : undefined
      assert.ok(one === told.get('a/b/one') || one === 'second, and longer' || (one === 'first' && !told.has('a/b/one')), `a/b/one is "${one}" after ${operation}`)
      for (const { key } of await objects.list('', {}, ctx)) assert.ok(['first', 'second, and longer', 'x'.repeat(50), 'y', 'z'].includes(await textOf(objects, key)), `${key} is torn after ${operation}`)
      assert.deepEqual((await listFiles(machine, '/store')).filter((path) => path.includes('.rondo-staging')), [], 'leftovers are swept')
    }
    if (isComplete) break
  }
})

it('OB13 a full disk refuses a put, changes nothing, leaves nothing, and takes objects again when there is space', async () => {
  const disk = createFaultFileSystem()
  const objects = await open(disk)
  await objects.put('k', Buffer.from('old'), {}, ctx)
  const { usedBytes } = disk
  for (const freeBytes of [0, 1, 50, 99]) {
    disk.setCapacityBytes(usedBytes + freeBytes)
    for (const ifAbsent of [false, true]) {
      await assert.rejects(objects.put(ifAbsent ? 'new' : 'k', new Uint8Array(100), { ifAbsent }, ctx), (error: AppError) => error.code === 'STORAGE_FULL' && error.kind === 'storage-full')
    }
    assert.equal(disk.usedBytes, usedBytes, 'nothing is left behind')
    assert.equal(await textOf(objects, 'k'), 'old')
  }
  disk.setCapacityBytes(Infinity)
  await objects.put('k', Buffer.from('new'), {}, ctx)
  assert.equal(await textOf(objects, 'k'), 'new')
})

it('OB13 a disk that fails to write or to sync leaves the old object', async () => {
  const disk = createFaultFileSystem()
  const objects = await open(disk)
  await objects.put('k', Buffer.from('old'), {}, ctx)
  for (const operation of ['open', 'writev', 'dataSync', 'rename'] as const) {
    disk.failNext(operation, 'EIO')
    await assert.rejects(objects.put('k', Buffer.from('new'), {}, ctx), { code: 'OBJECTS_IO_FAILED', kind: 'unavailable' })
    assert.equal(await textOf(objects, 'k'), 'old')
  }
})

it('OB14 a bounded number of files is open, and puts into one folder share its syncs', async () => {
  const disk = createFaultFileSystem()
  const objects = await open(disk)
  await objects.put('bulk/first', Buffer.from('x'), {}, ctx)
  const syncsBefore = disk.calls.get('syncFolder') ?? 0
  const slow = disk.hold('syncFolder')
  const puts = Array.from({ length: 200 }, (_, index) => objects.put(`bulk/${index}`, Buffer.from('x'), {}, ctx))
  await slow.reached
  slow.release()
  await Promise.all(puts)
  assert.ok(disk.peakOpenFiles <= 64, `${disk.peakOpenFiles} files were open at once`)
  assert.ok((disk.calls.get('syncFolder') ?? 0) - syncsBefore < 200)
})

it('OB15 files of dead processes are swept at open, those of living ones are not', async () => {
  await using folder = await createTempFolder()
  const url = `file:${folder.path}`
  const first = await openObjects(url)
  const stage = await first.stage('out/part.parquet', ctx)
  await writeFile(stage.path, 'in the making')
  await mkdir(folder.join('.rondo-staging', 'p999999999.1.x~1'))
  await writeFile(folder.join('.rondo-staging', 'p999999999.1.x~1', '1-part.parquet'), 'torn')
  const second = await openObjects(url)
  assert.equal((await readdir(folder.join('.rondo-staging'))).length, 2, 'one folder for each living store')
  await stage.publish()
  assert.equal(await textOf(second, 'out/part.parquet'), 'in the making')
  await Promise.all([first.close(), second.close()])
  assert.deepEqual(await readdir(folder.join('.rondo-staging')), [])
})

it('OB16 on files no key is the folder of another: the second one is refused', async () => {
  await using folder = await createTempFolder()
  const objects = await openObjects(`file:${folder.path}`)
  await objects.put('a/b', Buffer.from('x'), {}, ctx)
  await assert.rejects(objects.put('a', Buffer.from('x'), {}, ctx), { code: 'KEY_BLOCKED', kind: 'conflict' })
  await assert.rejects(objects.put('a/b/c', Buffer.from('x'), {}, ctx), { code: 'KEY_BLOCKED', kind: 'conflict' })
  await assert.rejects(objects.put('.rondo-staging/x', Buffer.from('x'), {}, ctx), { code: 'BAD_KEY' })
  assert.deepEqual((await objects.list('', {}, ctx)).map(({ key }) => key), ['a/b'])
  await objects.close()
})

it('OB17 an address without a driver is refused', async () => {
  for (const url of ['gs://bucket', 'file:', 'memory', '']) await assert.rejects(openObjects(url), { code: 'OBJECTS_URL_UNSUPPORTED', kind: 'invalid' })
})
