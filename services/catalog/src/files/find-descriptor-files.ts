// From paths and globs to the descriptor files that are there now.
import { glob, stat } from 'node:fs/promises'
import { resolve } from 'node:path'

const isGlob = (source: string): boolean => /[*?[\]{}]/.test(source)

/** Absolute paths, sorted, each once. A named file that is not there is in the answer too: its absence is a problem worth telling. */
export async function findDescriptorFiles(sources: readonly string[], folder: string): Promise<string[]> {
  const found = new Set<string>()
  for (const source of sources) {
    const path = resolve(folder, source)
    if (isGlob(source)) {
      for await (const file of glob(path, { exclude: (name) => name === 'node_modules' })) found.add(resolve(file))
    } else if ((await stat(path).catch(() => undefined))?.isDirectory() === true) found.add(resolve(path, 'catalog-info.yaml'))
    else found.add(path)
  }
  return [...found].sort()
}
