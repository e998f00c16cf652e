// Which files belong to the house: all but what is installed, built, run, or planted on purpose.
import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

const skippedFolders = new Set(['node_modules', '.git', 'dist', 'build', 'coverage', '.rondo', 'data', '.screenshots'])

/** Paths relative to `root`, with forward slashes, sorted. Planted violations are found only when `root` lies inside them. */
export async function findFiles(root: string, accept: (path: string) => boolean): Promise<string[]> {
  const found: string[] = []
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      const name = relative(root, path).split(sep).join('/')
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name) && name !== 'tools/planted') await walk(path)
      } else if (entry.isFile() && accept(name)) found.push(name)
    }
  }
  await walk(root)
  return found.sort()
}
