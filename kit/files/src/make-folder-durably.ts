// Folders that are still there after a loss of power.
import { dirname } from 'node:path'
import type { FileSystem } from './file-system.ts'

/** Makes `path` and its missing parents; each new name is synced in the folder that holds it. */
export async function makeFolderDurably(fileSystem: FileSystem, path: string): Promise<void> {
  const info = await fileSystem.find(path)
  if (info?.kind === 'folder') return
  const parent = dirname(path)
  if (parent !== path) await makeFolderDurably(fileSystem, parent)
  await fileSystem.makeFolder(path)
  await fileSystem.syncFolder(parent)
}
