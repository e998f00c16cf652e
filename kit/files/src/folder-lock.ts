// One process at a time in a folder: a lock file that names its holder and itself; the lock of a dead holder, and one that was copied with its folder, is taken over.
import { join, resolve } from 'node:path'
import { crc32 } from 'node:zlib'
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
  const holder = await acquire(fileSystem, path, identity)
  if (holder !== undefined) throw new FolderLockedError(folder, holder)
  return { release: () => fileSystem.unlink(path) }
}

/** The living holder that is in the way; undefined when the file at `path` is ours now. */
async function acquire(fileSystem: FileSystem, path: string, identity: ProcessIdentity): Promise<string | undefined> {
  const unique = `${identity.token} ${crypto.randomUUID()}`
  const claim = `${path}.${unique.replace(' ', '.')}`
  const content = await writeClaim(fileSystem, claim, unique, path)
  try {
    while (!(await tryLink(fileSystem, claim, path))) {
      const other = await findContent(fileSystem, path)
      if (other === undefined) continue
      const holder = other.split(' ')[0] ?? ''
      if (identity.isAlive(holder) && !(await isCopied(fileSystem, path, other))) return holder
      const rival = await replaceDead(fileSystem, path, other, claim, identity)
      if (rival !== undefined) return rival
      if ((await findContent(fileSystem, path)) === content) return undefined
    }
    return undefined
  } finally {
    await fileSystem.unlink(claim).catch((error: unknown) => {
      if (findErrno(error) !== 'ENOENT') throw error
    })
  }
}

/**
 * Puts `claim` in the place of a dead holder. Many may have found the same one dead, and a new holder must never be replaced: the right to
 * replace exactly this `dead` content is a lock of its own. The living holder of that right is given back; undefined when it was ours.
 */
async function replaceDead(fileSystem: FileSystem, path: string, dead: string, claim: string, identity: ProcessIdentity): Promise<string | undefined> {
  const right = `${path}-of-${crc32(dead).toString(16)}`
  const rival = await acquire(fileSystem, right, identity)
  if (rival !== undefined) return rival
  try {
    if ((await findContent(fileSystem, path)) === dead) await fileSystem.rename(claim, path)
  } finally {
    await fileSystem.unlink(right)
  }
  return undefined
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

/** Writes `unique`, and behind it which file this is and where it will stand. The whole content is given back. */
async function writeClaim(fileSystem: FileSystem, claim: string, unique: string, path: string): Promise<string> {
  const file = await fileSystem.open(claim, 'wx+')
  try {
    const id = (await fileSystem.find(claim))?.id
    const content = id === undefined ? unique : `${unique} ${id} ${encodeURIComponent(resolve(path))}`
    await file.writev([Buffer.from(content)], 0)
    return content
  } finally {
    await file.close()
  }
}

/** Another file in another place than it says: it came with a copy of the folder, and its holder has the original. A folder that was only moved is still held. */
async function isCopied(fileSystem: FileSystem, path: string, content: string): Promise<boolean> {
  const [, , id, place] = content.split(' ')
  if (id === undefined || place === encodeURIComponent(resolve(path))) return false
  const found = await fileSystem.find(path)
  return found?.id !== undefined && found.id !== id
}

async function findContent(fileSystem: FileSystem, path: string): Promise<string | undefined> {
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
