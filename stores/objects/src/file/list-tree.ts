// Keys of a folder tree in the order of their characters, from any key on.
import { join } from 'node:path'
import { findErrno, type FileSystem, type FolderEntry } from '@rondo/files'

/** Keys that begin with `prefix` and come after `after`. The caller stops when it has enough. */
export async function* listTree(fileSystem: FileSystem, root: string, prefix: string, after: string): AsyncGenerator<string> {
  yield* walk(fileSystem, root, prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix, after)
}

/** `at` is the key's beginning that the folder stands for: '' or ending with "/". */
async function* walk(fileSystem: FileSystem, root: string, at: string, prefix: string, after: string): AsyncGenerator<string> {
  const names = (await readFolder(fileSystem, join(root, at)))
    .filter(({ name }) => !name.startsWith('.rondo-'))
    // A folder's keys go on with "/", which sorts after "-" and "." of its neighbours.
    .map(({ name, kind }) => (kind === 'folder' ? `${name}/` : name))
    .sort((a, b) => (a < b ? -1 : 1))
  for (const name of names) {
    const key = at + name
    if (name.endsWith('/')) {
      const canMatch = key.startsWith(prefix) || prefix.startsWith(key)
      const isBehind = key < after && !after.startsWith(key)
      if (canMatch && !isBehind) yield* walk(fileSystem, root, key, prefix, after)
    } else if (key.startsWith(prefix) && key > after) yield key
  }
}

async function readFolder(fileSystem: FileSystem, path: string): Promise<FolderEntry[]> {
  try {
    return await fileSystem.readFolder(path)
  } catch (error) {
    const code = findErrno(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}
