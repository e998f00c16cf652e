// One process at a time in a folder: a lock file that names its holder; the lock of a dead holder is taken over.
import { join } from 'node:path'
import { findErrno } from './errno.ts'
import type { FileSystem } from './file-system.ts'
import { nodeProcessIdentity, type ProcessIdentity } from './process-identity.ts'

export type FolderLock = { release(): Promise<void> }

export class FolderLockedError extends Error {
  readonly holder: string

  constructor(folder: string, holder: string) {
    super(`The folder "${folder}" is in use by another process (${holder}).`)
    this.name = 'FolderLockedError'
    this.holder = holder
  }
}

/** Throws `FolderLockedError` while a living holder has the folder, this process included. */
export async function acquireFolderLock(fileSystem: FileSystem, folder: string, identity: ProcessIdentity = nodeProcessIdentity): Promise<FolderLock> {
  const path = join(folder, 'lock')
  const claim = `${path}.${identity.token}.${crypto.randomUUID()}`
  await write(fileSystem, claim, identity.token)
  try {
    while (!(await tryLink(fileSystem, claim, path))) {
      const holder = await readHolder(fileSystem, path)
      if (holder === undefined) continue
      if (identity.isAlive(holder)) throw new FolderLockedError(folder, holder)
      await moveAway(fileSystem, folder, path, holder, `${claim}.stale`)
    }
  } finally {
    await fileSystem.unlink(claim)
  }
  return { release: () => fileSystem.unlink(path) }
}

/** Two processes may find the same dead holder: what was moved away is looked at again, and given back when it was a new lock. */
async function moveAway(fileSystem: FileSystem, folder: string, path: string, dead: string, aside: string): Promise<void> {
  try {
    await fileSystem.rename(path, aside)
  } catch (error) {
    if (findErrno(error) === 'ENOENT') return
    throw error
  }
  const moved = await readHolder(fileSystem, aside)
  if (moved !== dead && moved !== undefined) {
    await tryLink(fileSystem, aside, path)
    await fileSystem.unlink(aside)
    throw new FolderLockedError(folder, moved)
  }
  await fileSystem.unlink(aside)
}

async function tryLink(fileSystem: FileSystem, from: string, to: string): Promise<boolean> {
  try {
    await fileSystem.link(from, to)
    return true
  } catch (error) {
    if (findErrno(error) === 'EEXIST') return false
    throw error
  }
}

async function write(fileSystem: FileSystem, path: string, text: string): Promise<void> {
  const file = await fileSystem.open(path, 'wx+')
  try {
    await file.writev([Buffer.from(text)], 0)
  } finally {
    await file.close()
  }
}

async function readHolder(fileSystem: FileSystem, path: string): Promise<string | undefined> {
  try {
    const file = await fileSystem.open(path, 'r')
    try {
      const bytes = Buffer.alloc(await file.size())
      await file.read(bytes, 0)
      return bytes.toString('latin1')
    } finally {
      await file.close()
    }
  } catch (error) {
    if (findErrno(error) === 'ENOENT') return undefined
    throw error
  }
}
