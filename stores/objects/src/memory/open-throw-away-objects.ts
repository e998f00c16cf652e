// Objects that live as long as this process wants: the file driver in a temporary folder, without waiting for the disk. Real files,
// because engines read and write objects by their paths.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeFileSystem, type FileSystem } from '@rondo/files'
import { openFileObjects } from '../file/file-objects.ts'
import type { Objects } from '../port.ts'

export async function openThrowAwayObjects(): Promise<Objects> {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-objects-'))
  const objects = await openFileObjects(folder, { fileSystem: withoutSync(nodeFileSystem) })
  return {
    ...objects,
    async close() {
      await objects.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function withoutSync(fileSystem: FileSystem): FileSystem {
  return {
    ...fileSystem,
    open: async (path, flags) => ({ ...(await fileSystem.open(path, flags)), dataSync: async () => {} }),
    syncFolder: async () => {},
  }
}
