// One holder at a time, whoever died before, and however many come at once.
import assert from 'node:assert/strict'
import { cp, rename } from 'node:fs/promises'
import { it } from 'node:test'
import { createRandom } from '@rondo/random'
import { createFaultFileSystem, createTempFolder } from '@rondo/testing'
import type { FileSystem } from './file-system.ts'
import { acquireFolderLock, FolderLockedError } from './folder-lock.ts'
import { nodeFileSystem } from './node-file-system.ts'

/** Every call takes a random number of turns, so that callers meet in every order. */
function inRandomOrder(fileSystem: FileSystem, seed: string): FileSystem {
  const random = createRandom(seed)
  const pause = async (): Promise<void> => {
    for (let turns = random.int(12); turns > 0; turns -= 1) await Promise.resolve()
  }
  const late =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      await pause()
      return call(...args)
    }
  return { ...fileSystem, open: late(fileSystem.open), link: late(fileSystem.link), rename: late(fileSystem.rename), unlink: late(fileSystem.unlink) }
}

it('of many who find a dead holder, at most one gets the folder; the others are told; nothing is left behind', async () => {
  for (let seed = 0; seed < 400; seed += 1) {
    const disk = createFaultFileSystem()
    const dead = { token: 'dead', isAlive: () => false }
    await acquireFolderLock(disk, '/', dead)
    const shaken = inRandomOrder(disk, String(seed))
    let holders = 0
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, async (_, index) => {
        const lock = await acquireFolderLock(shaken, '/', { token: `p${index}`, isAlive: (token) => token !== 'dead' })
        holders += 1
        assert.equal(holders, 1, `two holders with seed ${seed}`)
        return lock
      }),
    )
    assert.ok(holders === 1, `${holders} holders with seed ${seed}`)
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') await outcome.value.release()
      else assert.ok(outcome.reason instanceof FolderLockedError, String(outcome.reason))
    }
    assert.deepEqual(await disk.readFolder('/'), [])
  }
})

it('who died while replacing a dead holder is replaced too', async () => {
  for (let operation = 0; operation < 25; operation += 1) {
    const disk = createFaultFileSystem()
    await acquireFolderLock(disk, '/', { token: 'dead', isAlive: () => false })
    disk.crash(operation)
    await acquireFolderLock(disk, '/', { token: 'dead-too', isAlive: () => false }).catch(() => undefined)
    disk.crash()
    const after = disk.afterProcessKill()
    const lock = await acquireFolderLock(after, '/', { token: 'p1', isAlive: (token) => token === 'p1' })
    await assert.rejects(acquireFolderLock(after, '/', { token: 'p2', isAlive: (token) => token === 'p1' }), FolderLockedError)
    await lock.release()
  }
})

it('a copy of a folder is free while its original is held, and a folder that was moved is still held', async () => {
  await using temp = await createTempFolder()
  const [original, copy, moved] = [temp.join('original'), temp.join('a copy'), temp.join('moved')]
  await nodeFileSystem.makeFolder(original)
  await acquireFolderLock(nodeFileSystem, original)
  await cp(original, copy, { recursive: true, preserveTimestamps: true })
  const lock = await acquireFolderLock(nodeFileSystem, copy)
  await assert.rejects(acquireFolderLock(nodeFileSystem, copy), FolderLockedError)
  await assert.rejects(acquireFolderLock(nodeFileSystem, original), FolderLockedError)
  await lock.release()
  assert.deepEqual(await nodeFileSystem.readFolder(copy), [])
  await rename(original, moved)
  await assert.rejects(acquireFolderLock(nodeFileSystem, moved), FolderLockedError)
})
