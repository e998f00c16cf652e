// Where files are written before they become objects: a folder of this process inside the store; folders of dead processes are swept.
import { basename, join } from 'node:path'
import { findErrno, type FileSystem, type ProcessIdentity } from '@rondo/files'

/** No key has a segment with this beginning. */
const FOLDER = '.rondo-staging'

export type Staging = {
  /** A name that nobody uses; it ends like `key`, because engines look at extensions. */
  newPath(key: string): string
  close(): Promise<void>
}

export async function openStaging(fileSystem: FileSystem, root: string, identity: ProcessIdentity): Promise<Staging> {
  const parent = join(root, FOLDER)
  await fileSystem.makeFolder(parent)
  await sweep(fileSystem, parent, identity)
  const own = join(parent, `${identity.token}~${crypto.randomUUID()}`)
  await fileSystem.makeFolder(own)
  let count = 0
  return {
    newPath(key) {
      count += 1
      return join(own, `${count}-${basename(key)}`)
    },
    close: () => removeAll(fileSystem, own),
  }
}

async function sweep(fileSystem: FileSystem, parent: string, identity: ProcessIdentity): Promise<void> {
  for (const { name, kind } of await fileSystem.readFolder(parent)) {
    const owner = name.slice(0, name.indexOf('~'))
    if (kind === 'folder' && !identity.isAlive(owner)) await removeAll(fileSystem, join(parent, name))
  }
}

/** Two processes may sweep at once: what is gone is gone. */
async function removeAll(fileSystem: FileSystem, folder: string): Promise<void> {
  try {
    for (const { name } of await fileSystem.readFolder(folder)) await fileSystem.unlink(join(folder, name)).catch(ignoreMissing)
    await fileSystem.removeFolder(folder)
  } catch (error) {
    ignoreMissing(error)
  }
}

function ignoreMissing(error: unknown): void {
  if (findErrno(error) !== 'ENOENT') throw error
}
