// The failing disk fails as disks do.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createFaultFileSystem, type FaultFileSystem } from './fault-file-system.ts'

async function write(disk: FaultFileSystem, path: string, text: string, isSynced: boolean): Promise<void> {
  const file = await disk.open(path, (await disk.find(path)) ? 'r+' : 'wx+')
  await file.writev([Buffer.from(text)], await file.size())
  if (isSynced) await file.dataSync()
  await file.close()
}

async function read(disk: FaultFileSystem, path: string): Promise<string> {
  const file = await disk.open(path, 'r')
  const bytes = Buffer.alloc(await file.size())
  await file.read(bytes, 0)
  await file.close()
  return bytes.toString()
}

it('a loss of power keeps synced bytes under synced names only', async () => {
  const disk = createFaultFileSystem()
  await disk.makeFolder('/d')
  await disk.syncFolder('/')
  await write(disk, '/d/a', 'synced', true)
  await write(disk, '/d/b', 'no name', true)
  await disk.syncFolder('/d')
  await write(disk, '/d/a', ' and not', false)
  await write(disk, '/d/c', 'never', true)
  await disk.unlink('/d/b')
  assert.equal(await read(disk, '/d/a'), 'synced and not')

  const after = disk.afterPowerLoss()
  assert.deepEqual((await after.readFolder('/d')).map(({ name }) => name).sort(), ['a', 'b'])
  assert.equal(await read(after, '/d/a'), 'synced')
  assert.equal(await read(disk.afterPowerLoss(3), '/d/a'), 'synced an')
  assert.equal(await read(disk.afterProcessKill(), '/d/c'), 'never')
})

it('a name in a folder that was never synced is lost with it', async () => {
  const disk = createFaultFileSystem()
  await disk.makeFolder('/d')
  await write(disk, '/d/a', 'x', true)
  await disk.syncFolder('/d')
  assert.equal(await disk.afterPowerLoss().find('/d/a'), undefined)
})

it('a full disk takes what fits, and works again when there is space', async () => {
  const disk = createFaultFileSystem()
  await write(disk, '/a', '12345', true)
  disk.setCapacityBytes(disk.usedBytes + 3)
  await assert.rejects(write(disk, '/b', 'abcdef', true), { code: 'ENOSPC' })
  assert.equal(await read(disk, '/b'), 'abc')
  await disk.unlink('/a')
  await write(disk, '/b', 'defgh', true)
  await assert.rejects(write(disk, '/b', 'i', true), { code: 'ENOSPC' })
})

it('operations fail, tear, wait and crash on demand', async () => {
  const disk = createFaultFileSystem()
  disk.failNext('writev', 'EIO', 2)
  await assert.rejects(write(disk, '/a', 'hello', true), { code: 'EIO' })
  assert.equal(await read(disk, '/a'), 'he')
  disk.failNext('dataSync', 'EIO')
  await assert.rejects(write(disk, '/a', 'y', true), { code: 'EIO' })

  const held = disk.hold('dataSync')
  let isDone = false
  const writing = write(disk, '/b', 'slow', true).then(() => (isDone = true))
  await held.reached
  assert.equal(isDone, false)
  held.release()
  await writing

  disk.crash()
  await assert.rejects(read(disk, '/b'), { code: 'EIO' })
  assert.equal(disk.calls.get('dataSync'), 2)
})

it('a durable write survives once it resolves, and is torn when the power goes in the middle of it', async () => {
  const open = async (): Promise<FaultFileSystem> => {
    const disk = createFaultFileSystem()
    await write(disk, '/a', 'old ', true)
    await disk.syncFolder('/')
    return disk
  }
  const disk = await open()
  await (await disk.open('/a', 'rd+')).writev([Buffer.from('new '), Buffer.from('text')], 4)
  assert.equal(await read(disk.afterPowerLoss(), '/a'), 'old new text')
  for (const [moment, kept] of [[0, 'old new '], [1, 'old new text']] as const) {
    const crashing = await open()
    const file = await crashing.open('/a', 'rd+')
    crashing.crash(moment)
    await assert.rejects(file.writev([Buffer.from('new '), Buffer.from('text')], 4))
    assert.equal(await read(crashing.afterPowerLoss(), '/a'), 'old ')
    assert.equal(await read(crashing.afterPowerLoss(2), '/a'), 'old ne')
    assert.equal(await read(crashing.afterPowerLoss(99), '/a'), kept)
  }
})
