// A small file replaced as a whole: readers and crashes see the old content or the new, never a mixture.
import { dirname } from 'node:path'
import type { FileSystem } from './file-system.ts'

/** Writes beside `path` under the name `path + ".new"`, syncs, renames, syncs the folder. One writer at a time. */
export async function writeFileDurably(fileSystem: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.new`
  if (await fileSystem.find(temporary)) await fileSystem.unlink(temporary)
  const file = await fileSystem.open(temporary, 'wx+')
  try {
    await file.writev([bytes], 0)
    await file.dataSync()
  } finally {
    await file.close()
  }
  await fileSystem.rename(temporary, path)
  await fileSystem.syncFolder(dirname(path))
}
